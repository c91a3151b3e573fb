import { expect, test } from 'vitest';
import { FRAME_PADDING } from './card-size.ts';
import type { Box, Geometry } from './geometry.ts';
import { overlaps } from './geometry.ts';
import { keepPlaces, layoutDrift } from './keep-places.ts';
import { edge, frame, view, workload } from './test-view.ts';

const WEB = 'shop/web[Deployment]';
const laidOut: Geometry = {
  boxes: new Map<string, Box>([
    ['ns:shop', { x: 0, y: 0, width: 250, height: 130 }],
    [WEB, { x: 20, y: 48, width: 160, height: 54 }],
    ['ns:far', { x: 400, y: 0, width: 250, height: 130 }],
  ]),
  routes: new Map(),
};
const before = [frame('shop'), workload('shop', 'web'), frame('far')];

function box(geometry: Geometry, id: string): Box {
  const found = geometry.boxes.get(id);
  if (!found) throw new Error(`${id} has no place`);
  return found;
}

test('what stands stays where it is', () => {
  const after = keepPlaces(laidOut, view([...before, workload('shop', 'api'), frame('new')]));
  expect(box(after, WEB)).toEqual(box(laidOut, WEB));
  expect(box(after, 'ns:far')).toEqual(box(laidOut, 'ns:far'));
});

test('a new workload stands inside its namespace, over nobody', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((name) => workload('shop', name));
  const after = keepPlaces(laidOut, view([...before, ...nodes]));
  const shop = box(after, 'ns:shop');
  const cards = [WEB, ...nodes.map(({ id }) => id)].map((id) => box(after, id));
  for (const card of cards) {
    expect(card.x).toBeGreaterThanOrEqual(shop.x + FRAME_PADDING.left);
    expect(card.y).toBeGreaterThanOrEqual(shop.y + FRAME_PADDING.top);
    expect(card.x + card.width).toBeLessThanOrEqual(shop.x + shop.width - FRAME_PADDING.right);
    expect(card.y + card.height).toBeLessThanOrEqual(shop.y + shop.height - FRAME_PADDING.bottom);
    expect(cards.filter((other) => other !== card && overlaps(card, other))).toEqual([]);
  }
  expect(overlaps(shop, box(after, 'ns:far'))).toBe(false);
});

test('a new namespace stands apart, with its workloads in it', () => {
  const after = keepPlaces(laidOut, view([...before, frame('new'), workload('new', 'job')]));
  const fresh = box(after, 'ns:new');
  expect(overlaps(fresh, box(after, 'ns:shop'))).toBe(false);
  expect(overlaps(fresh, box(after, 'ns:far'))).toBe(false);
  expect(overlaps(fresh, box(after, 'new/job[Deployment]'))).toBe(true);
});

test('what comes back stands where it stood', () => {
  const gone = keepPlaces(laidOut, view([frame('shop'), workload('shop', 'api')]));
  const back = keepPlaces(gone, view([...before, workload('shop', 'api')]));
  expect(box(back, WEB)).toEqual(box(laidOut, WEB));
  expect(overlaps(box(back, WEB), box(back, 'shop/api[Deployment]'))).toBe(false);
});

test('the drift counts what a new layout would take up', () => {
  const api = workload('shop', 'api');
  const web = workload('shop', 'web');
  const open = edge(api, web, { basis: 'open' });
  const old = view(before);
  expect(layoutDrift(old, view(before))).toEqual({ added: 0, removed: 0, edges: 0 });
  expect(layoutDrift(old, view([frame('shop'), web, api], [edge(web, api)]))).toEqual({
    added: 1,
    removed: 1,
    edges: 1,
  });
  expect(layoutDrift(old, view(before, [open])).edges).toBe(0);
});
