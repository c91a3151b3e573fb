import { expect, test } from 'vitest';
import { frame, view, workload } from '#components/graph/test-view.ts';
import type { BundleNode, RestNode } from '#lib/view/graph-view.ts';
import { restWords } from './rest-words.ts';

const shop = frame('shop');
const web = workload('shop', 'web');

const rest: RestNode = {
  kind: 'rest',
  id: 'rest:namespaces',
  label: '9600 more namespaces',
  parent: null,
  of: 'namespaces',
  namespace: null,
  count: 9600,
  workloads: 90_000,
  pods: 150_000,
  inside: 0,
};

const bundle: BundleNode = {
  kind: 'workloads',
  id: 'shop/a[Deployment]*',
  key: 'shop/a[Deployment]',
  label: '4000 like a',
  parent: shop.id,
  namespace: 'shop',
  count: 4000,
  pods: 8000,
  examples: ['a', 'b', 'c'],
  inside: 0,
  ingress: 'isolated',
  egress: 'open',
  hostNetwork: false,
  openTo: null,
};

test('says how much of a cluster is drawn one by one', () => {
  const totals = { namespaces: 10_000, workloads: 100_000, pods: 150_000 };
  expect(restWords({ ...view([shop, web, rest]), totals })).toBe('400 of 10,000 namespaces drawn');
});

test('says how much of a namespace is, what is bundled not counted', () => {
  const totals = { namespaces: 1, workloads: 5000, pods: 9000 };
  const more = { ...rest, of: 'workloads' as const, namespace: 'shop', count: 950 };
  expect(restWords({ ...view([shop, web, bundle, more]), namespace: 'shop', totals })).toBe(
    '50 of 5,000 workloads drawn',
  );
});

test('says nothing where everything is', () => {
  expect(restWords(view([shop, web]))).toBeNull();
});
