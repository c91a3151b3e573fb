import type { JsonObject } from '#lib/model/json.ts';
import type { Adversary } from './cluster-shape.ts';
import { type PolicyGround, subjectIn } from './network-policies.ts';
import { between } from './streams.ts';

/** The peer and ports of one policy that is as hard as can be; `index` counts through the cluster. */
function ruleOf(adversary: Adversary, ground: PolicyGround, index: number): JsonObject {
  const { random, namespace } = ground;
  switch (adversary) {
    case 'unique-not-in': {
      const matchExpressions = [{ key: 'slot', operator: 'NotIn', values: [`s${index + 1}`] }];
      return { from: [{ namespaceSelector: {}, podSelector: { matchExpressions } }] };
    }
    case 'unique-keys': {
      const matchExpressions = [{ key: `key-${index}`, operator: 'DoesNotExist' }];
      return { from: [{ namespaceSelector: {}, podSelector: { matchExpressions } }] };
    }
    case 'unique-blocks': {
      const base = `${20 + (index >> 14)}.${(index >> 6) & 255}.${(index << 2) & 255}`;
      return { from: [{ ipBlock: { cidr: `${base}.0/22`, except: [`${base}.16/28`] } }] };
    }
    case 'unique-ranges': {
      const port = 1000 + 6 * (index % 10_000);
      return {
        from: [{ namespaceSelector: {} }],
        ports: [{ protocol: 'TCP', port, endPort: port + between(random, 1, 4000) }],
      };
    }
    case 'pod-by-pod': {
      const names = namespace.workloads.flatMap(({ name, versions }) =>
        versions.flatMap(({ replicas }) =>
          Array.from({ length: replicas }, (_, i) => `${name}-${i}`),
        ),
      );
      const values = [names[index % Math.max(1, names.length)] ?? 'nobody'];
      const key = 'statefulset.kubernetes.io/pod-name';
      return { from: [{ podSelector: { matchExpressions: [{ key, operator: 'In', values }] } }] };
    }
    case 'one-namespace':
      return { from: [{ podSelector: subjectIn(ground) }, { podSelector: subjectIn(ground) }] };
  }
}

export function adversarialPolicy(
  adversary: Adversary,
  ground: PolicyGround,
  index: number,
): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: `hard-${String(index).padStart(5, '0')}`,
      namespace: ground.namespace.name,
    },
    spec: {
      podSelector: subjectIn(ground),
      policyTypes: ['Ingress'],
      ingress: [ruleOf(adversary, ground, index)],
    },
  };
}
