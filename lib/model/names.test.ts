import { expect, test } from 'vitest';
import { compareText, policyKey, policyKindName, refKey } from './object-ref.ts';
import { formatPath } from './problem.ts';
import { NODES, resourceName } from './resource.ts';

/** How things are named, in links, messages and sorted lists. */

test('a reference is told by namespace, name and kind', () => {
  expect(refKey({ kind: 'Deployment', namespace: 'shop', name: 'web' })).toBe(
    'shop/web[Deployment]',
  );
  expect(refKey({ kind: 'Namespace', namespace: null, name: 'shop' })).toBe('shop[Namespace]');
});

test('policies of one name and kind differ by their group', () => {
  const ref = { kind: 'NetworkPolicy', namespace: 'shop', name: 'web' };
  expect(policyKey({ ...ref, group: 'networking.k8s.io' })).toBe(
    'networking.k8s.io/shop/web[NetworkPolicy]',
  );
  expect(policyKey({ ...ref, group: 'crd.projectcalico.org' })).not.toBe(
    policyKey({ ...ref, group: 'networking.k8s.io' }),
  );
});

test('text is sorted by code units, whatever the locale', () => {
  expect(['b', 'a', 'B', 'ä', 'a-b', 'a'].sort(compareText)).toEqual([
    'B',
    'a',
    'a',
    'a-b',
    'b',
    'ä',
  ]);
});

test.each([
  [[], ''],
  [['spec', 'ingress', 0, 'from', 1], 'spec.ingress[0].from[1]'],
  [['metadata', 'labels', 'app.kubernetes.io/name'], 'metadata.labels["app.kubernetes.io/name"]'],
  [[0, 'a'], '[0].a'],
])('the path %j is written %s', (path, text) => {
  expect(formatPath(path)).toBe(text);
});

test('a resource is named as RBAC names it', () => {
  expect(resourceName(NODES)).toBe('nodes');
  expect(resourceName({ ...NODES, group: 'apps', plural: 'replicasets' })).toBe('replicasets.apps');
});

test.each([
  ['networking.k8s.io', 'NetworkPolicy', 'NetworkPolicy'],
  ['projectcalico.org', 'NetworkPolicy', 'NetworkPolicy.projectcalico.org'],
  ['policy.networking.k8s.io', 'ClusterNetworkPolicy', 'ClusterNetworkPolicy'],
  ['projectcalico.org', 'GlobalNetworkPolicy', 'GlobalNetworkPolicy'],
  ['cilium.io', 'CiliumNetworkPolicy', 'CiliumNetworkPolicy'],
])('the kind %s/%s is called %s', (group, kind, expected) => {
  expect(policyKindName({ group, kind })).toBe(expected);
});
