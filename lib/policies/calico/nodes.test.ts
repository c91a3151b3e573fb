import { describe, expect, test } from 'vitest';
import { calicoCluster, calicoObject, cnp, gnp } from '#lib/testing/calico-cluster.ts';

/** Nodes, and pods that talk to themselves, under Calico (CAL-22, CAL-37, CAL-38, CAL-47). */

const WEB = `selector: "app == 'web'"`;
const HOST = calicoObject(
  'HostEndpoint',
  'n2-eth0',
  'node: n2, interfaceName: eth0, expectedIPs: [192.168.0.2]',
  'role: host',
);

describe('CAL-37 a host endpoint', () => {
  const { verdict, causes, connectivity } = calicoCluster([HOST]);

  test.each([
    ['shop/web', '192.168.0.2'],
    ['203.0.113.5', '192.168.0.2'],
    ['192.168.0.2', 'shop/web'],
  ])('%s → %s is not known: what its policies and its default say is not evaluated', (from, to) => {
    expect(verdict(from, to, 8080)).toBe('unknown');
    expect(causes(from, to, 8080)).toMatchObject([
      { kind: 'not-understood', policy: { kind: 'HostEndpoint', name: 'n2-eth0' } },
    ]);
  });

  test('leaves other nodes and pods alone', () => {
    expect(verdict('shop/web', '192.168.0.1', 8080)).toBe('allowed');
    expect(verdict('shop/web', 'shop/api', 8080)).toBe('allowed');
    expect(connectivity.snapshot.problems).toEqual([]);
  });

  test('is one of its node, of none in another cluster, and of any when that is not said', () => {
    const other = (spec: string) =>
      calicoCluster([calicoObject('HostEndpoint', 'h', spec)]).verdict(
        'shop/web',
        '192.168.0.2',
        22,
      );
    expect(other('node: n9, interfaceName: eth0')).toBe('allowed');
    expect(other('interfaceName: eth0')).toBe('unknown');
  });

  test('CAL-22 is matched by selectors, at its addresses', () => {
    const policy = (selector: string) =>
      gnp(
        'p',
        `${WEB}, egress: [{action: Deny, destination: {selector: "${selector}"}}, {action: Allow}]`,
      );
    const deny = calicoCluster([HOST, policy("role == 'host'")]);
    expect(deny.verdict('shop/web', '192.168.0.2', 22)).toBe('blocked');
    expect(deny.verdict('shop/web', '192.168.0.1', 22)).toBe('allowed');
    const namespaced = calicoCluster([HOST, policy('has(projectcalico.org/namespace)')]);
    expect(namespaced.verdict('shop/web', '192.168.0.2', 22)).toBe('unknown');
    const own = calicoCluster([
      HOST,
      cnp('shop/p', `${WEB}, ingress: [{action: Allow, source: {namespaceSelector: global()}}]`),
    ]);
    expect(own.verdict('192.168.0.2', 'shop/web', 80)).toBe('unknown');
    expect(own.verdict('203.0.113.5', 'shop/web', 80)).toBe('blocked');
  });

  test('CAL-44 the pods on its network are the node', () => {
    const onFirst = calicoObject('HostEndpoint', 'n1', 'node: n1, expectedIPs: [192.168.0.1]');
    expect(calicoCluster([onFirst]).verdict('shop/api', 'ops/agent', 80)).toBe('unknown');
    expect(calicoCluster([HOST]).verdict('shop/api', 'ops/agent', 80)).toBe('allowed');
  });
});

describe('CAL-38 a pod and its own node', () => {
  const { verdict } = calicoCluster([gnp('p', `${WEB}, types: [Ingress, Egress]`)]);

  test('the egress of the pod is asked', () => {
    expect(verdict('shop/web', '192.168.0.1', 10250)).toBe('blocked');
    expect(verdict('shop/db', '192.168.0.1', 10250)).toBe('allowed');
  });

  test('the node always reaches it, another does not', () => {
    expect(verdict('192.168.0.1', 'shop/web', 8080)).toBe('allowed');
    expect(verdict('192.168.0.2', 'shop/web', 8080)).toBe('blocked');
  });
});

test('CAL-47 through a Service to itself both directions of a pod are asked', () => {
  const self = (...objects: string[]) =>
    calicoCluster(objects).verdict('shop/api', 'svc/shop/api', 80);
  const api = `selector: "app == 'api'"`;
  const own = (action: string, field: string) => `[{action: ${action}, ${field}: {${api}}}]`;
  expect(self()).toBe('allowed');
  expect(self(cnp('shop/p', `${api}, types: [Ingress]`))).toBe('blocked');
  expect(self(cnp('shop/p', `${api}, types: [Egress]`))).toBe('blocked');
  expect(
    self(
      cnp(
        'shop/p',
        `${api}, ingress: ${own('Allow', 'source')}, egress: ${own('Allow', 'destination')}`,
      ),
    ),
  ).toBe('allowed');
});
