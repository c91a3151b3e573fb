import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import { isSystemNamespace, type LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { podSpecPath, workloadsOf } from '#lib/findings/objects.ts';
import { labelledSubject, type PolicyFacts } from '#lib/findings/policy-facts.ts';
import { compareText } from '#lib/model/object-ref.ts';

/** The policies by which every pod of a namespace is isolated, by that namespace. */
function blanketPolicies(context: LintContext): ReadonlyMap<string, PolicyFacts> {
  const found = new Map<string, PolicyFacts>();
  for (const facts of policiesInForce(context)) {
    const subject = labelledSubject(facts.policy);
    const isolates = DIRECTIONS.some((each) => facts.policy.isolation[each].isolates === 'yes');
    if (!isolates || subject?.pods.length !== 0 || subject.namespaces.kind !== 'named') continue;
    if (!found.has(subject.namespaces.name)) found.set(subject.namespaces.name, facts);
  }
  return found;
}

export const hostNetworkInProtected: Check = {
  id: 'PIT-SEL-3',
  title: 'hostNetwork pods in a namespace with a policy for everybody',
  severity: 'warning',
  group: 'selection',
  rules: ['GEN-13'],
  needs: ['pods'],
  scenario:
    'A namespace is closed by a policy that selects all of its pods, and one workload runs on its nodes’ network. No policy holds that one: it reaches everything, and is reached as its node is.',
  evidence:
    'A policy with an empty selector isolates the pods of the namespace, and running pods there have hostNetwork. Namespaces of the platform itself are left out.',
  fix: 'Run the pods without hostNetwork; where they need it, protect the node with a host policy or its firewall.',
  *find(context) {
    const blankets = [...blanketPolicies(context)].sort(([a], [b]) => compareText(a, b));
    for (const [namespace, { policy }] of blankets) {
      if (isSystemNamespace({ name: namespace })) continue;
      const pods = (context.podsIn.get(namespace) ?? []).filter(
        ({ hostNetwork, finished }) => hostNetwork && !finished,
      );
      for (const workload of workloadsOf(pods))
        yield {
          object: workload,
          path: [...podSpecPath(workload), 'hostNetwork'],
          message: `${policy.ref.name} selects every pod of ${namespace}, and does not hold these: they share their nodes’ network.`,
          related: [policy.ref],
        };
    }
  },
};
