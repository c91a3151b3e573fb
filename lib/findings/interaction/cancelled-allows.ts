import type { Endpoint } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { Found } from '#lib/findings/finding.ts';
import { named } from '#lib/findings/objects.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import { formatPorts } from '#lib/model/port-set.ts';
import { openedAfterNetworkPolicies } from './opened-after.ts';
import { type Cancelled, cancelledRules } from './tiers-before.ts';

/** Rules of NetworkPolicies that cannot work, because of what is asked before them. */

function endName(other: Endpoint): string {
  switch (other.kind) {
    case 'pods':
      return named(other.pods[0].workload);
    case 'addresses':
      return formatRangeShort(other.range);
    case 'node':
      return other.node;
  }
}

type Pair = Pick<Cancelled, 'place' | 'own' | 'other' | 'ports'>;

function connection(cancelled: Pair): string {
  const own = named(cancelled.own.pods[0].workload);
  const other = endName(cancelled.other);
  const [from, to] = cancelled.place.direction === 'ingress' ? [other, own] : [own, other];
  return `${from} to ${to} on ${formatPorts(cancelled.ports)}`;
}

function* denied(context: LintContext, isMeant: (layer: string) => boolean): Generator<Found> {
  for (const each of cancelledRules(context)) {
    const { place, by, how } = each;
    if (how !== 'denied' || !isMeant(by.layer)) continue;
    yield {
      object: place.facts.policy.ref,
      path: place.rule.path,
      message: `${named(by.ref)} is asked before it and denies all that it permits: ${connection(each)}, for example.`,
      related: [by.ref],
    };
  }
}

function* openedAfter(context: LintContext): Generator<Found> {
  for (const each of openedAfterNetworkPolicies(context))
    yield {
      object: each.place.facts.policy.ref,
      path: each.place.rule.path,
      message: `It permits what ${named(each.closing.ref)} isolates and no NetworkPolicy permits: ${connection(each)}, for example.`,
      related: [each.closing.ref],
    };
}

export const adminDenyCancels: Check = {
  id: 'PIT-REL-6',
  title: 'An administrator denies what a rule permits',
  severity: 'warning',
  group: 'interaction',
  rules: ['CNP-1', 'CNP-5', 'ANP-9'],
  needs: ['pods', 'namespaces'],
  scenario:
    'The owner of an application permits its monitoring, and an administrator’s policy denies that namespace. The owner looks at a rule that cannot work.',
  evidence:
    'Whatever a rule of a NetworkPolicy permits, for every pair of its pods and peers, the tier Admin denies, and a rule there that denies can be named. Rules with more than 2000 pairs of groups are not judged.',
  fix: 'Remove the rule, or ask the administrator for an exception: a rule before theirs with the action Pass.',
  find: (context) => denied(context, (layer) => layer === 'admin'),
};

export const calicoDenyCancels: Check = {
  id: 'PIT-REL-7',
  title: 'A Calico policy beside NetworkPolicies decides otherwise',
  severity: 'warning',
  group: 'interaction',
  rules: ['CAL-40', 'CAL-4'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A Calico policy of order 100 denies what a NetworkPolicy permits. NetworkPolicies have the order 1000 and are asked after it: who looks with kubectl get networkpolicy sees a rule that cannot work. One of order 2000 permits what no NetworkPolicy does, and no default deny stops it.',
  evidence:
    'Whatever a rule of a NetworkPolicy permits, for every pair of its pods and peers, is denied by Calico policies of a lower order or an earlier tier, one of which can be named. Rules with more than 2000 pairs of groups are not judged. The same for policies of the tier default with a higher order: one of their rules permits a connection of pods that NetworkPolicies isolate and none of these permits.',
  fix: 'Say it in one kind, or give the Calico policies a tier of their own.',
  *find(context) {
    yield* denied(context, (layer) => layer.startsWith('calico:'));
    yield* openedAfter(context);
  },
};

export const endOfTier: Check = {
  id: 'PIT-REL-8',
  title: 'A tier ends before the rules that permit',
  severity: 'warning',
  group: 'interaction',
  rules: ['CAL-7'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A tier of the security team has one policy, which permits DNS. What it does not permit is denied at the end of the tier, and no NetworkPolicy is ever asked.',
  evidence:
    'Whatever a rule of a NetworkPolicy permits ends in an earlier tier of Calico: no rule there denies it, and none permits it or passes it on.',
  fix: 'End the tier’s policies with a rule of the action Pass, or set defaultAction: Pass for the tier.',
  *find(context) {
    // One finding for each policy with which a tier ends, however many rules it cuts off.
    const ended = cancelledRules(context).filter(({ how }) => how === 'end-of-tier');
    for (const [by, all] of Map.groupBy(ended, (each) => each.by)) {
      const [first] = all;
      if (first === undefined) continue;
      const refs = [...new Set(all.map(({ place }) => place.facts.policy.ref))];
      yield {
        object: by.ref,
        path: ['spec', 'tier'],
        message: `Its tier denies what its policies leave over, and cuts off ${all.length === 1 ? 'a rule' : `${all.length} rules`} of ${refs.length === 1 ? named(refs[0] ?? by.ref) : `${refs.length} NetworkPolicies`}: ${connection(first)}, for example.`,
        related: refs.slice(0, 10),
      };
    }
  },
};
