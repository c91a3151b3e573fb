import { describe, expect, test } from 'vitest';
import { findingsOf } from '#lib/testing/findings.ts';

/** Hygiene (PIT-HYG): each mistake, and what nearly is one. */

const CILIUM =
  '---\n{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: shop, name: a}, spec: {endpointSelector: {}, ingress: [{}]}, status: {STATUS}}\n';
const CLUSTER =
  '---\n{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: b}, spec: {tier: Admin, priority: 1, subject: {namespaces: {}}}}\n';
const cilium = (status = '') => CILIUM.replace('STATUS', status);

test.each([
  [cilium() + CLUSTER, 1],
  [cilium(), 0],
  [CLUSTER, 0],
  [cilium().replace('CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy') + CLUSTER, 0],
])('PIT-HYG-2 %s: %i', (objects, count) => {
  expect(findingsOf('PIT-HYG-2', {}, { objects })).toHaveLength(count);
});

test('PIT-HYG-3 AdminNetworkPolicy, and not what replaced it', () => {
  const old =
    '---\n{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: old}, spec: {priority: 1, subject: {namespaces: {}}}}\n';
  expect(findingsOf('PIT-HYG-3', {}, { objects: old + CLUSTER })).toMatchObject([
    { object: { name: 'old' }, path: ['apiVersion'] },
  ]);
});

test.each([
  [
    'conditions: [{type: Valid, status: "False", message: bad selector}]',
    ['Valid is False: bad selector.'],
  ],
  ['conditions: [{type: Valid, status: "True"}]', []],
  ['conditions: [{type: Other, status: "False"}]', []],
])('PIT-HYG-4 %s', (status, messages) => {
  const found = findingsOf('PIT-HYG-4', {}, { objects: cilium(status) });
  expect(found.map(({ message }) => message)).toEqual(messages);
});

describe('the DNS servers', () => {
  const DNS = 'podSelector: {matchLabels: {k8s-app: kube-dns}}';
  test.each([
    [`{podSelector: {}}`, 'and 4 pods may not ask there'],
    [`{${DNS}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}`, 'ops/prom'],
    [`{${DNS}, ingress: [{ports: [{port: 53, protocol: TCP}]}]}`, 'and 4 pods may not ask there'],
  ])('PIT-HYG-5 %s: %s', (spec, message) => {
    expect(findingsOf('PIT-HYG-5', { 'kube-system/p': spec })).toMatchObject([
      { message: expect.stringContaining(message) },
    ]);
  });

  test.each([
    `{${DNS}, ingress: [{ports: [{port: 53, protocol: UDP}]}]}`,
    '{podSelector: {}, policyTypes: [Egress]}',
    '{podSelector: {matchLabels: {app: other}}}',
  ])('PIT-HYG-5 not for %s', (spec) => {
    expect(findingsOf('PIT-HYG-5', { 'kube-system/p': spec })).toEqual([]);
  });
});

const POD = (more: string) => `
apiVersion: v1
kind: Pod
metadata: {name: extra, namespace: shop, labels: {app: extra}${more}}
spec: {containers: [{name: main, ports: [{containerPort: 80, hostPort: 8080}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.99}]}
`;

test.each([
  ['{podSelector: {}}', 1],
  ['{podSelector: {}, policyTypes: [Egress]}', 0],
  ['{podSelector: {matchLabels: {app: web}}}', 0],
])('PIT-HYG-6 a pod with hostPort 8080 and the policy %s: %i', (spec, count) => {
  const found = findingsOf('PIT-HYG-6', { 'shop/p': spec }, { objects: POD('') });
  expect(found).toHaveLength(count);
  for (const { message } of found)
    expect(message).toBe('Port 8080 is open on the addresses of the nodes as well.');
});

test.each([
  ['aws', '', 1],
  [
    'aws',
    ', ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: s, uid: u, controller: true}]',
    0,
  ],
  ['kubernetes', '', 0],
])('PIT-HYG-7 with %s a pod%s: %i', (cni, more, count) => {
  const policies = { 'shop/p': '{podSelector: {matchLabels: {app: extra}}}' };
  expect(findingsOf('PIT-HYG-7', policies, { cni, objects: POD(more) })).toHaveLength(count);
});

describe('twins', () => {
  const RULES = 'ingress: [{ports: [{port: 80}]}, {from: [{podSelector: {}}]}]';
  const SWAPPED = 'ingress: [{from: [{podSelector: {}}]}, {ports: [{port: 80}]}]';
  test.each([
    [`{podSelector: {}, ${SWAPPED}}`, 'shop/b', 1],
    [`{podSelector: {}, ${RULES}}`, 'ops/b', 0],
    [`{podSelector: {}, ${RULES}, policyTypes: [Ingress, Egress]}`, 'shop/b', 0],
    ['{podSelector: {}, ingress: [{ports: [{port: 80}]}]}', 'shop/b', 0],
  ])('PIT-HYG-8 beside %s as %s: %i', (spec, key, count) => {
    const policies = { 'shop/a': `{podSelector: {}, ${RULES}}`, [key]: spec };
    const found = findingsOf('PIT-HYG-8', policies);
    expect(found).toHaveLength(count);
    for (const { message } of found) expect(message).toBe('It says the same as shop/a.');
  });
});
