import { hasPort, intersectPorts, isEmptyPorts, NO_PORTS } from '#lib/model/port-set.ts';
import { type ClusterSnapshot, policiesUnreadIn } from './cluster-snapshot.ts';
import type { CompiledPolicy, CompiledPort, CompiledRule, Direction } from './compiled-policy.ts';
import { type Connectivity, sideAt, sideBounds } from './connectivity.ts';
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
  intersectBounds,
  matchPeer,
  type PortBounds,
  unknownCause,
  unsurePorts,
} from './peer-match.ts';
import { destinationOf, nodeExemption, type Side, withExemption } from './side.ts';

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
  /** Whether the connection is let through because it leads back to where it starts (GEN-17). */
  readonly hairpin: 'no' | 'unknown';
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

/** The entries of a rule's ports that leave the port asked for in doubt; without one, any port at all. */
function entriesInDoubt(
  { snapshot, direction, own, other, port }: Question,
  rule: CompiledRule,
  considered: ConsideredRule,
): readonly CompiledPort[] {
  if (rule.ports === 'all') return [];
  if (port !== null)
    return considered.port === 'unknown'
      ? rule.ports.filter((_, i) => considered.ports[i]?.match === 'unknown')
      : [];
  const destination = destinationOf(direction, own, other);
  const { flags } = snapshot.profile;
  return rule.ports.filter(
    ({ match }) => !isEmptyPorts(unsurePorts(entryPorts(match, destination, flags))),
  );
}

