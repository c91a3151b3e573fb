import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import { calicoObjects, itemsOf } from '#lib/findings/written-specs.ts';
import { isJsonObject } from '#lib/model/json.ts';

const PEER = { ingress: 'source', egress: 'destination' } as const;
const NARROWING = [
  'selector',
  'namespaceSelector',
  'nets',
  'notNets',
  'services',
  'serviceAccounts',
];

export const calicoNotSelector: Check = {
  id: 'PIT-SEL-13',
  title: 'notSelector that is meant for outside',
  severity: 'warning',
  group: 'selection',
  rules: ['CAL-23', 'CAL-24'],
  needs: [],
  scenario:
    'A rule of Calico’s NetworkPolicy has notSelector alone, to mean everybody else, the outside included. In a namespaced policy it means other pods of the same namespace only.',
  evidence:
    'A rule of Calico’s NetworkPolicy has a peer with notSelector, and with no selector, namespaceSelector or nets.',
  fix: 'Use a GlobalNetworkPolicy, or notNets for addresses outside.',
  *find(context) {
    for (const { policy, body } of calicoObjects(context)) {
      if (policy.ref.namespace === null) continue;
      for (const direction of DIRECTIONS)
        for (const { path, item } of itemsOf(body, ['spec', direction])) {
          const peer = item[PEER[direction]];
          if (!isJsonObject(peer) || (peer.notSelector ?? null) === null) continue;
          if (NARROWING.some((field) => (peer[field] ?? null) !== null)) continue;
          yield {
            object: policy.ref,
            path: [...path, PEER[direction], 'notSelector'],
            message: `${String(peer.notSelector)} is looked for among the pods of ${policy.ref.namespace} alone: nobody outside the namespace matches.`,
          };
        }
    }
  },
};
