import type { Check } from '#lib/findings/check.ts';
import { isSystemNamespace, type LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import { groupsOf, labelledPods, subjectGroups } from '#lib/findings/policy-facts.ts';
import { listed } from '#lib/findings/words.ts';
import type { Namespace } from '#lib/model/cluster.ts';

/** Labels by which namespaces say to which environment they belong, most usual first. */
const ENVIRONMENT_KEYS = ['env', 'environment', 'stage', 'app.kubernetes.io/environment'];

/** The key by which namespaces of applications differ; null where they do not. */
function environmentKey({ snapshot }: LintContext): string | null {
  const namespaces = [...snapshot.namespaces.values()].filter((each) => !isSystemNamespace(each));
  return (
    ENVIRONMENT_KEYS.find(
      (key) => new Set(namespaces.flatMap(({ labels }) => labels.get(key) ?? [])).size > 1,
    ) ?? null
  );
}

function environmentOf({ labels, labelsKnown }: Namespace, key: string): string | null {
  return labelsKnown ? (labels.get(key) ?? null) : null;
}

export const acrossEnvironments: Check = {
  id: 'PIT-WIDE-4',
  title: 'Peers of every namespace, across environments',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-26', 'SEL-7'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Namespaces are labelled env=prod and env=dev, and a rule in one says namespaceSelector: {}. Production is then open to development, or the other way round.',
  evidence:
    'Namespaces differ in a label env, environment or stage; a peer selects every namespace; and among the running pods it matches are some of another environment than the policy’s own pods. Policies for namespaces of the platform are left out.',
  fix: 'Select the namespaces by their environment.',
  *find(context) {
    const key = environmentKey(context);
    if (key === null) return;
    // For each peer the groups that it matches, once: linear in peers and their groups.
    for (const { facts, rule } of rulesThat('allow', context)) {
      const owns = subjectGroups(context.connectivity, facts.policy) ?? [];
      // What the platform offers is for every environment.
      if (owns.some(({ namespace }) => isSystemNamespace(namespace))) continue;
      const own = new Set(owns.flatMap(({ namespace }) => environmentOf(namespace, key) ?? []));
      const [environment, ...more] = own;
      if (environment === undefined || more.length > 0) continue;
      for (const peer of rule.peers) {
        const namespaces = labelledPods(peer.match)?.namespaces;
        if (namespaces?.kind !== 'labelled' || namespaces.selector.length > 0) continue;
        const others = (groupsOf(context.connectivity, peer.match) ?? []).filter(
          ({ namespace }) => (environmentOf(namespace, key) ?? environment) !== environment,
        );
        if (others.length === 0) continue;
        const workloads = workloadsOf(others.flatMap(({ pods }) => [...pods]));
        const theirs = [...new Set(others.map(({ namespace }) => environmentOf(namespace, key)))];
        yield {
          object: facts.policy.ref,
          path: peer.path,
          message: `Its pods are of ${key}=${environment}, and the peer means pods of ${theirs.map((value) => `${key}=${value}`).join(', ')} too: ${listed(workloads.map(named))}.`,
          related: workloads,
          patch: `namespaceSelector:\n  matchLabels: {${key}: ${environment}}`,
        };
      }
    }
  },
};
