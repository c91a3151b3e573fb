import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import { matchPods } from '#lib/engine/pod-match.ts';
import { arrangement } from '#lib/engine/tiers.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import {
  type PolicyFacts,
  subjectGroups,
  subjectPath,
  valueAt,
} from '#lib/findings/policy-facts.ts';
import { listed } from '#lib/findings/words.ts';
import { itemsOf } from '#lib/findings/written-specs.ts';
import { type ObjectRef, refKey } from '#lib/model/object-ref.ts';

/** Labels that pods have by themselves, and host endpoints do not: asking for one is a way to leave hosts out. */
const OF_PODS_ALONE = /projectcalico\.org\/(orchestrator|serviceaccount)|pcsa\./;

/** A global policy for pods and hosts alike; one that is for hosts alone selects no pod. */
function isForBoth({ policy, body }: PolicyFacts, { connectivity }: LintContext): boolean {
  const { kind, group } = policy.ref;
  if (group !== 'projectcalico.org' || kind !== 'GlobalNetworkPolicy') return false;
  const spec = (field: string) => valueAt(body, ['spec', field]) ?? '';
  return (
    spec('namespaceSelector') === '' &&
    spec('serviceAccountSelector') === '' &&
    !OF_PODS_ALONE.test(String(spec('selector'))) &&
    (subjectGroups(connectivity, policy)?.length ?? 0) > 0
  );
}

function hostsSelected(
  { policy: { subject } }: PolicyFacts,
  { snapshot }: LintContext,
): readonly ObjectRef[] {
  if (subject.kind !== 'pods') return [];
  const hosts = snapshot.addressSets
    .filter(({ ref }) => ref.kind === 'HostEndpoint')
    .filter(({ labels }) => {
      const host = { namespace: null, labels, serviceAccount: null };
      return matchPods(subject.match, host).match === 'yes';
    });
  // Served in two groups, one object may be there twice.
  return [...new Map(hosts.map(({ ref }) => [refKey(ref), ref])).values()];
}

/** A rule that leaves nothing to those after it. */
function isForEverything(rule: object): boolean {
  return Object.keys(rule).every((field) => field === 'action' || field === 'metadata');
}

/** How the policy denies in a direction, as a clause; null where it does not. */
function denial(
  { policy, body }: PolicyFacts,
  direction: Direction,
  { snapshot }: LintContext,
): string | null {
  if (policy.isolation[direction].isolates !== 'yes') return null;
  for (const { item } of itemsOf(body, ['spec', direction])) {
    if (item.action === 'Deny') return 'by a rule';
    if (item.action !== 'Log' && isForEverything(item)) return null;
  }
  const { tier } = arrangement(snapshot.profile, snapshot.tiers)(policy);
  return tier.onNoMatch === 'block-if-isolated' ? `by the end of the tier ${tier.name}` : null;
}

export const calicoSelectsHosts: Check = {
  id: 'PIT-SEL-14',
  title: 'A global policy that selects host endpoints too',
  severity: 'warning',
  group: 'selection',
  rules: ['CAL-20'],
  needs: ['pods', 'namespaces', 'host-endpoints'],
  scenario:
    'A GlobalNetworkPolicy with selector all() and without namespaceSelector also selects the interfaces of nodes. With a deny in it, the nodes lock themselves out.',
  evidence:
    'A GlobalNetworkPolicy selects pods, has neither namespaceSelector nor serviceAccountSelector, its selector matches the labels of a HostEndpoint and asks for nothing that only pods have, and it denies: by a rule, or by the end of its tier for what no rule matches.',
  fix: 'Add namespaceSelector: all(), which only pods match.',
  *find(context) {
    for (const facts of policiesInForce(context)) {
      if (!isForBoth(facts, context)) continue;
      const hosts = hostsSelected(facts, context);
      if (hosts.length === 0) continue;
      const denied = DIRECTIONS.flatMap((direction) => {
        const how = denial(facts, direction, context);
        return how === null ? [] : [`${direction} ${how}`];
      });
      if (denied.length === 0) continue;
      const names = hosts.map(({ name }) => name).sort();
      yield {
        object: facts.policy.ref,
        path: subjectPath(facts),
        message: `It selects ${hosts.length === 1 ? 'the host endpoint' : 'the host endpoints'} ${listed(names)} beside pods, and denies ${denied.join(', and ')}: these nodes lose it too, but for the failsafe ports.`,
        related: hosts,
        patch: 'spec:\n  namespaceSelector: all()',
      };
    }
  },
};
