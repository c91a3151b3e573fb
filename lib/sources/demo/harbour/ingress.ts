import { deployment, namespace } from '#lib/sources/demo/workload.ts';
import { baseline, defaultDeny } from './good-practice.ts';

/** The way in from the internet. */
export const ingress = namespace('ingress', {
  labels: { env: 'production', team: 'platform', 'pod-security.kubernetes.io/enforce': 'baseline' },
  workloads: [
    deployment('ingress-nginx', {
      image: 'registry.k8s.io/ingress-nginx/controller:v1.14.1',
      component: 'controller',
      replicas: 3,
      ports: { http: 80, https: 443, metrics: 10254 },
      serves: { http: 80, https: 443 },
      service: { loadBalancerIP: '192.0.2.80', dualStack: true },
    }),
  ],
  policies: `${defaultDeny('ingress')}${baseline('ingress')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ingress-nginx, namespace: ingress }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
  policyTypes: [Ingress, Egress]
  ingress:
    # The whole internet, in both address families, but none of our own networks.
    - from:
        - ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] }
        - ipBlock: { cidr: '::/0', except: ['fd00::/8'] }
      ports: [{ protocol: TCP, port: http }, { protocol: TCP, port: https }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [web, api, images] }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: payments } }
          podSelector: { matchLabels: { app.kubernetes.io/name: gateway } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: backoffice } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }
          podSelector: { matchLabels: { app.kubernetes.io/name: grafana } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: platform } }
          podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [argocd, gitea] }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: staging } }
          podSelector: { matchLabels: { app.kubernetes.io/name: web } }
      ports: [{ protocol: TCP, port: http }]
    # It reads Ingress objects from the API server.
    - to: [{ ipBlock: { cidr: 10.20.0.10/32 } }]
      ports: [{ protocol: TCP, port: 6443 }]
`,
  ingresses: `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
  annotations: { ingressclass.kubernetes.io/is-default-class: 'true' }
spec: { controller: k8s.io/ingress-nginx }
`,
});
