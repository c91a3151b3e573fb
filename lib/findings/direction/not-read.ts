import type { Check } from '#lib/findings/check.ts';

/** What needs objects that are not read. */

export const controlPlaneBlocked: Check = {
  id: 'PIT-DIR-16',
  title: 'Callers from the control plane are blocked',
  severity: 'error',
  group: 'direction',
  rules: ['GEN-22'],
  needs: ['webhooks'],
  scenario:
    'A webhook’s pods are closed for ingress. The API server calls from the address of a node, which no selector matches: admission fails in the whole cluster.',
  evidence:
    'A Service that a webhook configuration, a CRD’s conversion or an APIService names leads to pods that are isolated for ingress and deny the addresses of the API server.',
  fix: 'Permit the addresses of the control plane, or Cilium’s entity kube-apiserver.',
  find: null,
};

export const monitoringBlocked: Check = {
  id: 'PIT-DIR-19',
  title: 'Monitoring is blocked',
  severity: 'warning',
  group: 'direction',
  rules: ['GEN-2'],
  needs: ['custom-resources'],
  scenario:
    'Pods that Prometheus is told to scrape are closed for ingress, without a rule for Prometheus: there are gaps in the metrics, and alerts that never fire.',
  evidence:
    'A ServiceMonitor, a PodMonitor or an annotation names pods that deny what comes from Prometheus’ pods.',
  fix: 'Permit the pods of Prometheus on the port of the metrics.',
  find: null,
};
