import { hasPort, isEmptyPorts } from '#lib/model/port-set.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CompiledPolicy, CompiledRule, Direction } from './compiled-policy.ts';
import type { Course } from './course.ts';
import type { Endpoint } from './endpoint.ts';
import type {
  ConsideredItem,
  ConsideredPolicy,
  ConsideredRule,
  Match,
  PortQuery,
} from './explanation.ts';
import { entryPorts, matchPeer, type PortBounds } from './peer-match.ts';
import { destinationOf } from './side.ts';

/** Tests every rule of a policy once more, and writes every test down. */

/** One side of one question. */
export interface Question {
  readonly snapshot: ClusterSnapshot;
  readonly direction: Direction;
  readonly own: Endpoint;
  readonly other: Endpoint;
  readonly port: PortQuery | null;
  /** Whether the connection is let through because it leads back to where it starts (GEN-17). */
  readonly hairpin: 'no' | 'unknown';
}

/** Whether what passes has the port asked for; without one, whether it has any. */
export function matchPorts({ sure, atMost }: PortBounds, port: PortQuery | null): Match {
  const has = (set: PortBounds['sure']) =>
    port === null ? !isEmptyPorts(set) : hasPort(set, port.protocol, port.port);
  return has(sure) ? 'yes' : has(atMost) ? 'unknown' : 'no';
}

function anyOf(items: readonly ConsideredItem[]): Match {
  if (items.some((item) => item.match === 'yes')) return 'yes';
  return items.some((item) => item.match === 'unknown') ? 'unknown' : 'no';
}

function bothOf(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'unknown';
}

function considerRule(question: Question, course: Course, rule: CompiledRule): ConsideredRule {
  const { snapshot, direction, own, other, port } = question;
  const { flags } = snapshot.profile;
  const peers = rule.peers.map(({ path, match }) => ({
    path,
    match: matchPeer(match, other, snapshot).match,
  }));
  const destination = destinationOf(direction, own, other);
  const ports = (rule.ports === 'all' ? [] : rule.ports).map((entry) => ({
    path: entry.path,
    match: matchPorts(entryPorts(entry.match, destination, flags), port),
  }));
  const [peerMatch, portMatch] = [anyOf(peers), rule.ports === 'all' ? 'yes' : anyOf(ports)];
  const match = bothOf(peerMatch, portMatch);
  return {
    index: rule.index,
    path: rule.path,
    action: rule.action,
    reached: match !== 'yes' || course.steps.some((step) => step.rule === rule),
    match,
    peer: peerMatch,
    port: portMatch,
    peers,
    ports,
  };
}

/** A policy with every rule of it tested against one question. */
export function consider(
  question: Question,
  course: Course,
  policy: CompiledPolicy,
): ConsideredPolicy {
  const isolation = policy.isolation[question.direction];
  return {
    policy: policy.ref,
    tier: policy.tier.name,
    priority: policy.priority,
    valid: isolation.isolates !== 'unknown',
    isolatedAt:
      isolation.isolates === 'yes'
        ? { path: isolation.path, defaulted: isolation.defaulted }
        : null,
    rules: policy.rules[question.direction].map((rule) => considerRule(question, course, rule)),
  };
}
