import type { Size } from './card-size.ts';
import type { Box } from './geometry.ts';

/**
 * Boxes on shelves: the tallest first, what is lower stacked beside them, about as wide as asked for.
 * Equal ones stand in reading order. Takes no time worth speaking of, whatever the number.
 */
export function packOnShelves(
  sizes: ReadonlyMap<string, Size>,
  { aspect, gap }: { readonly aspect: number; readonly gap: number },
): ReadonlyMap<string, Box> {
  const items = [...sizes].toSorted(([, a], [, b]) => b.height - a.height);
  const area = items.reduce(
    (sum, [, { width, height }]) => sum + (width + gap) * (height + gap),
    0,
  );
  const widest = Math.max(0, ...items.map(([, { width }]) => width));
  const room = Math.max(widest, Math.sqrt(area * aspect));
  const boxes = new Map<string, Box>();
  let shelf = { y: 0, height: 0 };
  let column = { x: 0, width: 0, y: 0 };
  for (const [id, { width, height }] of items) {
    const isUnder =
      column.y > shelf.y && width <= column.width && column.y + height <= shelf.y + shelf.height;
    if (!isUnder) {
      const x = column.width === 0 ? 0 : column.x + column.width + gap;
      if (shelf.height === 0 || x + width > room) {
        shelf = { y: shelf.height === 0 ? 0 : shelf.y + shelf.height + gap, height };
        column = { x: 0, width, y: shelf.y };
      } else column = { x, width, y: shelf.y };
    }
    boxes.set(id, { x: column.x, y: column.y, width, height });
    column = { ...column, y: column.y + height + gap };
  }
  return boxes;
}
