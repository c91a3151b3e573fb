import { expect, test } from 'vitest';
import { findingsOf } from '#lib/testing/findings.ts';

/** Whom policies and their peers select (PIT-SEL): each mistake, and what nearly is one. */

const FROM = (peers: string) =>
  `{podSelector: {matchLabels: {app: db}}, ingress: [{from: ${peers}}]}`;

test('PIT-SEL-1 a misspelt label selects nobody, and the nearest one is named', () => {
  const [found, ...others] = findingsOf('PIT-SEL-1', {
    'shop/typo': 'podSelector: {matchLabels: {app: wbe}}',
    'shop/right': 'podSelector: {matchLabels: {app: web}}',
    'shop/all': 'podSelector: {}',
  });
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    severity: 'warning',
    object: { kind: 'NetworkPolicy', namespace: 'shop', name: 'typo' },
    path: ['spec', 'podSelector'],
    message:
      'Of 3 pods in scope none matches app=wbe. 1 pod there has app=web, where it asks for app=wbe.',
  });
});

test('PIT-SEL-1 a namespace without pods says nothing', () => {
  expect(
    findingsOf('PIT-SEL-1', { 'default/typo': 'podSelector: {matchLabels: {app: x}}' }),
  ).toEqual([]);
});

test('PIT-SEL-1 is not run where pods may not be read', () => {
  const states = { pods: { status: 'forbidden', message: '' } } as const;
  expect(() => findingsOf('PIT-SEL-1', {}, { states })).toThrow(
    'PIT-SEL-1 was not run: it lacks pods',
  );
});

const JOB_POD = (phase: string) => `
apiVersion: v1
kind: Pod
metadata: {name: import, namespace: shop, labels: {app: import}}
spec: {containers: [{name: main}]}
status: {phase: ${phase}}
`;

test('PIT-SEL-2 only pods of the host network are selected', () => {
  const policies = {
    'ops/agent': 'podSelector: {matchLabels: {app: agent}}',
    'ops/both': 'podSelector: {matchExpressions: [{key: app, operator: Exists}]}',
  };
  expect(findingsOf('PIT-SEL-2', policies)).toMatchObject([
    {
      object: { name: 'agent' },
      message: 'It selects 1 pod (agent), and policies hold none: 1 on their node’s network.',
      related: [{ kind: 'Pod', name: 'agent' }],
    },
  ]);
});

test.each([
  ['Succeeded', 1],
  ['Running', 0],
])('PIT-SEL-2 the one pod selected is %s: %i', (phase, count) => {
  const policies = { 'shop/import': 'podSelector: {matchLabels: {app: import}}' };
  expect(findingsOf('PIT-SEL-2', policies, { objects: JOB_POD(phase) })).toHaveLength(count);
});

test('PIT-SEL-3 a pod of the host network where everybody is isolated', () => {
  expect(findingsOf('PIT-SEL-3', { 'ops/deny': 'podSelector: {}' })).toMatchObject([
    {
      object: { kind: 'Pod', name: 'agent' },
      path: ['spec', 'hostNetwork'],
      related: [{ name: 'deny' }],
    },
  ]);
  const some = { 'ops/some': 'podSelector: {matchLabels: {app: prom}}' };
  expect(findingsOf('PIT-SEL-3', some)).toEqual([]);
});

test('PIT-SEL-4 a peer that nobody is', () => {
  const found = findingsOf('PIT-SEL-4', {
    'shop/typo': FROM('[{podSelector: {matchLabels: {app: webb}}}]'),
    'shop/right': FROM('[{podSelector: {matchLabels: {app: web}}}]'),
  });
  expect(found).toMatchObject([
    {
      object: { name: 'typo' },
      path: ['spec', 'ingress', 0, 'from', 0],
      message:
        'Of 3 pods it looks at none has app=webb: it permits nobody. 1 pod there: app=web, not app=webb.',
    },
  ]);
});

test('PIT-SEL-4 a peer that is only on the host network', () => {
  const agent = FROM('[{namespaceSelector: {}, podSelector: {matchLabels: {app: agent}}}]');
  expect(findingsOf('PIT-SEL-4', { 'shop/agent': agent })).toMatchObject([
    { message: expect.stringContaining('no selector matches them'), related: [{ name: 'agent' }] },
  ]);
  const prom = FROM('[{namespaceSelector: {}, podSelector: {matchLabels: {app: prom}}}]');
  expect(findingsOf('PIT-SEL-4', { 'shop/prom': prom })).toEqual([]);
});

