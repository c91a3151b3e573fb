import { equalPorts, isEmptyPorts } from '#lib/model/port-set.ts';
import { asks, type CniProfile, dropsNothing } from './cni-profile.ts';
import type {
  CompiledPeer,
  CompiledPolicy,
  CompiledPort,
  CompiledRule,
  Direction,
} from './compiled-policy.ts';
import { matchPorts, type Question } from './consider.ts';
import type { Endpoint } from './endpoint.ts';
import type { ConsideredPolicy, ConsideredRule, UnknownCause } from './explanation.ts';
import { matchHost, matchPeer } from './peer-match.ts';
import { entryDoubt, entryPorts, unsurePorts } from './rule-ports.ts';
import { destinationOf, furtherTowards, nodeExemption, type Side } from './side.ts';
import { boundsByFamily, type Meeting, mayFailClosed, rivals } from './tier-bounds.ts';

/** Why an answer is unknown. */

const NAMESPACE_LABELS: UnknownCause = {
  kind: 'not-readable',
  resource: 'namespaces',
  message: 'the labels of namespaces are not known',
};
const NODES: UnknownCause = {
  kind: 'not-readable',
  resource: 'nodes',
  message: 'the node of a pod, or its labels, are not known',
};

/** Null when there are none. */
export function nonEmpty<T>(items: readonly T[]): readonly [T, ...T[]] | null {
  const [head, ...tail] = items;
  return head === undefined ? null : [head, ...tail];
}

/** The entries of a rule's ports that leave the port asked for in doubt; without one, any port at all. */
function entriesInDoubt(
  { snapshot, direction, own, other, port }: Question,
  rule: CompiledRule,
  considered: ConsideredRule,
): readonly CompiledPort[] {
  if (port !== null && considered.port !== 'unknown') return [];
  const destination = destinationOf(direction, own, other);
  const { flags } = snapshot.profile;
  const entries = [...(rule.ports === 'all' ? [] : rule.ports), ...(rule.exceptPorts ?? [])];
  return entries.filter(({ match }) => {
    const bounds = entryPorts(match, destination, flags);
    return port === null
      ? !isEmptyPorts(unsurePorts(bounds))
      : matchPorts(bounds, port) === 'unknown';
  });
}

/** What leaves it in doubt whether an end is among those meant. */
function causesOfPeer(
  { snapshot, own, family }: Question,
  policy: CompiledPolicy,
  { path, match }: CompiledPeer,
  end: Endpoint,
): readonly UnknownCause[] {
  const { cause } = matchPeer(match, end, snapshot, own, family);
  switch (cause?.kind) {
    case undefined:
      return [];
    case 'cni-flag':
      return [cause];
    case 'node-of-pod':
    case 'address-family':
      return [{ kind: cause.kind }];
    case 'namespace-labels':
      return [NAMESPACE_LABELS];
    case 'nodes':
      return [NODES];
    case 'not-understood':
    case 'domain-names':
      return [{ ...cause, policy: policy.ref, path }];
  }
}

/** Why the items of a rule that are in doubt are. */
function causesOfRule(
  question: Question,
  policy: CompiledPolicy,
  rule: CompiledRule,
  considered: ConsideredRule,
): readonly UnknownCause[] {
  const { flags } = question.snapshot.profile;
  const isInDoubt = considered.peer === 'unknown' || mayFailClosed(rule);
  return [
    ...(isInDoubt ? rule.peers : []).flatMap((peer) =>
      causesOfPeer(question, policy, peer, question.other),
    ),
    ...(rule.own ?? []).flatMap((peer) => causesOfPeer(question, policy, peer, question.own)),
    ...(rule.conditions ?? []).map(
      (condition): UnknownCause => ({ kind: 'condition', policy: policy.ref, ...condition }),
    ),
    ...entriesInDoubt(question, rule, considered).map((entry) =>
      entryDoubt(entry, policy.ref, flags),
    ),
  ];
}

/** Policies that could not be read, and layers beside them. */
function causesOfGaps({ other }: Question, side: Side): readonly UnknownCause[] {
  return [...side.unread, ...furtherTowards(side, other)].map(({ resource, cause, message }) => ({
    kind: cause === 'not-evaluated' ? cause : 'not-readable',
    resource,
    message,
  }));
}

