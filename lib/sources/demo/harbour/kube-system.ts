import { daemonSet, deployment, namespace } from '#lib/sources/demo/workload.ts';

/** What the cluster itself runs; the network is Calico's, which stands in for kube-proxy. */
export const kubeSystem = namespace('kube-system', {
  labels: {
    env: 'production',
    team: 'platform',
    'pod-security.kubernetes.io/enforce': 'privileged',
  },
  workloads: [
    deployment('coredns', {
      image: 'registry.k8s.io/coredns/coredns:v1.13.1',
      replicas: 2,
      labels: { 'k8s-app': 'kube-dns' },
      ports: { dns: '53/UDP', 'dns-tcp': 53, metrics: 9153 },
      serves: { dns: 53, 'dns-tcp': 53, metrics: 9153 },
      service: { name: 'kube-dns', clusterIP: '10.43.0.10', dualStack: true },
    }),
    deployment('metrics-server', {
      image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
      labels: { 'k8s-app': 'metrics-server' },
      ports: { https: 10250 },
      serves: { https: 443 },
    }),
    deployment('calico-kube-controllers', {
      image: 'quay.io/calico/kube-controllers:v3.31.2',
      labels: { 'k8s-app': 'calico-kube-controllers' },
    }),
    daemonSet('calico-node', {
      image: 'quay.io/calico/node:v3.31.2',
      labels: { 'k8s-app': 'calico-node' },
      hostNetwork: true,
      // As Calico's own manifest has it: what a pod's policies let through to its node is accepted.
      environment: { FELIX_DEFAULTENDPOINTTOHOSTACTION: 'ACCEPT' },
    }),
  ],
  policies: `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: coredns, namespace: kube-system }
spec:
  podSelector: { matchLabels: { k8s-app: kube-dns } }
  policyTypes: [Ingress]
  ingress:
    # Every pod may ask, and so may the nodes.
    - from:
        - namespaceSelector: {}
        - ipBlock: { cidr: 10.20.1.0/24 }
        - ipBlock: { cidr: 'fd00:20:0:1::/64' }
      ports: [{ protocol: UDP, port: dns }, { protocol: TCP, port: dns-tcp }]
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }
          podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }
      ports: [{ protocol: TCP, port: metrics }]
---
# Its callers are the API server and, through it, kubectl top and autoscalers.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: metrics-server, namespace: kube-system }
spec:
  podSelector: { matchLabels: { k8s-app: metrics-server } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ ipBlock: { cidr: 10.20.0.10/32 } }]
      ports: [{ protocol: TCP, port: https }]
`,
});
