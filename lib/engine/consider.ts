import type { Family } from '#lib/model/ip-address.ts';
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
import { matchPeer } from './peer-match.ts';
import { entryPorts, type PortBounds, rulePorts } from './rule-ports.ts';
import { destinationOf } from './side.ts';
import { bothMatch } from './three-values.ts';
import type { Tier } from './tiers.ts';

/** Tests every rule of a policy once more, and writes every test down. */

/** One side of one question. */
export interface Question {
  readonly snapshot: ClusterSnapshot;
  readonly direction: Direction;
  readonly own: Endpoint;
  readonly other: Endpoint;
  readonly port: PortQuery | null;
  /** Of the connection; null where it makes no difference (GEN-20). */
  readonly family: Family | null;
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

function considerRule(question: Question, course: Course, rule: CompiledRule): ConsideredRule {
  const { snapshot, direction, own, other, port, family } = question;
  const { flags } = snapshot.profile;
  const { conditions = [], qualifiers = [] } = rule;
  const peers = rule.peers.map(({ path, match }) => ({
    path,
    match: matchPeer(match, other, snapshot, own, family).match,
  }));
  const onOwn = (rule.own ?? []).map(({ path, match }) => ({
    path,
    match: matchPeer(match, own, snapshot, own, family).match,
  }));
  const destination = destinationOf(direction, own, other);
  const ports = (rule.ports === 'all' ? [] : rule.ports).map((entry) => ({
    path: entry.path,
    match: matchPorts(entryPorts(entry.match, destination, flags), port),
  }));
  const peerMatch = anyOf(peers);
  const portMatch = matchPorts(rulePorts(rule, destination, flags), port);
  const ends = onOwn.reduce((all, { match }) => bothMatch(all, match), peerMatch);
  const asFarAsKnown = bothMatch(ends, portMatch);
  const match = asFarAsKnown === 'yes' && conditions.length > 0 ? 'unknown' : asFarAsKnown;
  return {
    index: rule.index,
    name: rule.name ?? null,
    path: rule.path,
    action: rule.action,
    reached:
      match !== 'yes' ||
      course.logged.includes(rule) ||
      course.steps.some((step) => step.rule === rule),
    match,
    peer: peerMatch,
    port: portMatch,
    peers,
    own: onOwn,
    ports,
    conditions,
    qualifiers,
  };
}

/**
 * A policy with every rule of it tested against one question. Where it is not known whether it
 * applies, nothing surely comes before any of its rules.
 */
export function consider(
  question: Question,
  course: Course,
  tier: Tier,
  policy: CompiledPolicy,
  applies: 'surely' | 'perhaps',
): ConsideredPolicy {
  const isolation = policy.isolation[question.direction];
  return {
    policy: policy.ref,
    tier: tier.name,
    priority: policy.priority,
    valid: isolation.isolates !== 'unknown',
    isolatedAt:
      isolation.isolates === 'yes'
        ? { path: isolation.path, defaulted: isolation.defaulted }
        : null,
    rules: policy.rules[question.direction].map((rule) => {
      const considered = considerRule(question, course, rule);
      return applies === 'surely' ? considered : { ...considered, reached: true };
    }),
  };
}
