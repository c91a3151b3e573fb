import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named } from '#lib/findings/objects.ts';
import type { PolicyFacts } from '#lib/findings/policy-facts.ts';
import { senseOf } from '#lib/findings/policy-sense.ts';
import { listed } from '#lib/findings/words.ts';
import { itemsOf } from '#lib/findings/written-specs.ts';
import { policyKey } from '#lib/model/object-ref.ts';

/** Policies as objects: their kinds, versions, conditions and twins. */

/** Each object once, however many policies it was compiled to. */
function objectsOf({ policies }: LintContext): readonly PolicyFacts[] {
  return [...new Map(policies.map((facts) => [policyKey(facts.policy.ref), facts])).values()];
}

export const editableByMany: Check = {
  id: 'PIT-HYG-1',
  title: 'Many may edit policies',
  severity: 'info',
  group: 'hygiene',
  rules: ['GEN-25'],
  needs: ['roles'],
  scenario:
    'A role that every developer has may write networkpolicies. Whoever is kept out by a policy can let himself in.',
  evidence: 'A Role or ClusterRole with write verbs on networkpolicies is bound to a broad group.',
  fix: 'Let a pipeline or the owners of the namespace write policies.',
  find: null,
};

/** Kinds that kubectl knows as `cnp` when their definitions are installed. */
const SHORT_NAME: ReadonlyMap<string, string> = new Map([
  ['cilium.io', 'CiliumNetworkPolicy'],
  ['policy.networking.k8s.io', 'ClusterNetworkPolicy'],
  ['projectcalico.org', 'NetworkPolicy'],
]);

export const shortNameClash: Check = {
  id: 'PIT-HYG-2',
  title: 'Two kinds with the short name cnp',
  severity: 'info',
  group: 'hygiene',
  rules: ['CNP-30'],
  needs: [],
  scenario:
    'CiliumNetworkPolicy and ClusterNetworkPolicy are both installed, and both are cnp to kubectl. kubectl get cnp shows one of them, and the others seem not to be there.',
  evidence:
    'There are policies of two of the kinds CiliumNetworkPolicy, ClusterNetworkPolicy and Calico’s NetworkPolicy. Definitions without objects are not seen.',
  fix: 'Use full names: kubectl get clusternetworkpolicies.policy.networking.k8s.io.',
  *find(context) {
    const all = objectsOf(context).map(({ policy }) => policy.ref);
    const first = [...SHORT_NAME].flatMap(([group, kind]) =>
      all.filter((ref) => ref.group === group && ref.kind === kind).slice(0, 1),
    );
    const [object, ...related] = first;
    if (object === undefined || related.length === 0) return;
    yield {
      object,
      path: [],
      message: `kubectl’s cnp may mean any of ${listed(first.map(({ kind, group }) => `${kind} of ${group}`))}.`,
      related,
    };
  },
};

export const deprecatedVersion: Check = {
  id: 'PIT-HYG-3',
  title: 'A kind that was replaced',
  severity: 'warning',
  group: 'hygiene',
  rules: ['ANP-1', 'ANP-8'],
  needs: [],
  scenario:
    'AdminNetworkPolicy never left v1alpha1, and ClusterNetworkPolicy took its place. Network plugins drop the old kinds, some without a word, and then their policies do nothing.',
  evidence: 'An object is an AdminNetworkPolicy or BaselineAdminNetworkPolicy of v1alpha1.',
  fix: 'Write it as ClusterNetworkPolicy, with tier: Admin or tier: Baseline.',
  *find(context) {
    for (const { policy, body } of objectsOf(context)) {
      const { kind } = policy.ref;
      if (!kind.endsWith('AdminNetworkPolicy') || !String(body.apiVersion).endsWith('/v1alpha1'))
        continue;
      yield {
        object: policy.ref,
        path: ['apiVersion'],
        message: `${kind} of ${String(body.apiVersion)} was replaced by ClusterNetworkPolicy.`,
      };
    }
  },
};

const VERDICTS: ReadonlySet<unknown> = new Set(['Valid', 'Accepted', 'Ready']);

export const notLoaded: Check = {
  id: 'PIT-HYG-4',
  title: 'The plugin does not accept the policy',
  severity: 'error',
  group: 'hygiene',
  rules: ['CIL-50'],
  needs: [],
  scenario:
    'The API server stored a policy that the network plugin cannot load. It says so in the status, where nobody looks; nothing of the policy is in force.',
  evidence: 'The status has a condition Valid, Accepted or Ready with the status False.',
  fix: 'Mend what the condition says.',
  *find(context) {
    for (const { policy, body } of objectsOf(context))
      for (const { item, path } of itemsOf(body, ['status', 'conditions'])) {
        const { type, status, message, reason } = item;
        if (!VERDICTS.has(type) || status !== 'False') continue;
        yield {
          object: policy.ref,
          path,
          message:
            `${String(type)} is False: ${String(message ?? reason ?? 'no reason is given')}.`.replace(
              /\.\.$/,
              '.',
            ),
        };
      }
  },
};

export const twins: Check = {
  id: 'PIT-HYG-8',
  title: 'Two policies say the same',
  severity: 'info',
  group: 'hygiene',
  rules: ['NP-11'],
  needs: [],
  scenario:
    'A policy was copied under another name. Whoever mends one of them believes to have changed something.',
  evidence:
    'Two policies of one kind and namespace select, isolate and permit the same, whatever the order in which they say it.',
  fix: 'Keep one of them.',
  *find(context) {
    const byObject = Map.groupBy(policiesInForce(context), ({ policy }) => policyKey(policy.ref));
    const objects = [...byObject.values()].flatMap(([first, ...more]) => {
      const all = [first, ...more].flatMap((facts) => (facts === undefined ? [] : [facts.policy]));
      return first === undefined ? [] : [{ first, senses: all.map(senseOf) }];
    });
    const alike = Map.groupBy(objects, ({ first, senses }) =>
      JSON.stringify([first.policy.ref.kind, first.policy.ref.namespace, senses]),
    );
    for (const [earliest, ...others] of alike.values())
      for (const { first: other } of others) {
        const first = earliest?.first;
        if (first === undefined || isUnclear(other)) continue;
        yield {
          object: other.policy.ref,
          path: ['spec'],
          message: `It says the same as ${named(first.policy.ref)}.`,
          related: [first.policy.ref],
        };
      }
  },
};

/** It was not understood, so nothing is known of what it says. */
function isUnclear({ policy }: PolicyFacts): boolean {
  return DIRECTIONS.some((each) => policy.isolation[each].isolates === 'unknown');
}