test('PIT-SEL-5 a namespace that is not there', () => {
  const found = findingsOf('PIT-SEL-5', {
    'shop/typo': FROM('[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: opps}}}]'),
    'shop/right': FROM('[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}}]'),
    'shop/any': FROM('[{namespaceSelector: {}}]'),
  });
  expect(found).toMatchObject([
    {
      object: { name: 'typo' },
      path: ['spec', 'ingress', 0, 'from', 0, 'namespaceSelector'],
      message: expect.stringContaining('The nearest is kubernetes.io/metadata.name=ops.'),
    },
  ]);
});

test('PIT-SEL-6 one hyphen too many admits the namespace', () => {
  const two = FROM(
    '[{namespaceSelector: {matchLabels: {team: a}}}, {podSelector: {matchLabels: {app: web}}}]',
  );
  expect(findingsOf('PIT-SEL-6', { 'shop/two': two })).toMatchObject([
    {
      path: ['spec', 'ingress', 0, 'from', 1],
      message: expect.stringContaining(
        'permit 2 pods of shop without app=web as well (api and db)',
      ),
    },
  ]);
  const one = FROM(
    '[{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}]',
  );
  expect(findingsOf('PIT-SEL-6', { 'shop/one': one })).toEqual([]);
});

test('PIT-SEL-6 a namespace, and beside it pods that only the own one has, are two peers', () => {
  const two = FROM(
    '[{namespaceSelector: {matchLabels: {team: b}}}, {podSelector: {matchLabels: {app: web}}}]',
  );
  expect(findingsOf('PIT-SEL-6', { 'shop/two': two })).toEqual([]);
});

test('PIT-SEL-7 the peer’s pods run in another namespace', () => {
  const found = findingsOf('PIT-SEL-7', {
    'shop/prom': FROM('[{podSelector: {matchLabels: {app: prom}}}]'),
    'shop/web': FROM('[{podSelector: {matchLabels: {app: web}}}]'),
    'shop/nobody': FROM('[{podSelector: {matchLabels: {app: x}}}]'),
  });
  expect(found).toMatchObject([
    {
      object: { name: 'prom' },
      message: 'No pod of shop has app=prom; 1 pod in ops has it.',
      patch: 'namespaceSelector:\n  matchLabels:\n    kubernetes.io/metadata.name: ops',
    },
  ]);
});

test('PIT-SEL-8 what lacks the label is admitted too', () => {
  const not = (key: string, operator: string) =>
    FROM(
      `[{namespaceSelector: {matchExpressions: [{key: ${key}, operator: ${operator}, values: [b]}]}}]`,
    );
  const found = findingsOf('PIT-SEL-8', {
    'shop/not': not('team', 'NotIn'),
    'shop/in': not('team', 'In'),
  });
  expect(found).toMatchObject([
    {
      object: { name: 'not' },
      message: 'team!=b also matches namespaces without the label team: default and kube-system.',
    },
  ]);
  expect(
    findingsOf('PIT-SEL-8', { 'shop/name': not('kubernetes.io/metadata.name', 'NotIn') }),
  ).toEqual([]);
});

const REPLICA = (name: string, labels: string) => `
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: {app: cart, ${labels}}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: cart-1, uid: u, controller: true}]
spec: {containers: [{name: main}]}
status: {phase: Running}
`;

test('PIT-SEL-10 some pods of a workload are selected', () => {
  const objects = REPLICA('cart-a', 'tier: back') + REPLICA('cart-b', 'tier: front');
  const found = findingsOf(
    'PIT-SEL-10',
    {
      'shop/back': 'podSelector: {matchLabels: {tier: back}}',
      'shop/cart': 'podSelector: {matchLabels: {app: cart}}',
    },
    { objects },
  );
  expect(found).toMatchObject([
    {
      object: { name: 'back' },
      message: expect.stringContaining('cart-b does not match tier=back'),
    },
  ]);
});