/** Why the items of a rule that are in doubt are. */
function causesOfRule(
  question: Question,
  policy: CompiledPolicy,
  rule: CompiledRule,
  considered: ConsideredRule,
): readonly UnknownCause[] {
  const { flags } = question.snapshot.profile;
  const peers = considered.peer === 'unknown' ? rule.peers : [];
  return [
    ...peers.flatMap(({ path, match }): readonly UnknownCause[] => {
      const { cause } = matchPeer(match, question.other, flags);
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
    ...entriesInDoubt(question, rule, considered).map(
      ({ match }): UnknownCause => ({ kind: 'cni-flag', flag: entryDoubt(match, flags) }),
    ),
  ];
}

/** Policies that could not be read. */
function causesOfGaps({ snapshot, own }: Question): readonly UnknownCause[] {
  if (own.kind !== 'pods' || own.hostNetwork) return [];
  return policiesUnreadIn(snapshot, own.namespace.name).map(({ resource, cause, message }) => ({
    kind: cause === 'not-evaluated' ? cause : 'not-readable',
    resource,
    message,
  }));
}

/** What the plugin and the nodes leave in doubt, whatever the rules say. */
function causesAround(question: Question, side: Side): readonly UnknownCause[] {
  const { snapshot, direction, own, other, hairpin } = question;
  const { enforces, policesPodToLocalNode } = snapshot.profile.flags;
  const causes: UnknownCause[] = [];
  if (side.isolated === 'yes' && enforces === 'no')
    causes.push({ kind: 'cni-flag', flag: 'enforces' });
  if (nodeExemption(snapshot, direction, own, other) === 'unknown')
    causes.push(
      direction === 'egress' && policesPodToLocalNode === 'unknown'
        ? { kind: 'cni-flag', flag: 'policesPodToLocalNode' }
        : { kind: 'node-of-pod' },
    );
  if (hairpin === 'unknown' && side.isolated !== 'no')
    causes.push({ kind: 'cni-flag', flag: 'policesHairpin' });
  return causes;
}

/** What leaves this side in doubt in a policy that selects it. */
function causesOfPolicy(
  question: Question,
  policy: CompiledPolicy,
  considered: ConsideredPolicy | undefined,
): readonly UnknownCause[] {
  const isolation = policy.isolation[question.direction];
  if (isolation.isolates === 'unknown')
    return [
      {
        kind: 'not-understood',
        policy: policy.ref,
        path: ['spec'],
        message: isolation.message,
      },
    ];
  return policy.rules[question.direction].flatMap((rule, i) => {
    const tested = considered?.rules[i];
    return tested === undefined || tested.match === 'no'
      ? []
      : causesOfRule(question, policy, rule, tested);
  });
}

function distinct(causes: readonly UnknownCause[]): readonly UnknownCause[] {
  return [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()];
}

/** Everything that leaves this side in doubt, whatever its verdict. */
function causesOf(
  question: Question,
  side: Side,
  considered: readonly ConsideredPolicy[],
): readonly UnknownCause[] {
  return distinct([
    ...causesOfGaps(question),
    ...side.policies.flatMap((policy, i) => causesOfPolicy(question, policy, considered[i])),
    ...causesAround(question, side),
  ]);
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

function explainSide(connectivity: Connectivity, question: Question): SideAnswer {
  const { direction, own, port } = question;
  const side = sideAt(connectivity, own, direction);
  const bounds = questionBounds(connectivity, question);
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

/** What the question's side lets through. */
function questionBounds(connectivity: Connectivity, { direction, own, other, hairpin }: Question) {
  return withExemption(sideBounds(connectivity, direction, own, other), hairpin);
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
function isSamePod(source: Endpoint, destination: Endpoint): boolean {
  return (
    source.kind === 'pods' &&
    destination.kind === 'pods' &&
    source.pods.length === 1 &&
    destination.pods.length === 1 &&
    source.pods[0] === destination.pods[0] &&
    source.pods[0].replicas <= 1
  );
}

/** How the destination is dialled: at its own address, or at that of a Service in front of it. */
export type Way = 'direct' | 'service';

/**
 * Explains one connection: both sides, with every policy that selects an end and every rule of it
 * tested. `port` null asks for any port.
 */
export function explainConnection(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
  port: PortQuery | null,
  way: Way = 'direct',
): ConnectionAnswer {
  const { snapshot } = connectivity;
  const leadsBack = isSamePod(source, destination);
  const { policesHairpin } = snapshot.profile.flags;
  if (leadsBack && (way === 'direct' || policesHairpin === 'no')) {
    const [egress, ingress] = [samePod('egress'), samePod('ingress')];
    return { verdict: 'allowed', ports: egress.ports, egress, ingress };
  }
  const hairpin = leadsBack && policesHairpin === 'unknown' ? 'unknown' : 'no';
  const sides = { snapshot, port, hairpin } as const;
  const egress: Question = { ...sides, direction: 'egress', own: source, other: destination };
  const ingress: Question = { ...sides, direction: 'ingress', own: destination, other: source };
  const bounds = intersectBounds(
    questionBounds(connectivity, egress),
    questionBounds(connectivity, ingress),
  );
  return {
    verdict: VERDICTS[matchPorts(bounds, port)],
    ports: { allowed: bounds.sure, unknown: unsurePorts(bounds) },
    egress: explainSide(connectivity, egress),
    ingress: explainSide(connectivity, ingress),
  };
}

/** Everything that leaves a connection in doubt on any port; empty when all of it is certain. */
export function connectionDoubts(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
): readonly UnknownCause[] {
  const shared = { snapshot: connectivity.snapshot, port: null, hairpin: 'no' } as const;
  const egress: Question = { ...shared, direction: 'egress', own: source, other: destination };
  const ingress: Question = { ...shared, direction: 'ingress', own: destination, other: source };
  const doubts = (question: Question, opposite: Question) => {
    const unsure = unsurePorts(questionBounds(connectivity, question));
    // What the other side surely stops is not in doubt.
    const { atMost } = questionBounds(connectivity, opposite);
    if (isEmptyPorts(intersectPorts(unsure, atMost))) return [];
    const side = sideAt(connectivity, question.own, question.direction);
    const considered = side.policies.map((policy) => consider(question, policy));
    return causesOf(question, side, considered);
  };
  return distinct([...doubts(egress, ingress), ...doubts(ingress, egress)]);
}
