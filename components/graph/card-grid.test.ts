import { expect, test } from 'vitest';
import { cardGrid } from './card-grid.ts';
import { overlaps } from './geometry.ts';
import { edge, workload } from './test-view.ts';

const cards = Array.from({ length: 60 }, (_, i) => workload('shop', `w${i}`));
const [a, b, c, d] = cards;
if (!a || !b || !c || !d) throw new Error('there are sixty');

test('connections lead to the right, and what has none comes last', () => {
  const boxes = cardGrid(cards.slice(0, 9), [edge(d, b), edge(b, a), edge(a, d), edge(c, b)], 9);
  const order = [...boxes.keys()].map((id) => id.slice('shop/'.length, -'[Deployment]'.length));
  expect(order.slice(0, 4).sort()).toEqual(['w0', 'w1', 'w2', 'w3']);
  expect(order.indexOf('w3')).toBeGreaterThan(order.indexOf('w0'));
  expect(boxes.get(b.id)?.x).toBeGreaterThan(boxes.get(c.id)?.x ?? 0);
});

test('cards stand apart, each of its own size', () => {
  const boxes = [...cardGrid(cards, [], 1.5).values()];
  expect(boxes).toHaveLength(60);
  for (const [i, box] of boxes.entries())
    for (const other of boxes.slice(i + 1)) expect(overlaps(box, other)).toBe(false);
});

test('a chain of thousands is walked', () => {
  const many = Array.from({ length: 3000 }, (_, i) => workload('shop', `w${i}`));
  const chain = many.slice(1).map((to, i) => edge(many[i] ?? to, to));
  const boxes = cardGrid(many, chain.toReversed(), 1.5);
  expect([...boxes.keys()]).toEqual(many.map(({ id }) => id));
});
