import { describe, expect, test } from 'vitest';
import { analyse } from '#lib/engine/connectivity.ts';
import { lint } from '#lib/findings/lint.ts';
import type { NetworkPlugin } from '#lib/model/network-plugin.ts';
import { findingsOf } from '#lib/testing/findings.ts';
import { scenario } from '#lib/testing/scenario.ts';

/** Whether policies are held at all (PIT-CNI): each way in which they are not, and what nearly is one. */

const DENY = { 'shop/deny': 'podSelector: {}' };
const PORTS = (ports: string) => ({ 'shop/web': `ingress: [{ports: [${ports}]}]` });

test('PIT-CNI-1 the plugin enforces nothing', () => {
  expect(findingsOf('PIT-CNI-1', DENY, { cni: 'flannel' })).toMatchObject([
    {
      severity: 'error',
      object: { kind: 'Cluster' },
      message: expect.stringContaining('what is there, 1 policy, holds nothing'),
      related: [{ name: 'deny' }],
    },
  ]);
  expect(findingsOf('PIT-CNI-1', {}, { cni: 'flannel' })).toEqual([]);
  expect(findingsOf('PIT-CNI-1', DENY, { cni: 'calico' })).toEqual([]);
});

test('PIT-CNI-2 it is not known whether the plugin enforces', () => {
  expect(findingsOf('PIT-CNI-2', DENY, { cni: 'undetected' })).toMatchObject([
    { message: expect.stringContaining('Whether NetworkPolicy is enforced is not known') },
  ]);
  expect(findingsOf('PIT-CNI-2', {}, { cni: 'undetected' })).toEqual([]);
  expect(findingsOf('PIT-CNI-2', DENY)).toEqual([]);
});

test.each([
  ['no', 1],
  ['unknown', 0],
  ['yes', 0],
] as const)('PIT-CNI-3 what is denied is dropped: %s: %i', (dropsDenied, count) => {
  expect(findingsOf('PIT-CNI-3', DENY, { cni: 'cilium', flags: { dropsDenied } })).toHaveLength(
    count,
  );
});

