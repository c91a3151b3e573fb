import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { named, podCount, workloadsOf } from '#lib/findings/objects.ts';
import { type RulePlace, subjectGroups } from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import { type AddressesMatch, blocksOf, heldBy, prefixLength } from './blocks.ts';

/** No narrower block is how one says the world. */
const WORLD = 7;

/** The rules that are asked before this one, for a pod of the policy. */
function rulesBefore({ facts, direction, rule }: RulePlace, own: PodGroup) {
  const side = own.sides[direction];
  const all = side.policies.flatMap((policy) => policy.rules[direction]);
  const at = all.indexOf(rule);
  // Of a kind that is not in force for the pod nothing is said.
  return at < 0 || side.perhaps.has(facts.policy) ? null : all.slice(0, at);
}

/** Pods that a rule denies by their addresses, and that nothing before it lets by: groups times rules before. */
function podsHit(
  place: RulePlace,
  match: AddressesMatch,
  context: LintContext,
): readonly PodGroup[] {
  const { connectivity } = context;
  const [own] = subjectGroups(connectivity, place.facts.policy) ?? [];
  const before = own === undefined ? null : rulesBefore(place, own);
  if (own === undefined || before === null) return [];
  const earlier = before.filter(({ action }) => action !== 'log');
  return heldBy(match, context).groups.filter(
    (group) =>
      connectivity.peers.match(match, group, own) === 'yes' &&
      !earlier.some(({ peers }) =>
        peers.some((peer) => connectivity.peers.match(peer.match, group, own) !== 'no'),
      ),
  );
}

export const denyHitsPods: Check = {
  id: 'PIT-IP-7',
  title: 'A denied network holds the cluster’s pods',
  severity: 'error',
  group: 'breadth',
  rules: ['CNP-19', 'CNP-4'],
  needs: ['pods', 'namespaces'],
  scenario:
    'An administrator denies egress to 0.0.0.0/0 to keep pods from the internet. Networks mean whoever has the address, so the pods cannot connect to each other any more either.',
  evidence:
    'A rule of ClusterNetworkPolicy or AdminNetworkPolicy denies a network of /7 or wider, running pods have addresses in it, and no earlier rule for the policy’s pods lets them by.',
  fix: 'Put a rule before it that passes pods on: action Pass, to namespaces: {}.',
  *find(context) {
    for (const place of rulesThat('deny', context)) {
      const { facts, rule } = place;
      if (facts.policy.ref.group !== 'policy.networking.k8s.io') continue;
      for (const peer of rule.peers)
        for (const match of blocksOf(peer.match)) {
          const hit = prefixLength(match.block) > WORLD ? [] : podsHit(place, match, context);
          if (hit.length === 0) continue;
          const pods = hit.flatMap((group) => [...group.pods]);
          yield {
            object: facts.policy.ref,
            path: peer.path,
            message: `${formatRangeShort(match.block)} holds ${counted(podCount(pods), 'pod')} of this cluster, which are denied as well: ${listed(workloadsOf(pods).map(named))}.`,
          };
        }
    }
  },
};
