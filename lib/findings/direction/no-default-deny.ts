import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import { isSystemNamespace, type LintContext } from '#lib/findings/context.ts';
import type { Found } from '#lib/findings/finding.ts';
import { podCount, workloadsOf } from '#lib/findings/objects.ts';
import { counted, listed } from '#lib/findings/words.ts';

/** Nothing isolates it, and no rule of an administrator closes anything. */
function isOpen({ sides }: PodGroup, direction: Direction): boolean {
  const side = sides[direction];
  return (
    side.isolated === 'no' &&
    !side.unreadable &&
    !side.policies.some((policy) => policy.rules[direction].some(({ action }) => action === 'deny'))
  );
}

const POLICY_TYPES = { ingress: 'Ingress', egress: 'Egress' } as const;
const OPEN_TO = {
  ingress: 'whatever runs in the cluster reaches them',
  egress: 'they reach whatever there is, in the cluster and outside',
} as const;

function* namespacesOpenFor(direction: Direction, { connectivity }: LintContext): Generator<Found> {
  const held = connectivity.groups.filter(({ hostNetwork }) => !hostNetwork);
  for (const [namespace, groups] of Map.groupBy(held, (group) => group.namespace)) {
    const open = groups.filter((group) => isOpen(group, direction));
    if (open.length === 0 || isSystemNamespace(namespace)) continue;
    const pods = open.flatMap((group) => [...group.pods]);
    const all = podCount(groups.flatMap((group) => [...group.pods]));
    const workloads = workloadsOf(pods);
    const which = podCount(pods) === all ? counted(all, 'pod') : `${podCount(pods)} of ${all} pods`;
    yield {
      object: { kind: 'Namespace', namespace: null, name: namespace.name },
      path: [],
      message: `No policy isolates ${which} of ${namespace.name} for ${direction} (${listed(workloads.map(({ name }) => name))}): ${OPEN_TO[direction]}.`,
      related: workloads,
      patch: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-${direction}
  namespace: ${namespace.name}
spec:
  podSelector: {}
  policyTypes: [${POLICY_TYPES[direction]}]`,
    };
  }
}

export const openForIngress: Check = {
  id: 'PIT-DIR-1',
  title: 'Namespace without default deny for ingress',
  severity: 'warning',
  group: 'direction',
  rules: ['GEN-3', 'NP-5'],
  needs: ['pods'],
  scenario:
    'Pods that no policy isolates are reached from every pod of the cluster. Whoever takes over one workload has them all in front.',
  evidence:
    'At least one running pod of the namespace is isolated for ingress by no policy, and no rule of an administrator denies it anything. Namespaces of the platform itself are left out.',
  fix: 'Add a policy that isolates every pod of the namespace for ingress, and rules for what is needed.',
  find: (context) => namespacesOpenFor('ingress', context),
};

export const openForEgress: Check = {
  id: 'PIT-DIR-2',
  title: 'Namespace without default deny for egress',
  severity: 'info',
  group: 'direction',
  rules: ['GEN-3', 'NP-5'],
  needs: ['pods'],
  scenario:
    'Pods that no policy isolates for egress reach the internet and every other workload: data can leave, and an intruder can fetch tools.',
  evidence:
    'At least one running pod of the namespace is isolated for egress by no policy, and no rule of an administrator denies it anything. Namespaces of the platform itself are left out.',
  fix: 'Add a policy that isolates every pod of the namespace for egress, with a rule for DNS and rules for what is needed.',
  find: (context) => namespacesOpenFor('egress', context),
};
