import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeLabels } from './edge-labels.ts';
import { overlaps } from './geometry.ts';

const straight = (id: string, y: number, to = 300) => ({
  id,
  text: 'TCP 8080',
  route: [
    { x: 0, y },
    { x: to, y },
  ],
});

test('a label stands in the middle of its edge', () => {
  const [label] = placeLabels([straight('a', 100)], []);
  expect(label).toMatchObject({ id: 'a', text: 'TCP 8080' });
  expect((label?.x ?? 0) + (label?.width ?? 0) / 2).toBe(150);
  expect((label?.y ?? 0) + (label?.height ?? 0) / 2).toBe(100);
});

test('it moves along the edge when something stands there', () => {
  const card = { x: 120, y: 80, width: 60, height: 40 };
  const [label] = placeLabels([straight('a', 100)], [card]);
  expect(label && overlaps(label, card)).toBe(false);
});

test('an edge too short for it gets none', () => {
  expect(placeLabels([straight('a', 100, 20)], [])).toEqual([]);
});

test('where edges share a stretch, the label stands where the edge is alone', () => {
  const shared = [
    { x: 0, y: 0 },
    { x: 400, y: 0 },
  ];
  const up = { id: 'up', text: 'TCP 1', route: [...shared, { x: 400, y: -90 }] };
  const down = { id: 'down', text: 'TCP 2', route: [...shared, { x: 400, y: 90 }] };
  const placed = new Map(placeLabels([up, down], []).map((label) => [label.id, label.y]));
  expect(placed.get('up')).toBeLessThan(-30);
  expect(placed.get('down')).toBeGreaterThan(20);
});

test('no label ever covers a card or another label', () => {
  const point = fc.record({
    x: fc.integer({ max: 500, min: 0 }),
    y: fc.integer({ max: 500, min: 0 }),
  });
  const boxes = fc.array(
    point.map((corner) => ({ ...corner, width: 80, height: 40 })),
    { maxLength: 8 },
  );
  const routes = fc.array(fc.array(point, { minLength: 2, maxLength: 5 }), { maxLength: 12 });
  fc.assert(
    fc.property(boxes, routes, fc.constantFrom(1, 1.8, 2.4), (cards, lines, scale) => {
      const edges = lines.map((route, i) => ({ id: `${i}`, text: 'TCP 8080', route }));
      const labels = placeLabels(edges, cards, scale);
      for (const label of labels) {
        const others = labels.filter((other) => other !== label);
        expect([...cards, ...others].filter((other) => overlaps(label, other))).toEqual([]);
      }
    }),
  );
});
