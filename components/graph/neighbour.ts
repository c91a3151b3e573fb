import { isFrame } from './card-size.ts';
import { centre } from './geometry.ts';
import type { Picture } from './use-layout.ts';

export type Side = 'left' | 'right' | 'up' | 'down';

const AXES: Readonly<Record<Side, { readonly x: number; readonly y: number }>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** Standing aside counts this much more than standing far. */
const ASIDE = 2.5;

/** The card that a person would reach by going that way from another; null when there is none. */
export function neighbour(
  { view, geometry }: Pick<Picture, 'view' | 'geometry'>,
  from: string,
  side: Side,
): string | null {
  const start = geometry.boxes.get(from);
  if (!start) return null;
  const origin = centre(start);
  const axis = AXES[side];
  let best: { readonly id: string; readonly cost: number } | null = null;
  for (const node of view.nodes) {
    const box = geometry.boxes.get(node.id);
    if (node.id === from || isFrame(node) || !box) continue;
    const { x, y } = centre(box);
    const along = (x - origin.x) * axis.x + (y - origin.y) * axis.y;
    const aside = Math.abs((x - origin.x) * axis.y) + Math.abs((y - origin.y) * axis.x);
    if (along <= 1 || aside > along * ASIDE) continue;
    const cost = along + ASIDE * aside;
    if (best === null || cost < best.cost) best = { id: node.id, cost };
  }
  return best?.id ?? null;
}
