import { deployment, httpService, namespace, ownImage } from '#lib/sources/demo/workload.ts';
import { baseline, defaultDeny } from './good-practice.ts';

const service = (name: string, replicas: number) =>
  httpService(name, replicas, ownImage(`shop/${name}`));

/** The storefront. */
export const shop = namespace('shop', {
  labels: {
    env: 'production',
    team: 'storefront',
    'pod-security.kubernetes.io/enforce': 'restricted',
  },
  workloads: [
    service('web', 8),
    service('api', 6),
    service('catalog', 4),
    service('cart', 3),
    service('search', 2),
    service('reviews', 2),
    // Fault `unresolved-port`: says `telemetry` where the baseline policy says `metrics`.
    deployment('images', {
      image: ownImage('shop/images'),
      replicas: 2,
      ports: { http: 8080, telemetry: 9090 },
      serves: { http: 80 },
    }),
    service('recommender', 2),
  ],
  policies: `${defaultDeny('shop')}${baseline('shop')}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: web } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: api } } }]
      ports: [{ protocol: TCP, port: 8080 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: api } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app.kubernetes.io/name: web } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - podSelector:
            matchExpressions:
              - key: app.kubernetes.io/name
                operator: In
                values: [catalog, cart, search, reviews, recommender]
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: orders } }
          podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [checkout, orders] }
      ports: [{ protocol: TCP, port: 8080 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: catalog, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: catalog } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [api, cart] }
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
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: orders } }
          podSelector: { matchLabels: { app.kubernetes.io/name: inventory } }
      ports: [{ protocol: TCP, port: 8080 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: cart } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app.kubernetes.io/name: api } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: orders } }
          podSelector: { matchLabels: { app.kubernetes.io/name: checkout } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: catalog } } }]
      ports: [{ protocol: TCP, port: 8080 }]
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: redis } }
      ports: [{ protocol: TCP, port: 6379 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: search, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: search } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: api } } }]
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: opensearch } }
      ports: [{ protocol: TCP, port: 9200 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: reviews, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: reviews } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: api } } }]
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: postgres } }
      ports: [{ protocol: TCP, port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: images, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: images } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    # The provider's object storage.
    - to: [{ ipBlock: { cidr: 198.51.100.0/25 } }]
      ports: [{ protocol: TCP, port: 443 }]
---
# Fault label-drift: the workload was renamed to recommender, this policy was not. It selects
# nothing, so the recommender is left with default-deny and baseline.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: recommendations, namespace: shop }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: recommendations } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: api } } }]
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }
          podSelector: { matchLabels: { app.kubernetes.io/name: kafka } }
      ports: [{ protocol: TCP, port: 9092 }]
`,
  ingresses: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: public, namespace: shop }
spec:
  ingressClassName: nginx
  rules:
    - host: www.harbour.example
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
          - { path: /api, pathType: Prefix, backend: { service: { name: api, port: { number: 80 } } } }
          - { path: /images, pathType: Prefix, backend: { service: { name: images, port: { number: 80 } } } }
          # Fault \`closed-way-in\`: search lets in the api alone.
          - { path: /search, pathType: Prefix, backend: { service: { name: search, port: { number: 80 } } } }
`,
});
