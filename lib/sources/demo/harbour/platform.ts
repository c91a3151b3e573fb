import { deployment, namespace, statefulSet } from '#lib/sources/demo/workload.ts';

/** Source code, builds and deliveries. */
export const platform = namespace('platform', {
  labels: { env: 'production', team: 'platform', 'pod-security.kubernetes.io/enforce': 'baseline' },
  workloads: [
    deployment('argocd', {
      image: 'quay.io/argoproj/argocd:v3.2.1',
      ports: { http: 8080, metrics: 8083 },
      serves: { http: 80 },
    }),
    statefulSet('gitea', {
      image: 'docker.gitea.com/gitea:1.25.2',
      ports: { http: 3000 },
      serves: { http: 80 },
    }),
    deployment('registry', {
      image: 'docker.io/library/registry:3.0.0',
      replicas: 2,
      ports: { https: 5000 },
      serves: { https: 443 },
    }),
    deployment('runner', { image: 'docker.gitea.com/act_runner:0.2.13', replicas: 4 }),
  ],
  policies: `
---
# Fault egress-not-isolated: meant to close both directions. Without policyTypes an empty egress
# list isolates nothing: only ingress is closed, and the runners reach whatever lets them in.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: lockdown, namespace: platform }
spec:
  podSelector: {}
  ingress: []
  egress: []
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: argocd, namespace: platform }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: argocd } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }
          podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }
      ports: [{ protocol: TCP, port: metrics }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: gitea, namespace: platform }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: gitea } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [argocd, runner] }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: registry, namespace: platform }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: registry } }
  policyTypes: [Ingress]
  ingress:
    # Runners push; the nodes pull.
    - from:
        - podSelector: { matchLabels: { app.kubernetes.io/name: runner } }
        - ipBlock: { cidr: 10.20.1.0/24 }
        - ipBlock: { cidr: 'fd00:20:0:1::/64' }
      ports: [{ protocol: TCP, port: https }]
`,
});
