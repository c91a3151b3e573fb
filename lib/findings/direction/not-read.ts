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
