import { hasPort, isEmptyPorts, NO_PORTS } from '#lib/model/port-set.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CompiledPolicy, CompiledRule, Direction } from './compiled-policy.ts';
import { type Connectivity, connectionBounds, sideAt, sideBounds } from './connectivity.ts';
import type { Endpoint } from './endpoint.ts';
import type {
  ConnectionAnswer,
  ConsideredItem,
  ConsideredPolicy,
  ConsideredRule,
  Match,
  NearMiss,
  PortQuery,
  Reason,
  RuleRef,
  SideAnswer,
  UnknownCause,
  Verdict,
} from './explanation.ts';
import {
  EVERYTHING_PASSES,
  entryDoubt,
  entryPorts,
  matchPeer,
  type PortBounds,
  unknownCause,
  unsurePorts,
} from './peer-match.ts';
import { destinationOf, nodeExemption, type Side } from './side.ts';

/** Explanations on demand: the policies of both sides are walked once more, and every test is written down. */

function first<T>(items: readonly T[]): readonly [T, ...T[]] | null {
  const [head, ...tail] = items;
  return head === undefined ? null : [head, ...tail];
}

/** Whether what passes has the port asked for; without one, whether it has any. */
function matchPorts({ sure, atMost }: PortBounds, port: PortQuery | null): Match {
  const has = (set: PortBounds['sure']) =>
    port === null ? !isEmptyPorts(set) : hasPort(set, port.protocol, port.port);
  return has(sure) ? 'yes' : has(atMost) ? 'unknown' : 'no';
}

const VERDICTS: Readonly<Record<Match, Verdict>> = {
  yes: 'allowed',
  no: 'blocked',
  unknown: 'unknown',
};

function anyOf(items: readonly ConsideredItem[]): Match {
  if (items.some((item) => item.match === 'yes')) return 'yes';
  return items.some((item) => item.match === 'unknown') ? 'unknown' : 'no';
}

function bothOf(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'unknown';
}

/** One side of one question. */
interface Question {
  readonly snapshot: ClusterSnapshot;
  readonly direction: Direction;
  readonly own: Endpoint;
  readonly other: Endpoint;
  readonly port: PortQuery | null;
}

function considerRule(question: Question, rule: CompiledRule): ConsideredRule {
  const { snapshot, direction, own, other, port } = question;
  const { flags } = snapshot.profile;
  const peers = rule.peers.map(({ path, match }) => ({
    path,
    match: matchPeer(match, other, flags).match,
  }));
  const destination = destinationOf(direction, own, other);
  const ports = (rule.ports === 'all' ? [] : rule.ports).map((entry) => ({
    path: entry.path,
    match: matchPorts(entryPorts(entry.match, destination, flags), port),
  }));
  const [peerMatch, portMatch] = [anyOf(peers), rule.ports === 'all' ? 'yes' : anyOf(ports)];
  return {
    index: rule.index,
    path: rule.path,
    match: bothOf(peerMatch, portMatch),
    peer: peerMatch,
    port: portMatch,
    peers,
    ports,
  };
}

function consider(question: Question, policy: CompiledPolicy): ConsideredPolicy {
  const isolation = policy.isolation[question.direction];
  return {
    policy: policy.ref,
    isolatedAt:
      isolation.isolates === 'yes'
        ? { path: isolation.path, defaulted: isolation.defaulted }
        : null,
    rules: policy.rules[question.direction].map((rule) => considerRule(question, rule)),
  };
}

/** Why the items of a rule that are in doubt are. */
function causesOfRule(
  { snapshot, other }: Question,
  policy: CompiledPolicy,
  rule: CompiledRule,
  considered: ConsideredRule,
): readonly UnknownCause[] {
  const { flags } = snapshot.profile;
  const peers = considered.peer !== 'unknown' ? [] : rule.peers;
  const ports = considered.port !== 'unknown' || rule.ports === 'all' ? [] : rule.ports;
  return [
    ...peers.flatMap(({ path, match }): readonly UnknownCause[] => {
      const { cause } = matchPeer(match, other, flags);
      if (cause === null) return [];
      return cause === 'not-understood'
        ? [
            {
              kind: cause,
              policy: policy.ref,
              path,
              message: match.kind === 'not-understood' ? match.message : '',
            },
          ]
        : [unknownCause(cause)];
    }),
    ...ports
      .filter((_, i) => considered.ports[i]?.match === 'unknown')
      .map(({ match }): UnknownCause => ({ kind: 'cni-flag', flag: entryDoubt(match, flags) })),
  ];
}

/** Everything that leaves this side in doubt, whatever its verdict. */
function causesOf(
  question: Question,
  side: Side,
  considered: readonly ConsideredPolicy[],
): readonly UnknownCause[] {
  const { snapshot, direction, own, other } = question;
  const causes: UnknownCause[] = [];
  if (side.unreadable)
    for (const gap of snapshot.gaps)
      if (gap.affects === 'policies')
        causes.push({ kind: 'not-readable', resource: gap.resource, message: gap.message });
  for (const [i, policy] of side.policies.entries()) {
    const isolation = policy.isolation[direction];
    if (isolation.isolates === 'unknown')
      causes.push({
        kind: 'not-understood',
        policy: policy.ref,
        path: ['spec'],
        message: isolation.message,
      });
    for (const [j, rule] of policy.rules[direction].entries()) {
      const tested = considered[i]?.rules[j];
      if (tested?.match === 'unknown') causes.push(...causesOfRule(question, policy, rule, tested));
    }
  }
  if (side.isolated === 'yes' && snapshot.profile.flags.enforces === 'no')
    causes.push({ kind: 'cni-flag', flag: 'enforces' });
  if (nodeExemption(snapshot, direction, own, other) === 'unknown') {
    const flag =
      direction === 'egress' && snapshot.profile.flags.policesPodToLocalNode === 'unknown';
    causes.push(
      flag ? { kind: 'cni-flag', flag: 'policesPodToLocalNode' } : { kind: 'node-of-pod' },
    );
  }
  const seen = new Map(causes.map((cause) => [JSON.stringify(cause), cause]));
  return [...seen.values()];
}

