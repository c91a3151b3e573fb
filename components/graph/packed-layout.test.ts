import ELK from 'elkjs/lib/elk.bundled.js';
import { expect, test } from 'vitest';
import { fromElk, toElk } from './elk-graph.ts';
import { type Box, overlaps } from './geometry.ts';
import {
  framesOf,
  type Interior,
  interiorOf,
  isLarge,
  isReadable,
  packFrames,
  plainInterior,
} from './packed-layout.ts';
import { edge, frame, outside, view, workload } from './test-view.ts';

const NAMES = ['ads', 'crm', 'data', 'shop'];
const members = new Map(
  NAMES.map((name) => [name, Array.from({ length: 40 }, (_, i) => workload(name, `w${i}`))]),
);
const world = outside('10.0.0.0/8');
const idle = frame('idle', { collapsed: true });
const inner = [...members.values()].flatMap((cards) =>
  cards.slice(1).map((card, i) => edge(cards[i >> 1] ?? card, card)),
);
const across = NAMES.slice(1).flatMap((name, i) => {
  const [from, to] = [members.get(NAMES[i] ?? '')?.[3], members.get(name)?.[5]];
  return from && to ? [edge(from, to)] : [];
});
const large = view(
  [...NAMES.map((name) => frame(name)), ...[...members.values()].flat(), world, idle],
  [...inner, ...across],
);

function within(box: Box | undefined, outer: Box | undefined): boolean {
  return (
    box !== undefined &&
    outer !== undefined &&
    box.x >= outer.x &&
    box.y >= outer.y &&
    box.x + box.width <= outer.x + outer.width &&
    box.y + box.height <= outer.y + outer.height
  );
}

function expectOrder(boxes: ReadonlyMap<string, Box>): void {
  expect([...boxes.keys()].sort()).toEqual(large.nodes.map(({ id }) => id).sort());
  for (const node of large.nodes)
    if (node.parent !== null) expect(within(boxes.get(node.id), boxes.get(node.parent))).toBe(true);
  const tops = large.nodes.filter(({ parent }) => parent === null);
  for (const [i, { id }] of tops.entries())
    for (const other of tops.slice(i + 1)) {
      const [a, b] = [boxes.get(id), boxes.get(other.id)];
      expect(a && b && overlaps(a, b)).toBe(false);
    }
}

test('a picture of many cards or edges is large', () => {
  expect(isLarge(large)).toBe(true);
  expect(isLarge(view(large.nodes.slice(0, 80), inner.slice(0, 80)))).toBe(false);
});

test('frames know their cards and the edges between them', () => {
  const parts = framesOf(large);
  expect(parts.map(({ frame: { label } }) => label)).toEqual(NAMES);
  expect(parts.flatMap(({ edges }) => edges)).toEqual(inner);
  expect(parts.map((part) => part.members)).toEqual([...members.values()]);
  expect(parts.every(isReadable)).toBe(true);
});

test('frames in plain columns are packed with single cards', () => {
  const parts = framesOf(large).map((part) => [part.frame.id, plainInterior(part)] as const);
  const { boxes, routes } = packFrames(large, new Map(parts), 1.9);
  expectOrder(boxes);
  expect(routes.size).toBe(0);
});

test('frames that were laid out keep their routes, and edges between frames have none', async () => {
  const elk = new ELK();
  const made = new Map<string, Interior>();
  for (const part of framesOf(large)) {
    const alone = { ...large, nodes: [part.frame, ...part.members], edges: part.edges };
    const geometry = fromElk(await elk.layout(toElk(alone, 'RIGHT')));
    made.set(part.frame.id, interiorOf(geometry, part.frame.id));
  }
  const { boxes, routes } = packFrames(large, made, 1.9);
  expectOrder(boxes);
  expect([...routes.keys()].sort()).toEqual(inner.map(({ id }) => id).sort());
  for (const { id, source } of inner) {
    const start = routes.get(id)?.[0];
    const box = boxes.get(source);
    if (!start || !box) throw new Error(`${id} has no place`);
    expect(start.x).toBeGreaterThanOrEqual(box.x - 1);
    expect(start.x).toBeLessThanOrEqual(box.x + box.width + 1);
    expect(start.y).toBeGreaterThanOrEqual(box.y - 1);
    expect(start.y).toBeLessThanOrEqual(box.y + box.height + 1);
  }
});
