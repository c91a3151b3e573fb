import { expect, test } from 'vitest';
import { frame, view, workload } from '#components/graph/test-view.ts';
import type { RestNode } from '#lib/view/graph-view.ts';
import { undrawnLists } from './undrawn.ts';

const rest = (of: RestNode['of'], namespace: string | null): RestNode => ({
  kind: 'rest',
  id: `rest:${of}`,
  label: '90 more',
  parent: null,
  of,
  namespace,
  count: 90,
  workloads: 90,
  pods: 90,
  inside: 0,
});
const drawn = [frame('shop'), workload('shop', 'web')];

test('where all is drawn one by one the table of the picture is all there is', () => {
  expect(undrawnLists(view(drawn))).toEqual([]);
});

test('a map that is cut has tables of all there is, the coarsest first', () => {
  const cut = view([...drawn, rest('namespaces', null)]);
  expect(undrawnLists(cut)).toEqual(['namespaces', 'workloads']);
  expect(undrawnLists(view([...drawn, rest('workloads', 'shop')]))).toEqual(['workloads']);
  expect(undrawnLists({ ...cut, namespace: 'shop' })).toEqual(['workloads']);
});
