import { describe, expect, test } from 'vitest';
import type { CniFlag, Tri } from '#lib/engine/cni-profile.ts';
import { scenario } from '#lib/testing/scenario.ts';

/** Where the specifications leave it open (AMB): the flag decides, and without a plugin nobody. */

const only = (app: string, rule: string) => `{podSelector: {matchLabels: {app: ${app}}}, ${rule}}`;

interface Open {
  readonly policies: Readonly<Record<string, string>>;
  readonly asked: readonly [from: string, to: string, port: number];
}

/** What each value of a flag makes of a question. */
function byFlag(flag: CniFlag, { policies, asked }: Open): readonly string[] {
  return (['yes', 'no', 'unknown'] satisfies Tri[]).map((value) =>
    scenario(policies, { flags: { [flag]: value } }).verdict(...asked),
  );
}

test('AMB-1 blocks and pods', () => {
  const open: Open = {
    policies: { 'shop/api': only('api', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/16}}]}]') },
    asked: ['shop/web', 'shop/api', 8081],
  };
  expect(byFlag('ipBlockMatchesPods', open)).toEqual(['allowed', 'blocked', 'unknown']);
});

test('AMB-2 a pod and its own node', () => {
  const open: Open = {
    policies: { 'shop/web': only('web', 'policyTypes: [Egress]') },
    asked: ['shop/web', '192.168.0.1', 10250],
  };
  expect(byFlag('policesPodToLocalNode', open)).toEqual(['blocked', 'allowed', 'unknown']);
  const other: Open = { ...open, asked: ['shop/web', '192.168.0.2', 10250] };
  expect(byFlag('policesPodToLocalNode', other)).toEqual(['blocked', 'blocked', 'blocked']);
});

