import type { Check } from '#lib/findings/check.ts';

export const mutableNamespaceLabel: Check = {
  id: 'PIT-SEL-9',
  title: 'Namespace selected by a label that tenants can change',
  severity: 'info',
  group: 'selection',
  rules: ['NP-30', 'SEL-12'],
  needs: ['namespaces', 'roles'],
  scenario:
    'A peer selects namespaces by a label of the owner’s choice. Whoever may edit a namespace can give it that label, and is let in.',
  evidence:
    'A namespaceSelector names a label other than kubernetes.io/metadata.name, and somebody who is no administrator may edit namespaces.',
  fix: 'Select the namespace by kubernetes.io/metadata.name, or let an admission policy guard the label.',
  find: null,
};
