import { expect, test } from 'vitest';
import { around, overlaps } from './geometry.ts';
import { packOnShelves } from './packing.ts';

function sizes(count: number, of: (i: number) => readonly [number, number]) {
  return new Map(
    Array.from({ length: count }, (_, i) => {
      const [width, height] = of(i);
      return [`n${i}`, { width, height }] as const;
    }),
  );
}

test('equal boxes stand in reading order, about as wide as asked for', () => {
  const boxes = [
    ...packOnShelves(
      sizes(400, () => [200, 60]),
      { aspect: 2, gap: 20 },
    ),
  ];
  const all = around(boxes.map(([, box]) => box));
  expect((all?.width ?? 0) / (all?.height ?? 1)).toBeCloseTo(2, 0);
  const inOrder = boxes.toSorted(([, a], [, b]) => a.y - b.y || a.x - b.x);
  expect(inOrder.map(([id]) => id)).toEqual(boxes.map(([id]) => id));
});

test('nothing overlaps, and small ones are stacked beside tall ones', () => {
  const mixed = sizes(60, (i) => (i % 9 === 0 ? [700, 400 + i] : [150 + ((i * 37) % 80), 54]));
  const boxes = [...packOnShelves(mixed, { aspect: 1.6, gap: 20 }).values()];
  expect(boxes).toHaveLength(60);
  for (const [i, box] of boxes.entries())
    for (const other of boxes.slice(i + 1)) expect(overlaps(box, other, 19)).toBe(false);
  const all = around(boxes);
  const filled = boxes.reduce((sum, { width, height }) => sum + width * height, 0);
  expect(filled / ((all?.width ?? 0) * (all?.height ?? 0))).toBeGreaterThan(0.55);
});

test('nothing is packed into nothing', () => {
  expect(packOnShelves(new Map(), { aspect: 1, gap: 1 }).size).toBe(0);
});