test('AMB-8 a selector of namespaces matches no hostNetwork pod', () => {
  for (const peer of ['{namespaceSelector: {}}', '{namespaceSelector: {}, podSelector: {}}']) {
    const { verdict } = scenario({ 'shop/api': only('api', `ingress: [{from: [${peer}]}]`) });
    expect(verdict('ops/agent', 'shop/api', 8081)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/api', 8081)).toBe('allowed');
  }
});

describe('AMB-9 named ports outside the containers', () => {
  const withPorts = (containers: string, initContainerPorts: Tri) =>
    scenario(
      { 'shop/db': only('db', 'ingress: [{ports: [{port: setup}]}]') },
      {
        objects: `{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}, spec: {nodeName: n1, ${containers}}, status: {podIPs: [{ip: 10.0.1.12}]}}`,
        flags: { initContainerPorts },
      },
    ).verdict('shop/web', 'shop/db', 9999);
  const PORT = 'ports: [{name: setup, containerPort: 9999}]';

  test.each(['yes', 'no', 'unknown'] as const)(
    'a sidecar’s counts, whatever the flag: %s',
    (flag) => {
      const containers = `initContainers: [{name: a, restartPolicy: Always, ${PORT}}], containers: [{name: b}]`;
      expect(withPorts(containers, flag)).toBe('allowed');
    },
  );

  test('an init container’s is what the plugin makes of it', () => {
    const containers = `initContainers: [{name: a, ${PORT}}], containers: [{name: b}]`;
    const verdicts = (['yes', 'no', 'unknown'] as const).map((flag) => withPorts(containers, flag));
    expect(verdicts).toEqual(['allowed', 'blocked', 'unknown']);
  });
});

test('AMB-10 a pod and itself, through a Service', () => {
  const open: Open = {
    policies: { 'shop/api': only('api', 'policyTypes: [Ingress, Egress]') },
    asked: ['shop/api', 'svc/shop/api', 80],
  };
  expect(byFlag('policesHairpin', open)).toEqual(['blocked', 'allowed', 'unknown']);
});

test('AMB-13 replies and open connections make no difference to a new one', () => {
  const { verdict } = scenario({ 'shop/db': only('db', 'policyTypes: [Egress]') });
  expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  expect(verdict('shop/db', 'shop/web', 8080)).toBe('blocked');
});

describe('AMB-14 a pod that is ending', () => {
  const ending = (status: string) =>
    scenario(
      { 'shop/api': only('api', 'ingress: [{from: [{podSelector: {matchLabels: {app: old}}}]}]') },
      {
        objects: `{apiVersion: v1, kind: Pod, metadata: {name: old, namespace: shop, labels: {app: old}, deletionTimestamp: "2026-01-01T00:00:00Z"}, spec: {containers: [{name: main}]}, status: {${status}}}`,
      },
    );

  test('counts while it has an address', () => {
    const { verdict } = ending('phase: Running, podIPs: [{ip: 10.0.1.99}]');
    expect(verdict('shop/old', 'shop/api', 8081)).toBe('allowed');
    expect(verdict('10.0.1.99', 'shop/api', 8081)).toBe('allowed');
  });

  test('and no more once it has finished', () => {
    const { verdict } = ending('phase: Succeeded, podIPs: [{ip: 10.0.1.99}]');
    expect(verdict('10.0.1.99', 'shop/api', 8081)).toBe('blocked');
  });
});

test('AMB-15 where a Service routes is no matter of policies', () => {
  const objects =
    '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {clusterIPs: [10.96.0.11], internalTrafficPolicy: Local, selector: {app: api}, ports: [{port: 80, targetPort: http}]}}';
  const closed = { 'shop/api': only('api', 'policyTypes: [Ingress]') };
  expect(scenario({}, { objects }).verdict('shop/web', 'svc/shop/api', 80)).toBe('allowed');
  expect(scenario(closed, { objects }).verdict('shop/web', 'svc/shop/api', 80)).toBe('blocked');
});

test.each([
  ['sec', 'allowed'],
  ['default', 'blocked'],
])('AMB-17 a policy of a tier that is not there comes last: %s', (tier, expected) => {
  const objects = `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: g}, spec: {tier: ${tier}, order: 1, selector: all(), types: [Ingress], ingress: [{action: Deny}]}}`;
  const { verdict } = scenario(
    { 'shop/db': only('db', 'ingress: [{from: [{podSelector: {}}]}]') },
    { cni: 'calico', objects },
  );
  expect(verdict('shop/web', 'shop/db', 5432)).toBe(expected);
});

test('AMB-20 a selector that is not understood leaves open what it may select', () => {
  const { verdict } = scenario({
    'shop/odd': '{podSelector: {matchExpressions: [{key: app, operator: Like, values: [d]}]}}',
  });
  expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
  expect(verdict('ops/prom', 'kube-system/coredns', 53)).toBe('allowed');
});

test('AMB-21 families are judged each for itself', () => {
  const { verdict } = scenario({
    'shop/web': only('web', 'egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]'),
  });
  expect(verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
  expect(verdict('shop/web', '2001:db8::5', 443)).toBe('blocked');
});

describe('what OVN-Kubernetes does otherwise', () => {
  test('OVN-4 a pod reaches itself through a Service', () => {
    const closed = { 'shop/api': only('api', 'policyTypes: [Ingress, Egress]') };
    const ask = (cni: string) => scenario(closed, { cni }).verdict('shop/api', 'svc/shop/api', 80);
    expect(ask('ovn-kubernetes')).toBe('allowed');
    expect(ask('calico')).toBe('blocked');
  });

  test('OVN-7 what a named port of a NetworkPolicy lets through is not certain', () => {
    const named = { 'shop/api': only('api', 'ingress: [{ports: [{port: http}]}]') };
    const ask = (cni: string, port: number) =>
      scenario(named, { cni }).verdict('shop/web', 'shop/api', port);
    expect(ask('ovn-kubernetes', 22)).toBe('unknown');
    expect(ask('calico', 22)).toBe('blocked');
  });
});
