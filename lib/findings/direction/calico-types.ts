import type { Check } from '#lib/findings/check.ts';
import { valueAt } from '#lib/findings/policy-facts.ts';
import { calicoObjects } from '#lib/findings/written-specs.ts';

export const calicoWithoutTypes: Check = {
  id: 'PIT-DIR-15',
  title: 'Calico policy stored without types',
  severity: 'error',
  group: 'direction',
  rules: ['CAL-9', 'CAL-10'],
  needs: [],
  scenario:
    'A policy was written past Calico’s API, to crd.projectcalico.org, and says nothing of types. The API would fill them in from the rules; the data plane takes both directions, and closes the one that was not thought of.',
  evidence: 'An object of crd.projectcalico.org/v1 has no types.',
  fix: 'Write types, or apply the policy as projectcalico.org/v3.',
  *find(context) {
    for (const { policy, body } of calicoObjects(context)) {
      const types = valueAt(body, ['spec', 'types']) ?? [];
      const isStored = String(body.apiVersion ?? '').startsWith('crd.projectcalico.org/');
      if (!isStored || !Array.isArray(types) || types.length > 0) continue;
      yield {
        object: policy.ref,
        path: ['spec'],
        message: 'Without types it isolates its pods for ingress and for egress.',
      };
    }
  },
};
