import { describe, expect, test } from 'vitest';
import type { CniFlags } from '#lib/engine/cni-profile.ts';
import { scenario } from '#lib/testing/scenario.ts';

/** The order in which plugins ask kinds (ORD): the same policies, plugin by plugin. */

const only = (app: string, rule: string) => `{podSelector: {matchLabels: {app: ${app}}}, ${rule}}`;
const ENFORCED: Partial<CniFlags> = {
  enforcesClusterNetworkPolicy: 'yes',
  enforcesAdminNetworkPolicy: 'yes',
};

function admin(tier: string, action: string): string {
  return `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: ${tier.toLowerCase()}}, spec: {tier: ${tier}, priority: 1, subject: {namespaces: {}}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}}`;
}

function calico(order: number, action: string, tier = 'default'): string {
  return `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: g}, spec: {tier: ${tier}, order: ${order}, selector: "app == 'db'", types: [Ingress], ingress: [{action: ${action}}]}}`;
}

const PERMITTING = { 'shop/db': only('db', 'ingress: [{from: [{podSelector: {}}]}]') };
const CLOSING = { 'shop/db': only('db', 'policyTypes: [Ingress]') };

/** What web may do at db. */
function verdict(
  cni: string,
  policies: Readonly<Record<string, string>>,
  objects: readonly string[],
  flags: Partial<CniFlags> = ENFORCED,
): string {
  return scenario(policies, { cni, flags, objects: objects.join('\n---\n') }).verdict(
    'shop/web',
    'shop/db',
    5432,
  );
}

test('ORD-1 NetworkPolicy alone: isolated, then the union of the rules', () => {
  const plain = (policies: Readonly<Record<string, string>>) =>
    verdict('kube-router', policies, [], {});
  expect(plain({})).toBe('allowed');
  expect(plain(CLOSING)).toBe('blocked');
  expect(plain({ ...CLOSING, 'shop/more': PERMITTING['shop/db'] })).toBe('allowed');
  // Whoever does not enforce the kind does not ask it.
  expect(verdict('kube-router', PERMITTING, [admin('Admin', 'Deny')], {})).toBe('allowed');
});

describe.each([
  ['ORD-2', 'kindnet'],
  ['ORD-3', 'cilium'],
  ['ORD-4', 'calico'],
  ['ORD-7', 'antrea'],
  ['ORD-8', 'ovn-kubernetes'],
  ['ORD-9', 'aws'],
])('%s %s: Admin, NetworkPolicy, Baseline', (_, cni) => {
  test.each([
    [
      'Deny of Admin over what NetworkPolicy permits',
      PERMITTING,
      admin('Admin', 'Deny'),
      'blocked',
    ],
    [
      'Accept of Admin over what NetworkPolicy closes',
      CLOSING,
      admin('Admin', 'Accept'),
      'allowed',
    ],
    ['NetworkPolicy after Pass', CLOSING, admin('Admin', 'Pass'), 'blocked'],
    ['NetworkPolicy over Deny of Baseline', PERMITTING, admin('Baseline', 'Deny'), 'allowed'],
    ['NetworkPolicy over Accept of Baseline', CLOSING, admin('Baseline', 'Accept'), 'blocked'],
    ['Baseline where nothing isolates', {}, admin('Baseline', 'Deny'), 'blocked'],
  ])('%s', (__, policies, object, expected) => {
    expect(verdict(cni, policies, [object])).toBe(expected);
  });
});

describe('ORD-3 Cilium: NetworkPolicy and its own kinds are one', () => {
  const cilium = (entry: string) =>
    `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: c, namespace: shop}, spec: {endpointSelector: {matchLabels: {app: db}}, ${entry}}}`;
  const DENY = cilium('ingressDeny: [{fromEndpoints: [{}]}]');
  const ALLOW = cilium('ingress: [{fromEndpoints: [{}]}]');

  test('a deny wins over what NetworkPolicy permits', () => {
    expect(verdict('cilium', PERMITTING, [DENY])).toBe('blocked');
  });

  test('a permission adds to what NetworkPolicy closes', () => {
    expect(verdict('cilium', CLOSING, [ALLOW])).toBe('allowed');
  });

  test('Admin comes before, Baseline after', () => {
    expect(verdict('cilium', {}, [DENY, admin('Admin', 'Accept')])).toBe('allowed');
    expect(verdict('cilium', {}, [ALLOW, admin('Baseline', 'Deny')])).toBe('allowed');
  });

  test('another plugin does not ask them', () => {
    expect(verdict('calico', PERMITTING, [DENY])).toBe('allowed');
  });
});

describe('ORD-4 Calico: tiers by order', () => {
  const TIER =
    '{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: first}, spec: {order: 100}}';

  test.each([
    ['before NetworkPolicy', calico(10, 'Deny'), 'blocked'],
    ['after NetworkPolicy, which has decided', calico(2000, 'Deny'), 'allowed'],
  ])('a Deny %s', (_, object, expected) => {
    expect(verdict('calico', PERMITTING, [object])).toBe(expected);
  });

  test('Admin stands before the tier default, and after tiers of a lower order', () => {
    expect(verdict('calico', {}, [calico(10, 'Deny'), admin('Admin', 'Accept')])).toBe('allowed');
    const first = [TIER, calico(10, 'Deny', 'first'), admin('Admin', 'Accept')];
    expect(verdict('calico', {}, first)).toBe('blocked');
  });

  test('Baseline stands after them', () => {
    expect(verdict('calico', {}, [calico(10, 'Pass'), admin('Baseline', 'Deny')])).toBe('blocked');
    expect(verdict('calico', {}, [calico(10, 'Allow'), admin('Baseline', 'Deny')])).toBe('allowed');
  });

  test('another plugin does not ask them', () => {
    expect(verdict('cilium', PERMITTING, [calico(10, 'Deny')])).toBe('allowed');
  });
});

test('ORD-6 where the plugin does not enforce the administrators’ kinds, they are not asked', () => {
  const off: Partial<CniFlags> = { enforcesClusterNetworkPolicy: 'no' };
  expect(verdict('calico', PERMITTING, [admin('Admin', 'Deny')], off)).toBe('allowed');
  const unknown: Partial<CniFlags> = { enforcesClusterNetworkPolicy: 'unknown' };
  expect(verdict('calico', PERMITTING, [admin('Admin', 'Deny')], unknown)).toBe('unknown');
});

test('ORD-5 AdminNetworkPolicy has the places of Admin and Baseline', () => {
  const object = (kind: string, name: string, rank: string, action: string) =>
    `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: ${kind}, metadata: {name: ${name}}, spec: {${rank}subject: {namespaces: {}}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}}`;
  const high = object('AdminNetworkPolicy', 'a', 'priority: 1, ', 'Deny');
  const low = object('BaselineAdminNetworkPolicy', 'default', '', 'Deny');
  expect(verdict('calico', PERMITTING, [high])).toBe('blocked');
  expect(verdict('calico', PERMITTING, [low])).toBe('allowed');
  expect(verdict('calico', {}, [low])).toBe('blocked');
});
