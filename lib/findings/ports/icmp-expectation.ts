import type { Check } from '#lib/findings/check.ts';

export const icmpExpectation: Check = {
  id: 'PIT-PORT-12',
  title: 'ICMP is expected and blocked',
  severity: 'info',
  group: 'ports',
  rules: ['GEN-6', 'CIL-39'],
  needs: ['flows'],
  scenario:
    'A monitor pings a pod that is isolated, and every rule for it names ports. Rules with ports permit no ICMP: the pod looks down and is not.',
  evidence:
    'A pod is isolated, every rule that could match carries ports, and connections that were observed show ICMP to it.',
  fix: 'Permit ICMP where the policy kind can, or add a rule without ports for the monitor.',
  find: null,
};
