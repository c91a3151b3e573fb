import {
  cronJob,
  httpService,
  namespace,
  ownImage,
  statefulSet,
} from '#lib/sources/demo/workload.ts';
import { baseline, defaultDeny } from './good-practice.ts';

/** Card data: the strictest namespace. */
export const payments = namespace('payments', {
  labels: {
    env: 'production',
    team: 'payments',
    'pod-security.kubernetes.io/enforce': 'restricted',
  },
  workloads: [
    httpService('gateway', 3, ownImage('payments/gateway', '3.18.4')),
    httpService('fraud', 2, ownImage('payments/fraud', '1.9.0')),
    httpService('ledger', 2, ownImage('payments/ledger', '5.2.1')),
    statefulSet('ledger-db', {
      image: 'docker.io/library/postgres:18.1',
      component: 'database',
      replicas: 2,
      ports: { postgres: 5432, metrics: 9187 },
      serves: { postgres: 5432 },
      service: { headless: true },
    }),
    statefulSet('card-vault', {
      image: ownImage('payments/card-vault', '2.4.0'),
      replicas: 2,
      ports: { https: 8443, metrics: 9090 },
      serves: { https: 443 },
      service: { headless: true },
    }),
    cronJob('settlement', {
      image: ownImage('payments/settlement', '5.2.1'),
      component: 'batch',
      ports: { metrics: 9090 },
    }),
  ],
  policies: `${defaultDeny('payments')}${baseline('payments')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: gateway, namespace: payments }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: gateway } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: orders } }
          podSelector: { matchLabels: { app.kubernetes.io/name: checkout } }
        # The provider calls back through the ingress controller.
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [fraud, ledger] }
      ports: [{ protocol: TCP, port: 8080 }]
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: card-vault } } }]
      ports: [{ protocol: TCP, port: 8443 }]
    # The payment provider; the upper half of its range is its test system.
    - to: [{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.128/25] } }]
      ports: [{ protocol: TCP, port: 443 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: fraud, namespace: payments }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: fraud } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: gateway } } }]
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: redis } }
      ports: [{ protocol: TCP, port: 6379 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ledger, namespace: payments }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ledger } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [gateway, settlement] }
      ports: [{ protocol: TCP, port: http }]
    # Fault and-or: meant is the reports of the backoffice; the second dash makes it the whole
    # backoffice, or any reports of payments (there is none).
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: backoffice } }
        - podSelector: { matchLabels: { app.kubernetes.io/name: reports } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: ledger-db } } }]
      ports: [{ protocol: TCP, port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ledger-db, namespace: payments }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ledger-db } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [ledger, ledger-db] }
      ports: [{ protocol: TCP, port: postgres }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: ledger-db } } }]
      ports: [{ protocol: TCP, port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: card-vault, namespace: payments }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: card-vault } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: gateway } } }]
      ports: [{ protocol: TCP, port: https }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: settlement, namespace: payments }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: settlement } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: ledger } } }]
      ports: [{ protocol: TCP, port: 8080 }]
    # The provider takes the daily file by SFTP.
    - to: [{ ipBlock: { cidr: 203.0.113.32/28 } }]
      ports: [{ protocol: TCP, port: 22 }]
`,
  ingresses: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: public, namespace: payments }
spec:
  ingressClassName: nginx
  rules:
    - host: pay.harbour.example
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: gateway, port: { number: 80 } } } }
`,
});
