import { deployment, namespace, ownImage } from '#lib/sources/demo/workload.ts';
import { defaultDeny } from './good-practice.ts';

const tool = (name: string, replicas: number) =>
  deployment(name, {
    image: ownImage(`backoffice/${name}`),
    replicas,
    ports: { http: 8080 },
    serves: { http: 80 },
  });

/**
 * Tools of the staff. Fault `no-dns`: default-deny is here, the baseline with its DNS rule is not,
 * so nothing in the namespace can look up a name.
 */
export const backoffice = namespace('backoffice', {
  labels: {
    env: 'production',
    team: 'operations',
    'pod-security.kubernetes.io/enforce': 'restricted',
  },
  workloads: [tool('admin', 2), tool('support', 2), tool('reports', 1)],
  policies: `${defaultDeny('backoffice')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: tools, namespace: backoffice }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: orders } }
          podSelector: { matchLabels: { app.kubernetes.io/name: orders } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: payments } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ledger } }
      ports: [{ protocol: TCP, port: 8080 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: reports, namespace: backoffice }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: reports } }
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: postgres } }
      ports: [{ protocol: TCP, port: 5432 }]
`,
});
