import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

const DENY_API = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: no-api }
spec:
  tier: Admin
  priority: 10
  subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }
  ingress:
    - action: Deny
      from: [{ namespaces: {} }]
`;

const ask = (enforcesClusterNetworkPolicy: 'yes' | 'no' | 'unknown') =>
  scenario({}, { objects: DENY_API, flags: { enforcesClusterNetworkPolicy } });

describe('CNP-30: whether the plugin enforces the kinds of the admin tiers', () => {
  test('where it does, a Deny blocks', () => {
    expect(ask('yes').verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
  });

  test('where it does not, the Deny is only written', () => {
    expect(ask('no').verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
  });

  test('where that is not known, neither is the verdict, and the cause is named', () => {
    const { verdict, causes } = ask('unknown');
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('unknown');
    expect(causes('shop/web', 'shop/api', 8081)).toContainEqual({
      kind: 'cni-flag',
      flag: 'enforcesClusterNetworkPolicy',
    });
  });
});
