import { expect, test } from 'vitest';
import { edge, frame, outside, view, workload } from '#components/graph/test-view.ts';
import { edgeRows, nodeRows } from './map-rows.ts';

const web = workload('shop', 'web', { pods: 3 });
const api = workload('shop', 'api');
const world = outside('10.0.0.0/8');
const all = view(
  [world, frame('shop'), web, api, frame('data', { collapsed: true })],
  [edge(web, api), edge(world, web)],
);

test('every node has a row: namespaces before their workloads, the outside last', () => {
  expect(nodeRows(all, '').map(({ name }) => name)).toEqual([
    'data',
    'shop',
    'shop/api',
    'shop/web',
    '10.0.0.0/8',
  ]);
});

test('rows count the drawn edges; a namespace whose workloads are drawn has none of its own', () => {
  const counts = nodeRows(all, '').map(({ incoming, outgoing }) => [incoming, outgoing]);
  expect(counts).toEqual([
    [0, 0],
    [null, null],
    [1, 0],
    [1, 1],
    [0, 1],
  ]);
});

test('a filter keeps the nodes it names, and the edges that end at one', () => {
  expect(nodeRows(all, 'api').map(({ name }) => name)).toEqual(['shop/api']);
  expect(edgeRows(all, 'api').map(({ from, to }) => [from, to])).toEqual([
    ['shop/web', 'shop/api'],
  ]);
  expect(edgeRows(all, '')).toHaveLength(2);
});