const ABOUT_NODES = { egress: 'policesPodToLocalNode', ingress: 'nodeReachesItsPods' } as const;

function doubtAboutNode({ flags }: CniProfile, direction: Direction): UnknownCause {
  const flag = ABOUT_NODES[direction];
  return flags[flag] === 'unknown' ? { kind: 'cni-flag', flag } : { kind: 'node-of-pod' };
}

/** What the plugin and the nodes leave in doubt, whatever the rules say. */
function causesAround(question: Question, side: Side): readonly UnknownCause[] {
  const { snapshot, direction, own, other, hairpin } = question;
  const { isolatesEverything } = snapshot.profile.flags;
  const unenforced = dropsNothing(snapshot.profile);
  const causes: UnknownCause[] = [];
  if (isolatesEverything === 'unknown' && side.tiers.some(({ isolated }) => isolated === 'unknown'))
    causes.push({ kind: 'cni-flag', flag: 'isolatesEverything' });
  if (side.tiers.length > 0 && unenforced !== null)
    causes.push({ kind: 'cni-flag', flag: unenforced });
  if (nodeExemption(snapshot, direction, own, other) === 'unknown')
    causes.push(doubtAboutNode(snapshot.profile, direction));
  if (hairpin === 'unknown' && side.tiers.length > 0)
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
    return tested === undefined || (tested.match === 'no' && !mayFailClosed(rule))
      ? []
      : causesOfRule(question, policy, rule, tested);
  });
}

export function distinct(causes: readonly UnknownCause[]): readonly UnknownCause[] {
  return [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()];
}

/** Policies of which only an order that is not defined would say which one decides (CNP-3). */
function causesOfRivalry(meeting: Meeting): readonly UnknownCause[] {
  return meeting.side.tiers
    .filter(({ tier }) => tier.combine === 'first-match')
    .flatMap(({ levels }) => levels)
    .flatMap((level): readonly UnknownCause[] => {
      const policies = nonEmpty(rivals(meeting, level).map(({ ref }) => ref));
      return policies === null ? [] : [{ kind: 'equal-priority', policies }];
    });
}

/** Why it is in doubt whether some policies apply here, and how they go together. */
function causesOfPerhaps(
  { snapshot, own }: Question,
  { perhaps, undecided }: Side,
): readonly UnknownCause[] {
  const { flags } = snapshot.profile;
  const byFlag = new Set(undecided);
  for (const { enforcedIf, subject } of perhaps) {
    if (subject.kind === 'nodes' && flags.hostPolicies === 'unknown') byFlag.add('hostPolicies');
    if (asks(snapshot.profile, enforcedIf) === 'unknown')
      byFlag.add(enforcedIf === 'enforces' ? 'enforcesCilium' : enforcedIf);
  }
  const byLabels = perhaps.size > 0 && own.kind === 'pods' && !own.namespace.labelsKnown;
  const byNode = [...perhaps].some(
    ({ subject }) =>
      subject.kind === 'nodes' && matchHost(subject, own, snapshot).match === 'unknown',
  );
  return [
    ...[...byFlag].map((flag): UnknownCause => ({ kind: 'cni-flag', flag })),
    ...(byLabels ? [NAMESPACE_LABELS] : []),
    ...(byNode ? [NODES] : []),
  ];
}

/** GEN-20: what passes by one family may not by the other. */
function causesOfFamilies(meeting: Meeting): readonly UnknownCause[] {
  const [first, ...others] = boundsByFamily(meeting);
  const differs = others.some(
    ({ sure, atMost }) => !equalPorts(sure, first.sure) || !equalPorts(atMost, first.atMost),
  );
  return differs ? [{ kind: 'address-family' }] : [];
}

/** Everything that leaves this side in doubt, whatever its verdict. */
export function causesOf(
  question: Question,
  meeting: Meeting,
  considered: readonly ConsideredPolicy[],
): readonly UnknownCause[] {
  const { side } = meeting;
  return distinct([
    ...causesOfGaps(question, side),
    ...causesOfPerhaps(question, side),
    ...side.policies.flatMap((policy, i) => causesOfPolicy(question, policy, considered[i])),
    ...causesOfRivalry(meeting),
    ...causesAround(question, side),
    ...causesOfFamilies(meeting),
  ]);
}
