import { isEmptyPorts } from '#lib/model/port-set.ts';
import { policiesUnreadIn } from './cluster-snapshot.ts';
import type { CompiledPolicy, CompiledPort, CompiledRule } from './compiled-policy.ts';
import type { Question } from './consider.ts';
import type { ConsideredPolicy, ConsideredRule, UnknownCause } from './explanation.ts';
import { entryDoubt, entryPorts, matchPeer, unknownCause, unsurePorts } from './peer-match.ts';
import { destinationOf, nodeExemption, type Side } from './side.ts';
import { type Meeting, mayFailClosed, rivals } from './tier-bounds.ts';

/** Why an answer is unknown. */

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
  const isInDoubt = considered.peer === 'unknown' || mayFailClosed(rule);
  const peers = isInDoubt ? rule.peers : [];
  return [
    ...peers.flatMap(({ path, match }): readonly UnknownCause[] => {
      const { cause } = matchPeer(match, question.other, question.snapshot);
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
  if (side.policies.length > 0 && enforces === 'no')
    causes.push({ kind: 'cni-flag', flag: 'enforces' });
  if (nodeExemption(snapshot, direction, own, other) === 'unknown')
    causes.push(
      direction === 'egress' && policesPodToLocalNode === 'unknown'
        ? { kind: 'cni-flag', flag: 'policesPodToLocalNode' }
        : { kind: 'node-of-pod' },
    );
  if (hairpin === 'unknown' && side.policies.length > 0)
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

/** Why it is in doubt whether some policies apply here. */
function causesOfPerhaps({ snapshot, own }: Question, { perhaps }: Side): readonly UnknownCause[] {
  if (perhaps.size === 0) return [];
  const isAdmin = [...perhaps].some(({ tier }) => tier.combine === 'first-match');
  const byFlag = isAdmin && snapshot.profile.flags.enforcesAdminTiers === 'unknown';
  const byLabels = own.kind === 'pods' && !own.namespace.labelsKnown;
  return [
    ...(byFlag ? [{ kind: 'cni-flag', flag: 'enforcesAdminTiers' } as const] : []),
    ...(byLabels ? [unknownCause('namespace-labels')] : []),
  ];
}

/** Everything that leaves this side in doubt, whatever its verdict. */
export function causesOf(
  question: Question,
  meeting: Meeting,
  considered: readonly ConsideredPolicy[],
): readonly UnknownCause[] {
  const { side } = meeting;
  return distinct([
    ...causesOfGaps(question),
    ...causesOfPerhaps(question, side),
    ...side.policies.flatMap((policy, i) => causesOfPolicy(question, policy, considered[i])),
    ...causesOfRivalry(meeting),
    ...causesAround(question, side),
  ]);
}
