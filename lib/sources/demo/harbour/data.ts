import { cronJob, namespace, ownImage, statefulSet } from '#lib/sources/demo/workload.ts';
import { baseline, defaultDeny } from './good-practice.ts';

const HEADLESS = { headless: true } as const;

/** Databases, shared by all teams. */
export const data = namespace('data', {
  labels: { env: 'production', team: 'platform', 'pod-security.kubernetes.io/enforce': 'baseline' },
  workloads: [
    statefulSet('postgres', {
      image: 'docker.io/library/postgres:18.1',
      component: 'database',
      replicas: 3,
      ports: { postgres: 5432, patroni: 8008, metrics: 9187 },
      serves: { postgres: 5432 },
      service: HEADLESS,
    }),
    statefulSet('redis', {
      image: 'docker.io/valkey/valkey:9.0.0',
      component: 'cache',
      replicas: 3,
      ports: { redis: 6379, bus: 16379, metrics: 9121 },
      serves: { redis: 6379 },
      service: HEADLESS,
    }),
    statefulSet('kafka', {
      image: 'docker.io/apache/kafka:4.1.1',
      component: 'broker',
      replicas: 3,
      ports: { kafka: 9092, controller: 9093, metrics: 9404 },
      serves: { kafka: 9092 },
      service: HEADLESS,
    }),
    statefulSet('opensearch', {
      image: 'docker.io/opensearchproject/opensearch:3.3.2',
      component: 'search',
      replicas: 3,
      ports: { http: 9200, transport: 9300, metrics: 9600 },
      serves: { http: 9200 },
      service: HEADLESS,
    }),
    cronJob('backup', {
      image: ownImage('platform/pg-backup', '0.9.3'),
      component: 'batch',
      ports: { metrics: 9090 },
    }),
  ],
  policies: `${defaultDeny('data')}${baseline('data')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: postgres, namespace: data }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: postgres } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app.kubernetes.io/name: backup } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [catalog, reviews] }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: orders } }
          podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [orders, inventory] }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: backoffice } }
          podSelector: { matchLabels: { app.kubernetes.io/name: reports } }
      ports: [{ protocol: TCP, port: postgres }]
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: postgres } } }]
      ports: [{ protocol: TCP, port: postgres }, { protocol: TCP, port: patroni }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: postgres } } }]
      ports: [{ protocol: TCP, port: postgres }, { protocol: TCP, port: patroni }]
---
# Fault too-broad: opened for a night in October and never closed. Every pod of every namespace may
# reach every port of the cache that holds the sessions, staging included.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: redis, namespace: data }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: redis } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ namespaceSelector: {} }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: redis } } }]
      ports: [{ protocol: TCP, port: redis }, { protocol: TCP, port: bus }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: kafka, namespace: data }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: kafka } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: orders } }
          podSelector:
            matchExpressions:
              - key: app.kubernetes.io/name
                operator: In
                values: [checkout, orders, shipping, notifier]
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app.kubernetes.io/name: recommender } }
      ports: [{ protocol: TCP, port: kafka }]
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: kafka } } }]
      ports: [{ protocol: TCP, port: kafka }, { protocol: TCP, port: controller }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: kafka } } }]
      ports: [{ protocol: TCP, port: kafka }, { protocol: TCP, port: controller }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: opensearch, namespace: data }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: opensearch } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app.kubernetes.io/name: search } }
      ports: [{ protocol: TCP, port: http }]
    # Nodes of the cluster find each other on the first free port of this range.
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: opensearch } } }]
      ports: [{ protocol: TCP, port: 9300, endPort: 9400 }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: opensearch } } }]
      ports: [{ protocol: TCP, port: 9300, endPort: 9400 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: backup, namespace: data }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: backup } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: postgres } } }]
      ports: [{ protocol: TCP, port: postgres }]
    # The provider's object storage.
    - to: [{ ipBlock: { cidr: 198.51.100.0/25 } }]
      ports: [{ protocol: TCP, port: 443 }]
`,
});
