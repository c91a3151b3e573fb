import { expect, test } from 'vitest';
import { emphasize, matchesFilter } from './emphasis.ts';
import { edge, frame, outside, view, workload } from './test-view.ts';

const web = workload('shop', 'web');
const api = workload('shop', 'api');
const db = workload('data', 'db');
const world = outside('0.0.0.0/0');
const shop = frame('shop');
const data = frame('data');
const webApi = edge(web, api);
const apiDb = edge(api, db);
const worldWeb = edge(world, web);
const all = view([shop, web, api, data, db, world], [webApi, apiDb, worldWeb]);
const NOTHING = { hovered: null, selected: null, filter: '' };

function ids(...things: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(things.map(({ id }) => id));
}

test('nothing stands out by itself, and few edges carry their ports', () => {
  const { nodes, edges, labelled } = emphasize(all, NOTHING);
  expect(nodes).toBeNull();
  expect(edges).toBeNull();
  expect(labelled).toEqual(ids(webApi, apiDb, worldWeb));
});

test('a card stands out with its edges, their other ends, and the frames around them', () => {
  const { nodes, edges } = emphasize(all, { ...NOTHING, selected: db.id });
  expect(nodes).toEqual(ids(db, data, api, shop));
  expect(edges).toEqual(ids(apiDb));
});

test('a frame stands out with all that is in it', () => {
  const { nodes, edges } = emphasize(all, { ...NOTHING, selected: shop.id });
  expect(nodes).toEqual(ids(shop, web, api, db, data, world));
  expect(edges).toEqual(ids(webApi, apiDb, worldWeb));
});

test('an edge stands out with its ends', () => {
  const { nodes, edges } = emphasize(all, { ...NOTHING, selected: worldWeb.id });
  expect(nodes).toEqual(ids(world, web, shop));
  expect(edges).toEqual(ids(worldWeb));
});

test('the pointer wins over the selection, and the selection over the filter', () => {
  const asked = { hovered: db.id, selected: web.id, filter: 'world' };
  expect(emphasize(all, asked).edges).toEqual(ids(apiDb));
  expect(emphasize(all, { ...asked, hovered: null }).edges).toEqual(ids(webApi, worldWeb));
  expect(emphasize(all, { ...asked, selected: 'gone[Pod]', hovered: null }).edges).toEqual(ids());
});

test('a filter lights what it names', () => {
  const { nodes, edges } = emphasize(all, { ...NOTHING, filter: 'data' });
  expect(nodes).toEqual(ids(db, data));
  expect(edges).toEqual(ids(apiDb));
});

test.each`
  filter        | matches
  ${''}         | ${true}
  ${'  '}       | ${true}
  ${'WE'}       | ${true}
  ${'shop/we'}  | ${true}
  ${'shop/api'} | ${false}
  ${'.*'}       | ${false}
`('shop/web answers to "$filter": $matches', ({ filter, matches }) => {
  expect(matchesFilter(web, filter)).toBe(matches);
});
