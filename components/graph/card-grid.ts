import type { GraphEdge, GraphNode } from '#lib/view/graph-view.ts';
import { cardSize } from './card-size.ts';
import type { Box } from './geometry.ts';

const GAP = { x: 28, y: 14 } as const;

/**
 * An order in which edges lead forwards, save those that close a cycle. Without recursion: a chain
 * may be as long as the picture is large.
 */
function flowOrder(
  ids: readonly string[],
  targets: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const seen = new Set<string>();
  const left: string[] = [];
  for (const start of ids) {
    const path = seen.has(start) ? [] : [{ id: start, next: 0 }];
    seen.add(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = targets.get(top.id)?.[top.next++];
      if (target === undefined) left.push(path.pop()?.id ?? '');
      else if (!seen.has(target)) {
        seen.add(target);
        path.push({ id: target, next: 0 });
      }
    }
  }
  return left.reverse();
}

/** How many steps each card stands from where the flow begins, at most. */
function ranks(
  order: readonly string[],
  targets: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const place = new Map(order.map((id, i) => [id, i]));
  const rank = new Map<string, number>();
  for (const [i, id] of order.entries())
    for (const target of targets.get(id) ?? [])
      if ((place.get(target) ?? 0) > i)
        rank.set(target, Math.max(rank.get(target) ?? 0, (rank.get(id) ?? 0) + 1));
  return rank;
}

/**
 * Cards in columns, from where connections start on the left to where they end on the right; those
 * without any come last. No edge has a route. For more cards than a layered layout could show.
 */
export function cardGrid(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  aspect: number,
): ReadonlyMap<string, Box> {
  // What gathers the rest is tied to nearly everything: in the flow it would stand in the middle of it.
  const ids = new Set(nodes.filter(({ kind }) => kind !== 'rest').map(({ id }) => id));
  const own = edges.filter(({ source, target }) => ids.has(source) && ids.has(target));
  const leaving = Map.groupBy(own, ({ source }) => source);
  const targets = new Map([...leaving].map(([id, list]) => [id, list.map(({ target }) => target)]));
  const tied = new Set(own.flatMap(({ source, target }) => [source, target]));
  const rank = ranks(flowOrder([...ids], targets), targets);
  const place = ({ id, kind }: GraphNode) =>
    tied.has(id) ? (rank.get(id) ?? 0) : nodes.length + (kind === 'rest' ? 1 : 0);
  const sorted = nodes.toSorted((a, b) => place(a) - place(b));
  const sizes = sorted.map(cardSize);
  const area = sizes.reduce((sum, size) => sum + (size.width + GAP.x) * (size.height + GAP.y), 0);
  const tallest = Math.max(Math.sqrt(area / aspect), ...sizes.map(({ height }) => height));
  const boxes = new Map<string, Box>();
  let column = { x: 0, width: 0, y: 0 };
  for (const [i, { id }] of sorted.entries()) {
    const { width = 0, height = 0 } = sizes[i] ?? {};
    if (column.y > 0 && column.y + height > tallest)
      column = { x: column.x + column.width + GAP.x, width: 0, y: 0 };
    boxes.set(id, { x: column.x, y: column.y, width, height });
    column = { ...column, width: Math.max(column.width, width), y: column.y + height + GAP.y };
  }
  return boxes;
}
