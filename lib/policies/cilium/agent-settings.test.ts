import { describe, expect, test } from 'vitest';
import { ciliumScenario } from '#lib/testing/cilium-scenario.ts';

/** What agents are told beside policies, as flags of the plugin (CIL-11 … CIL-14), and the tiers around (CIL-18). */

const DENY_DB = {
  'shop/db':
    'endpointSelector: {matchLabels: {app: db}}\ningressDeny: [{fromEndpoints: [{matchLabels: {app: web}}]}]\nenableDefaultDeny: {ingress: false}',
};

describe('enable-policy: always', () => {
  const flags = { isolatesEverything: 'yes' } as const;

  test('CIL-11 isolates pods that no policy selects', () => {
    const { verdict, answer } = ciliumScenario({}, { flags });
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
    expect(answer('shop/web', 'shop/api', 8081).egress.reason).toEqual({
      kind: 'isolated-by-plugin',
    });
  });

  test('CIL-11 what policies permit passes', () => {
    const all =
      'endpointSelector: {}\ningress: [{fromEntities: [all]}]\negress: [{toEntities: [all]}]';
    const { verdict } = ciliumScenario({ 'shop/all': all }, { flags });
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('blocked');
  });

  test('CIL-11 of a pod that only rules without default deny select nothing else is open', () => {
    const { verdict } = ciliumScenario(DENY_DB, { flags });
    expect(verdict('203.0.113.5', 'shop/db', 5432)).toBe('blocked');
  });
});

test('CIL-12 rules for pods without labels say nothing about those that have them', () => {
  const { verdict } = ciliumScenario({
    init: 'endpointSelector: {matchLabels: {"reserved:init": ""}}\ningress: [{}]\negress: [{}]',
  });
  expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
});

test('CIL-13 in audit mode a block is only what policies ask for', () => {
  const { verdict } = ciliumScenario(DENY_DB, { flags: { dropsDenied: 'no' } });
  expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
  expect(verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
});

describe('switches for kinds', () => {
  const WEB_ISOLATED = { 'shop/web': 'podSelector: {matchLabels: {app: web}}' };

  test.each([
    ['yes', 'blocked'],
    ['no', 'allowed'],
    ['unknown', 'unknown'],
  ] as const)('CIL-14 Cilium’s own, enforced: %s', (enforcesCilium, expected) => {
    const { verdict } = ciliumScenario(DENY_DB, {
      networkPolicies: WEB_ISOLATED,
      flags: { enforcesCilium },
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe(expected);
    expect(verdict('shop/api', 'shop/web', 8080)).toBe('blocked');
  });

  test('CIL-14 under another plugin nothing comes of them', () => {
    const { verdict } = ciliumScenario(DENY_DB, { flags: { enforcesCilium: 'no' } });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  });
});

describe('the administrators’ tiers', () => {
  const policy = (tier: string, action: string, name = 'admin') => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec:
  tier: ${tier}
  priority: 10
  subject: {namespaces: {}}
  ingress: [{action: ${action}, from: [{namespaces: {}}]}]`;
  const flags = { enforcesClusterNetworkPolicy: 'yes' } as const;
  const asked = (policies: Record<string, string>, objects: string) =>
    ciliumScenario(policies, { objects, flags }).verdict('shop/web', 'shop/db', 5432);
  const ALLOW_DB = {
    'shop/db':
      'endpointSelector: {matchLabels: {app: db}}\ningress: [{fromEndpoints: [{matchLabels: {app: web}}]}]',
  };

  test.each([
    ['Admin', 'Accept', 'what is denied', DENY_DB, 'allowed'],
    ['Admin', 'Deny', 'what is permitted', ALLOW_DB, 'blocked'],
    ['Admin', 'Pass', 'what is denied', DENY_DB, 'blocked'],
    ['Baseline', 'Deny', 'what is permitted', ALLOW_DB, 'allowed'],
    ['Baseline', 'Accept', 'what is denied', DENY_DB, 'blocked'],
    ['Baseline', 'Deny', 'nothing', {}, 'blocked'],
  ])('CIL-18 %s: %s over %s', (tier, action, _, policies, expected) => {
    expect(asked(policies, policy(tier, action))).toBe(expected);
  });

  test('CIL-18 two of one priority that disagree never open anything for sure', () => {
    const objects = `${policy('Admin', 'Accept', 'one')}\n---${policy('Admin', 'Deny', 'other')}`;
    expect(asked({}, objects)).toBe('unknown');
  });
});
