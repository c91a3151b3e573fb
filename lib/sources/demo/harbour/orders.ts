import { deployment, httpService, namespace, ownImage } from '#lib/sources/demo/workload.ts';
import { baseline, defaultDeny } from './good-practice.ts';

const service = (name: string, replicas: number) =>
  httpService(name, replicas, ownImage(`orders/${name}`));

/** Reads topics; nobody calls it. */
const consumer = (name: string, replicas: number) =>
  deployment(name, {
    image: ownImage(`orders/${name}`),
    component: 'consumer',
    replicas,
    ports: { metrics: 9090 },
  });

/** From the checkout to the parcel. */
export const orders = namespace('orders', {
  labels: {
    env: 'production',
    team: 'fulfilment',
    'pod-security.kubernetes.io/enforce': 'restricted',
  },
  workloads: [
    service('checkout', 4),
    service('orders', 3),
    service('inventory', 2),
    consumer('shipping', 2),
    consumer('notifier', 2),
  ],
  policies: `${defaultDeny('orders')}${baseline('orders')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: checkout, namespace: orders }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: checkout } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app.kubernetes.io/name: api } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [inventory, orders] }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app.kubernetes.io/name: cart } }
      ports: [{ protocol: TCP, port: 8080 }]
    # Fault one-side-only: payments lets nobody but its gateway call fraud.
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: payments } }
          podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [gateway, fraud] }
      ports: [{ protocol: TCP, port: 8080 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: kafka } }
      ports: [{ protocol: TCP, port: 9092 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: orders, namespace: orders }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: orders } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app.kubernetes.io/name: checkout } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app.kubernetes.io/name: api } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: backoffice } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: inventory } } }]
      ports: [{ protocol: TCP, port: 8080 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: postgres } }
      ports: [{ protocol: TCP, port: 5432 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: kafka } }
      ports: [{ protocol: TCP, port: 9092 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: inventory, namespace: orders }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: inventory } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [checkout, orders] }
      ports: [{ protocol: TCP, port: http }]
    # Fault peer-typo: there is no catalouge.
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app.kubernetes.io/name: catalouge } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: postgres } }
      ports: [{ protocol: TCP, port: 5432 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: redis } }
      ports: [{ protocol: TCP, port: 6379 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: consumers, namespace: orders }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/component: consumer } }
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: kafka } }
      ports: [{ protocol: TCP, port: 9092 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: notifier, namespace: orders }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: notifier } }
  policyTypes: [Egress]
  egress:
    # The mail provider.
    - to: [{ ipBlock: { cidr: 198.51.100.160/28 } }]
      ports: [{ protocol: TCP, port: 587 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: shipping, namespace: orders }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: shipping } }
  policyTypes: [Egress]
  egress:
    # The carriers' interfaces.
    - to: [{ ipBlock: { cidr: 198.51.100.192/28 } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
});