const CILIUM_POLICY = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: left-over, namespace: shop}
spec: {endpointSelector: {}, ingress: [{}]}
`;

test.each([
  ['calico', 1],
  ['cilium', 0],
])('PIT-CNI-4 a policy of Cilium on %s: %i', (cni, count) => {
  const found = findingsOf('PIT-CNI-4', DENY, { cni, objects: CILIUM_POLICY });
  expect(found.map(({ object }) => object.name)).toEqual(count === 0 ? [] : ['left-over']);
});

test.each([
  ['azure-npm', '{port: 1, endPort: 9}', 1],
  ['azure-npm', '{port: 1}', 0],
  ['calico', '{port: 1, endPort: 9}', 0],
])('PIT-CNI-5 on %s the ports %s: %i', (cni, ports, count) => {
  expect(findingsOf('PIT-CNI-5', PORTS(ports), { cni })).toHaveLength(count);
});

test.each([
  ['kube-router', '{protocol: SCTP, port: 1}', 1],
  ['cilium', '{protocol: SCTP, port: 1}', 1],
  ['cilium', '{protocol: TCP, port: 1}', 0],
  ['calico', '{protocol: SCTP, port: 1}', 0],
])('PIT-CNI-6 on %s the ports %s: %i', (cni, ports, count) => {
  expect(findingsOf('PIT-CNI-6', PORTS(ports), { cni })).toHaveLength(count);
});

test.each([
  ['ovn-kubernetes', '{port: http}', 1],
  ['ovn-kubernetes', '{port: 8080}', 0],
  ['calico', '{port: http}', 0],
])('PIT-CNI-9 on %s the ports %s: %i', (cni, ports, count) => {
  expect(findingsOf('PIT-CNI-9', PORTS(ports), { cni })).toHaveLength(count);
});

/** What is said where the plugin was found to be this one. */
function underPlugin(id: string, plugin: Partial<NetworkPlugin>, objects = '') {
  const { snapshot } = scenario(DENY, { cni: 'cilium', objects }).connectivity;
  const found = { ...snapshot, plugin: { ...snapshot.plugin, ...plugin } };
  return lint(analyse(found), { now: null, entries: [] }).findings.filter(
    (finding) => finding.id === id,
  );
}

test('PIT-CNI-2 says what is known of the plugin', () => {
  const evidence = ['It is to run on 1 of 2 nodes, and on the others nothing enforces policies.'];
  const { snapshot } = scenario(DENY, { flags: { enforces: 'unknown' } }).connectivity;
  const found = { ...snapshot, plugin: { ...snapshot.plugin, evidence } };
  const { findings } = lint(analyse(found), { now: null, entries: [] });
  expect(findings.find(({ id }) => id === 'PIT-CNI-2')?.message).toContain('on 1 of 2 nodes');
});

describe('PIT-CNI-8', () => {
  const DAEMON_SETS = [{ kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' }];
  const agent = (node: string, owner = 'cilium') => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${owner}-${node}
  namespace: kube-system
  ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: ${owner}, controller: true}]
spec: {nodeName: ${node}, hostNetwork: true, containers: [{name: main}]}
status: {phase: Running}
`;
  const without = (count: number, objects: string) =>
    underPlugin(
      'PIT-CNI-8',
      {
        how: 'detected',
        title: 'Cilium',
        ...(count === 0 ? {} : { leavesOut: { count, daemonSets: DAEMON_SETS } }),
      },
      objects,
    );

  test('PIT-CNI-8 selected pods run on a node that is left out', () => {
    expect(without(1, agent('n2'))).toMatchObject([
      {
        object: { kind: 'Cluster' },
        message:
          'Cilium does not run on node n1, and 2 pods that policies select run there (shop/db and shop/web): nothing holds them.',
        related: [{ kind: 'DaemonSet' }, { kind: 'Node', name: 'n1' }, {}, {}],
      },
    ]);
  });

  test.each([
    ['it is to run on every node', 0, agent('n2')],
    ['its pod on a node is only about to start', 1, ''],
    ['another form of it is there', 1, agent('n2') + agent('n1', 'cilium-windows')],
    [
      'no selected pod runs there',
      1,
      agent('n1') +
        agent('n2') +
        `---
{apiVersion: v1, kind: Node, metadata: {name: n3}}
`,
    ],
  ])('PIT-CNI-8 not where %s', (_, count, objects) => {
    expect(without(count, objects)).toEqual([]);
  });
});

test('PIT-CNI-7 two plugins enforce', () => {
  const two = { title: 'AWS VPC CNI and Calico', engines: 2 };
  expect(underPlugin('PIT-CNI-7', two)).toMatchObject([
    { message: expect.stringContaining('AWS VPC CNI and Calico enforce policies side by side') },
  ]);
  expect(underPlugin('PIT-CNI-7', { title: 'Calico', engines: 1 })).toEqual([]);
});

describe('PIT-CNI-10', () => {
  const requires = `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: old, namespace: shop}
spec: {endpointSelector: {}, ingress: [{fromRequires: [{matchLabels: {app: web}}], fromEndpoints: [{}]}]}
`;

  test.each([
    ['Cilium', '1.19.0', requires, 1],
    ['Cilium', 'v1.20.1', requires, 1],
    ['Cilium', '1.18.4', requires, 0],
    ['Cilium', null, requires, 0],
    ['Cilium', '1.19.0', CILIUM_POLICY, 0],
  ])('PIT-CNI-10 %s %s: %#', (title, version, objects, count) => {
    expect(underPlugin('PIT-CNI-10', { title, version }, objects)).toHaveLength(count);
  });
});

test('PIT-CNI-4 cannot be accepted by an annotation', () => {
  const annotations =
    '{sightline.dev/ignore: PIT-CNI-4, sightline.dev/ignore-reason: we know that it is so}';
  const objects = CILIUM_POLICY.replace('}', `, annotations: ${annotations}}`);
  const [found] = findingsOf('PIT-CNI-4', {}, { cni: 'calico', objects });
  expect(found).toMatchObject({ object: { name: 'left-over' }, suppression: null });
});