function reasonOf(
  question: Question,
  side: Side,
  verdict: Verdict,
  considered: readonly ConsideredPolicy[],
): Reason {
  const { snapshot, direction, own, other } = question;
  if (side.exempt !== null) return { kind: side.exempt };
  if (nodeExemption(snapshot, direction, own, other) === 'yes') return { kind: 'local-node' };
  if (side.isolated === 'no' && !side.unreadable) return { kind: 'no-policy' };
  switch (verdict) {
    case 'allowed': {
      const rules = first(
        considered.flatMap(({ policy, rules: tested }) =>
          tested
            .filter((rule) => rule.match === 'yes')
            .map(({ index }): RuleRef => ({ policy, direction, index })),
        ),
      );
      if (rules !== null) return { kind: 'rules', rules };
      break;
    }
    case 'blocked': {
      const by = first(
        side.policies
          .filter((policy) => policy.isolation[direction].isolates === 'yes')
          .map((policy) => policy.ref),
      );
      if (by !== null) return { kind: 'isolated', by };
      break;
    }
    case 'unknown': {
      const causes = first(causesOf(question, side, considered));
      if (causes !== null) return { kind: 'unknown', causes };
      break;
    }
  }
  throw new TypeError(`a ${verdict} side without a reason`);
}

/** NP-46: the rule that failed the fewest tests; one that names the peer is nearer than one that names the port. */
function nearestMiss(
  direction: Direction,
  considered: readonly ConsideredPolicy[],
): NearMiss | null {
  const find = (failed: 'peer' | 'port'): NearMiss | null => {
    for (const { policy, rules } of considered) {
      const rule = rules.find(({ peer, port }) =>
        failed === 'port' ? peer === 'yes' && port === 'no' : peer === 'no' && port === 'yes',
      );
      if (rule !== undefined) return { rule: { policy, direction, index: rule.index }, failed };
    }
    return null;
  };
  return find('port') ?? find('peer');
}

function explainSide(
  connectivity: Connectivity,
  direction: Direction,
  own: Endpoint,
  other: Endpoint,
  port: PortQuery | null,
): SideAnswer {
  const question: Question = { snapshot: connectivity.snapshot, direction, own, other, port };
  const side = sideAt(connectivity, own, direction);
  const bounds = sideBounds(connectivity, direction, own, other);
  const verdict = VERDICTS[matchPorts(bounds, port)];
  const considered = side.policies.map((policy) => consider(question, policy));
  return {
    direction,
    verdict,
    reason: reasonOf(question, side, verdict, considered),
    ports: { allowed: bounds.sure, unknown: unsurePorts(bounds) },
    considered,
    nearMiss: verdict === 'blocked' ? nearestMiss(direction, considered) : null,
  };
}

function samePod(direction: Direction): SideAnswer {
  return {
    direction,
    verdict: 'allowed',
    reason: { kind: 'same-pod' },
    ports: { allowed: EVERYTHING_PASSES.sure, unknown: NO_PORTS },
    considered: [],
    nearMiss: null,
  };
}

/** A group narrowed to some of its pods: what policies say is the same, but where they run may be known. */
export function isSamePod(source: Endpoint, destination: Endpoint): boolean {
  return (
    source.kind === 'pods' &&
    destination.kind === 'pods' &&
    source.pods.length === 1 &&
    destination.pods.length === 1 &&
    source.pods[0] === destination.pods[0] &&
    source.pods[0].replicas <= 1
  );
}

/**
 * Explains one connection: both sides, with every policy that selects an end and every rule of it
 * tested. `port` null asks for any port.
 */
export function explainConnection(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
  port: PortQuery | null,
): ConnectionAnswer {
  if (isSamePod(source, destination)) {
    const [egress, ingress] = [samePod('egress'), samePod('ingress')];
    return { verdict: 'allowed', ports: egress.ports, egress, ingress };
  }
  const bounds = connectionBounds(connectivity, source, destination);
  return {
    verdict: VERDICTS[matchPorts(bounds, port)],
    ports: { allowed: bounds.sure, unknown: unsurePorts(bounds) },
    egress: explainSide(connectivity, 'egress', source, destination, port),
    ingress: explainSide(connectivity, 'ingress', destination, source, port),
  };
}

/** Everything that leaves a connection in doubt on any port; empty when all of it is certain. */
export function connectionDoubts(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
): readonly UnknownCause[] {
  const doubts = (direction: Direction, own: Endpoint, other: Endpoint) => {
    if (isEmptyPorts(unsurePorts(sideBounds(connectivity, direction, own, other)))) return [];
    const question = { snapshot: connectivity.snapshot, direction, own, other, port: null };
    const side = sideAt(connectivity, own, direction);
    return causesOf(
      question,
      side,
      side.policies.map((policy) => consider(question, policy)),
    );
  };
  const causes = [
    ...doubts('egress', source, destination),
    ...doubts('ingress', destination, source),
  ];
  return [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()];
}
