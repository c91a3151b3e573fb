import type { Check } from '#lib/findings/check.ts';

/** What needs objects that are not read, or connections that were seen. */

const DECLARED = { group: 'interaction', find: null } as const;

export const egressFirewall: Check = {
  ...DECLARED,
  id: 'PIT-REL-17',
  title: 'An EgressFirewall denies what a policy permits',
  severity: 'info',
  rules: ['OVN-2'],
  needs: ['custom-resources'],
  scenario:
    'A NetworkPolicy permits a network outside, and the namespace’s EgressFirewall denies it. Both have to permit.',
  evidence: 'A rule of an EgressFirewall denies addresses that a policy’s egress permits.',
  fix: 'Permit the destination in the EgressFirewall too, or remove it from the policy.',
};

export const separateNetworks: Check = {
  ...DECLARED,
  id: 'PIT-REL-18',
  title: 'The pods of a peer are in another network',
  severity: 'error',
  rules: ['OVN-3'],
  needs: ['networks'],
  scenario:
    'A peer names pods of a namespace that has a primary network of its own. Networks do not reach each other, whatever policies permit.',
  evidence: 'The policy’s pods and those of a peer have different primary networks.',
  fix: 'Bring them into one network, or connect through a Service that both reach.',
};

export const meshContradicts: Check = {
  ...DECLARED,
  id: 'PIT-REL-19',
  title: 'The mesh’s AuthorizationPolicy contradicts',
  severity: 'info',
  rules: ['IST-1'],
  needs: ['custom-resources'],
  scenario:
    'The network permits what an AuthorizationPolicy of the mesh denies, or the reverse. Both have to permit.',
  evidence: 'An AuthorizationPolicy denies the callers that a policy permits.',
  fix: 'Bring the two in line.',
};

export const selfAccess: Check = {
  ...DECLARED,
  id: 'PIT-REL-20',
  title: 'Pods cannot call their own Service',
  severity: 'info',
  rules: ['GEN-17'],
  needs: ['flows'],
  scenario:
    'The members of a database call each other through the Service in front, and their policies permit only clients.',
  evidence: 'Pods that are isolated both ways were seen to call a Service that leads to them.',
  fix: 'Permit the pods to connect to themselves.',
};

export const unusedAllow: Check = {
  ...DECLARED,
  id: 'PIT-REL-21',
  title: 'A rule that nobody uses',
  severity: 'info',
  rules: ['NP-12'],
  needs: ['flows'],
  scenario: 'A rule was needed once. What it permits has not been seen for a month.',
  evidence: 'No connection that the rule permits was seen in the time observed.',
  fix: 'Remove the rule after asking the owners.',
};

export const flowContradicts: Check = {
  ...DECLARED,
  id: 'PIT-REL-22',
  title: 'A connection was seen that should not be',
  severity: 'error',
  rules: ['GEN-26'],
  needs: ['flows'],
  scenario:
    'The verdict is blocked and the connection goes through, or the reverse: the network plugin is another than assumed, or the state is old.',
  evidence: 'A connection that was forwarded is one that is blocked here, or the reverse.',
  fix: 'Check which network plugin is assumed, and that everything was read.',
};
