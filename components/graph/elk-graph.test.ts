import ELK from 'elkjs/lib/elk.bundled.js';
import { expect, test } from 'vitest';
import { toElements } from './elements.ts';
import { flowDirection, fromElk, toElk } from './elk-graph.ts';
import { type Box, overlaps } from './geometry.ts';
import { edge, frame, outside, view, workload } from './test-view.ts';

const web = workload('shop', 'web');
const api = workload('shop', 'api');
const db = workload('data', 'postgres');
const world = outside('203.0.113.0/24');
const picture = view(
  [frame('shop'), web, api, frame('data'), db, frame('idle', { collapsed: true }), world],
  [edge(world, web), edge(web, api), edge(api, db), edge(web, db), edge(db, { id: 'gone' })],
);

async function layOut(direction: 'RIGHT' | 'DOWN') {
  return fromElk(await new ELK().layout(toElk(picture, direction)));
}

function within(inner: Box | undefined, outer: Box | undefined): boolean {
  if (!inner || !outer) return false;
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

test('workloads stand inside their namespaces, and nothing stands on another', async () => {
  const { boxes } = await layOut('RIGHT');
  expect([...boxes.keys()].sort()).toEqual(picture.nodes.map(({ id }) => id).sort());
  for (const card of [web, api, db]) {
    expect(within(boxes.get(card.id), boxes.get(card.parent ?? ''))).toBe(true);
  }
  const top = picture.nodes.filter(({ parent }) => parent === null);
  for (const node of top) {
    const box = boxes.get(node.id);
    const hits = top.filter(({ id }) => {
      const other = boxes.get(id);
      return id !== node.id && box && other && overlaps(box, other);
    });
    expect(hits).toEqual([]);
  }
});

test('every edge between drawn nodes has a route from border to border', async () => {
  const { boxes, routes } = await layOut('RIGHT');
  expect(routes.size).toBe(4);
  for (const { id, source, target } of picture.edges.slice(0, 4)) {
    const route = routes.get(id) ?? [];
    const [from, to] = [boxes.get(source), boxes.get(target)];
    expect(route.length).toBeGreaterThan(1);
    expect(route[0]?.x).toBeCloseTo((from?.x ?? 0) + (from?.width ?? 0), 0);
    expect(route.at(-1)?.x).toBeCloseTo(to?.x ?? 0, 0);
  }
});

test('the same view gets the same places every time', async () => {
  expect(await layOut('RIGHT')).toEqual(await layOut('RIGHT'));
});

test('connections flow down where the page is narrow', async () => {
  const { boxes } = await layOut('DOWN');
  const top = (id: string) => boxes.get(id)?.y ?? Number.NaN;
  expect(top(world.id)).toBeLessThan(top(web.id));
  expect(top(web.id)).toBeLessThan(top(api.id));
  expect(top(api.id)).toBeLessThan(top(db.id));
});

test.each([
  ['workloads flow to the right', picture, false, 'RIGHT'],
  ['and down on a narrow page', picture, true, 'DOWN'],
  [
    'collapsed namespaces flow down',
    view([frame('a', { collapsed: true }), frame('b', { collapsed: true }), web]),
    false,
    'DOWN',
  ],
])('%s', (_what, asked, isNarrow, direction) => {
  expect(flowDirection(asked, isNarrow)).toBe(direction);
});

test('a graph full of cycles is laid out as well', async () => {
  const nodes = Array.from({ length: 12 }, (_, i) => workload('shop', `svc-${i}`));
  const edges = nodes.flatMap((from) =>
    nodes.filter((to) => to !== from).map((to) => edge(from, to)),
  );
  const mesh = view([frame('shop'), ...nodes], edges);
  const { boxes, routes } = fromElk(await new ELK().layout(toElk(mesh, 'RIGHT')));
  expect(boxes.size).toBe(13);
  expect(routes.size).toBe(132);
});

test('what has no place is not drawn', async () => {
  const geometry = await layOut('RIGHT');
  const boxes = new Map([...geometry.boxes].filter(([id]) => id !== db.id));
  const drawn = toElements(picture, { ...geometry, boxes }).map(({ data }) => data.id);
  expect(drawn).not.toContain(db.id);
  expect(drawn).not.toContain(`${api.id}>${db.id}`);
  expect(drawn).toContain(`${web.id}>${api.id}`);
});

test('a route reaches the canvas unbent: its bends can be computed back', async () => {
  const geometry = await layOut('RIGHT');
  const bent = toElements(picture, geometry).filter(({ data }) => data.course === 'bent');
  expect(bent.length).toBeGreaterThan(0);
  for (const { data } of bent) {
    const route = geometry.routes.get(String(data.id)) ?? [];
    const [start, end] = [route[0], route.at(-1)];
    if (!start || !end) throw new Error('a bent edge without a route');
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const length = Math.hypot(dx, dy);
    data.weights.forEach((weight: number, i: number) => {
      const distance = data.distances[i];
      const x = start.x + dx * weight - (dy / length) * distance;
      const y = start.y + dy * weight + (dx / length) * distance;
      expect(x).toBeCloseTo(route[i + 1]?.x ?? Number.NaN, 6);
      expect(y).toBeCloseTo(route[i + 1]?.y ?? Number.NaN, 6);
    });
  }
});
