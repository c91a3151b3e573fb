import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

/** What label selectors match, as the subjects of policies (SEL-1 … SEL-12). */

/** Pods with labels of every sort, beside those of shop. */
const PODS = `
{apiVersion: v1, kind: Pod, metadata: {name: tiered, namespace: shop, labels: {app: web, tier: x}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: blank, namespace: shop, labels: {tier: ""}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: odd, namespace: shop, labels: {constructor: a}}}
`;
const SHOP = ['api', 'bare', 'blank', 'db', 'odd', 'tiered', 'web'];

/** The pods of shop that a selector isolates, by name. */
function selected(selector: string): readonly string[] {
  const { verdict } = scenario({ 'shop/policy': `podSelector: ${selector}` }, { objects: PODS });
  return SHOP.filter((name) => verdict('203.0.113.5', `shop/${name}`, 80) === 'blocked');
}

function expression(key: string, operator: string, ...values: string[]): string {
  const list = values.length === 0 ? '' : `, values: [${values.join(', ')}]`;
  return `{key: ${key}, operator: ${operator}${list}}`;
}

test.each([
  ['SEL-1', '{matchLabels: {app: web}}', ['tiered', 'web']],
  ['SEL-1', '{matchLabels: {tier: x}}', ['tiered']],
  ['SEL-1', '{matchLabels: {tier: y}}', []],
  ['SEL-1', '{matchLabels: {app: web, tier: x}}', ['tiered']],
])('%s %s', (_rule, selector, names) => {
  expect(selected(selector)).toEqual(names);
});

test.each([
  ['SEL-2', [expression('app', 'In', 'web', 'api')], ['api', 'tiered', 'web']],
  ['SEL-2', [expression('tier', 'In', 'y')], []],
  ['SEL-3', [expression('tier', 'NotIn', 'x')], ['api', 'bare', 'blank', 'db', 'odd', 'web']],
  ['SEL-3', [expression('app', 'NotIn', 'web', 'db')], ['api', 'bare', 'blank', 'odd']],
  ['SEL-4', [expression('tier', 'Exists')], ['blank', 'tiered']],
  ['SEL-4', [expression('constructor', 'Exists')], ['odd']],
  ['SEL-5', [expression('tier', 'DoesNotExist')], ['api', 'bare', 'db', 'odd', 'web']],
  [
    'SEL-5',
    [expression('constructor', 'DoesNotExist')],
    ['api', 'bare', 'blank', 'db', 'tiered', 'web'],
  ],
  ['SEL-6', [expression('app', 'In', 'web'), expression('app', 'NotIn', 'db')], ['tiered', 'web']],
  ['SEL-6', [expression('app', 'In', 'web'), expression('app', 'NotIn', 'web')], []],
  ['SEL-6', [expression('app', 'Exists'), expression('tier', 'Exists')], ['tiered']],
  ['SEL-10', [expression('app', 'In', 'Web')], []],
  ['SEL-10', [expression('App', 'Exists')], []],
  ['SEL-10', [expression('app', 'In', '"we*"')], []],
  ['SEL-10', [expression('tier', 'In', '""')], ['blank']],
])('%s matchExpressions: %s', (_rule, expressions, names) => {
  expect(selected(`{matchExpressions: [${expressions.join(', ')}]}`)).toEqual(names);
});

test('SEL-6 labels and expressions hold together', () => {
  const tier = expression('tier', 'DoesNotExist');
  expect(selected(`{matchLabels: {app: web}, matchExpressions: [${tier}]}`)).toEqual(['web']);
});

test.each([['{}'], ['{matchLabels: {}}'], ['{matchExpressions: []}'], ['{matchLabels: null}']])(
  'SEL-7 %s is everything',
  (selector) => {
    expect(selected(selector)).toEqual(SHOP);
  },
);

describe('SEL-8 an absent selector is what its field makes of it', () => {
  test('the pods of a policy: all of them (NP-2)', () => {
    expect(selected('null')).toEqual(SHOP);
  });

  test('the namespaces of a peer: its own (NP-22), not all as with {}', () => {
    const from = (peer: string) =>
      scenario({ 'shop/policy': `ingress: [{from: [${peer}]}]` }).verdict(
        'ops/prom',
        'shop/web',
        80,
      );
    expect(from('{podSelector: {}, namespaceSelector: null}')).toBe('blocked');
    expect(from('{podSelector: {}, namespaceSelector: {}}')).toBe('allowed');
  });
});

test.each([
  [expression('app', 'In'), 'In needs at least one value'],
  ['{key: app, operator: NotIn, values: []}', 'NotIn needs at least one value'],
  [expression('app', 'Exists', 'web'), 'Exists takes no values'],
  [expression('app', 'DoesNotExist', 'web'), 'DoesNotExist takes no values'],
])('SEL-9 %s is refused', (expressions, message) => {
  const { verdict, connectivity } = scenario({
    'shop/policy': `podSelector: {matchExpressions: [${expressions}]}`,
  });
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
  expect(connectivity.snapshot.problems).toMatchObject([
    { path: ['spec', 'podSelector', 'matchExpressions', 0, 'values'], message },
  ]);
});

describe('SEL-11 what older servers kept', () => {
  test('a value that is none today is compared as it is written', () => {
    const objects =
      '{apiVersion: v1, kind: Pod, metadata: {name: old, namespace: shop, labels: {app: -x-}}}';
    const { verdict } = scenario(
      { 'shop/policy': 'podSelector: {matchLabels: {app: -x-}}' },
      { objects },
    );
    expect(verdict('ops/prom', 'shop/old', 80)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  });

  test('an operator that is none selects nobody for sure, and nobody is called open', () => {
    const { verdict, connectivity } = scenario({
      'shop/policy': 'podSelector: {matchExpressions: [{key: app, operator: Gt, values: ["1"]}]}',
    });
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    expect(connectivity.snapshot.problems).toHaveLength(1);
  });
});

describe('SEL-12 the name label of namespaces', () => {
  const fromNamed = (name: string, objects = '') =>
    scenario(
      {
        'shop/policy': `ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}}]}]`,
      },
      { objects },
    );

  test('is there though no manifest writes it', () => {
    expect(fromNamed('kube-system').verdict('kube-system/coredns', 'shop/web', 80)).toBe('allowed');
    expect(fromNamed('kube-system').verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  });

  test('wins over what a manifest writes', () => {
    const objects =
      '{apiVersion: v1, kind: Namespace, metadata: {name: ops, labels: {kubernetes.io/metadata.name: trusted}}}';
    expect(fromNamed('trusted', objects).verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
    expect(fromNamed('ops', objects).verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  });

  test('is there for namespaces that are only mentioned', () => {
    const objects = '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: elsewhere}}';
    expect(fromNamed('elsewhere', objects).verdict('elsewhere/a', 'shop/web', 80)).toBe('allowed');
    expect(fromNamed('ops', objects).verdict('elsewhere/a', 'shop/web', 80)).toBe('blocked');
  });

  test('can be excluded by', () => {
    const { verdict } = scenario({
      'shop/policy':
        'ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [ops]}]}}]}]',
    });
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
    expect(verdict('kube-system/coredns', 'shop/web', 80)).toBe('allowed');
  });
});

test('SEL-3 NotIn admits every namespace without the label', () => {
  const { verdict } = scenario({
    'shop/policy':
      'ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [b]}]}}]}]',
  });
  expect(verdict('kube-system/coredns', 'shop/web', 80)).toBe('allowed');
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
});
