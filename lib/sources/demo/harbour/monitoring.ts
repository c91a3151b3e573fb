import { daemonSet, deployment, namespace, statefulSet } from '#lib/sources/demo/workload.ts';
import { defaultDeny } from './good-practice.ts';

/** Metrics, logs and alerts of the whole cluster. */
export const monitoring = namespace('monitoring', {
  labels: {
    env: 'production',
    team: 'platform',
    'pod-security.kubernetes.io/enforce': 'privileged',
  },
  workloads: [
    statefulSet('prometheus', {
      image: 'quay.io/prometheus/prometheus:v3.8.0',
      replicas: 2,
      ports: { http: 9090 },
      serves: { http: 9090 },
    }),
    statefulSet('alertmanager', {
      image: 'quay.io/prometheus/alertmanager:v0.29.0',
      replicas: 2,
      ports: { http: 9093, mesh: 9094, 'mesh-udp': '9094/UDP' },
      serves: { http: 9093 },
    }),
    deployment('grafana', {
      image: 'docker.io/grafana/grafana:12.3.0',
      ports: { http: 3000 },
      serves: { http: 80 },
    }),
    statefulSet('loki', {
      image: 'docker.io/grafana/loki:3.6.0',
      ports: { http: 3100 },
      serves: { http: 3100 },
    }),
    daemonSet('alloy', {
      image: 'docker.io/grafana/alloy:v1.12.0',
      component: 'log-shipper',
      ports: { http: 12345 },
    }),
    deployment('kube-state-metrics', {
      image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0',
      component: 'exporter',
      ports: { http: 8080 },
      serves: { http: 8080 },
    }),
    daemonSet('node-exporter', {
      image: 'quay.io/prometheus/node-exporter:v1.10.2',
      component: 'exporter',
      ports: { metrics: 9100 },
      hostNetwork: true,
    }),
  ],
  policies: `${defaultDeny('monitoring')}
---
# Here every pod serves its metrics on its one port, and most read the cluster's state.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: baseline, namespace: monitoring }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } } }]
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
    - to: [{ ipBlock: { cidr: 10.20.0.10/32 } }]
      ports: [{ protocol: TCP, port: 6443 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: prometheus, namespace: monitoring }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: grafana } } }]
      ports: [{ protocol: TCP, port: http }]
  egress:
    # A named port is looked up on each target, so one rule serves all exporters.
    - to: [{ namespaceSelector: { matchLabels: { env: production } } }]
      ports: [{ protocol: TCP, port: metrics }]
    - to: [{ podSelector: {} }]
      ports: [{ protocol: TCP, port: http }]
    # node-exporter and kubelet listen on the nodes' own addresses.
    - to: [{ ipBlock: { cidr: 10.20.1.0/24 } }, { ipBlock: { cidr: 'fd00:20:0:1::/64' } }]
      ports: [{ protocol: TCP, port: 9100 }, { protocol: TCP, port: 10250 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: alertmanager, namespace: monitoring }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: alertmanager } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: alertmanager } } }]
      ports: [{ protocol: TCP, port: mesh }, { protocol: UDP, port: mesh-udp }]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: alertmanager } } }]
      ports: [{ protocol: TCP, port: mesh }, { protocol: UDP, port: mesh-udp }]
    # The pager service.
    - to: [{ ipBlock: { cidr: 198.51.100.224/28 } }]
      ports: [{ protocol: TCP, port: 443 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: grafana, namespace: monitoring }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: grafana } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } }
          podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
      ports: [{ protocol: TCP, port: http }]
  egress:
    - to:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [prometheus, loki] }
      ports: [{ protocol: TCP, port: http }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: loki, namespace: monitoring }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: loki } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector:
            matchExpressions:
              - { key: app.kubernetes.io/name, operator: In, values: [alloy, grafana] }
      ports: [{ protocol: TCP, port: http }]
  egress:
    # The provider's object storage.
    - to: [{ ipBlock: { cidr: 198.51.100.0/25 } }]
      ports: [{ protocol: TCP, port: 443 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: alloy, namespace: monitoring }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: alloy } }
  policyTypes: [Egress]
  egress:
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: loki } } }]
      ports: [{ protocol: TCP, port: http }]
`,
});
