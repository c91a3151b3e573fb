import type { Size } from './card-size.ts';
import { type Box, overlaps, type Point } from './geometry.ts';

/** Ports beside edges, placed so that no text ever covers a card or another text. */

export interface LabelledEdge {
  readonly id: string;
  readonly text: string;
  readonly route: readonly Point[];
}

export interface EdgeLabel extends Box {
  readonly id: string;
  readonly text: string;
  /** Size of the text, as a factor. */
  readonly scale: number;
}

const HEIGHT = 18;
const ADVANCE = 6.4;
const PADDING = 10;
const GAP = 2;

interface Segment {
  readonly from: Point;
  readonly to: Point;
  readonly length: number;
}

function segments(route: readonly Point[]): readonly Segment[] {
  return route.slice(1).map((to, i) => {
    const from = route[i] ?? to;
    return { from, to, length: Math.hypot(to.x - from.x, to.y - from.y) };
  });
}

/** Whether two orthogonal segments run over each other for a while. */
function runsOver(a: Segment, b: Segment): boolean {
  const span = (p: number, q: number) => [Math.min(p, q), Math.max(p, q)] as const;
  const [ax, bx] = [span(a.from.x, a.to.x), span(b.from.x, b.to.x)];
  const [ay, by] = [span(a.from.y, a.to.y), span(b.from.y, b.to.y)];
  const shared = (p: readonly [number, number], q: readonly [number, number]) =>
    Math.min(p[1], q[1]) - Math.max(p[0], q[0]);
  return shared(ax, bx) >= 0 && shared(ay, by) >= 0 && Math.max(shared(ax, bx), shared(ay, by)) > 1;
}

/**
 * A place for each label on a stretch of its own route, the longest first, and such that no other
 * labelled edge runs over. An edge for whose label there is no room gets none.
 */
export function placeLabels(
  edges: readonly LabelledEdge[],
  cards: readonly Box[],
  scale = 1,
): readonly EdgeLabel[] {
  const placed: EdgeLabel[] = [];
  const all = edges.map((edge) => ({ ...edge, segments: segments(edge.route) }));
  for (const edge of all) {
    const others = all.filter((other) => other !== edge).flatMap((other) => other.segments);
    const size = {
      width: Math.round((edge.text.length * ADVANCE + PADDING) * scale),
      height: Math.round(HEIGHT * scale),
    };
    const stretches = edge.segments
      .map((segment) => ({
        segment,
        shared: others.some((other) => runsOver(segment, other)),
      }))
      .sort((a, b) => Number(a.shared) - Number(b.shared) || b.segment.length - a.segment.length);
    const spot = stretches
      .flatMap(({ segment }) => spotsOn(segment, size))
      .find(
        (box) =>
          !cards.some((card) => overlaps(box, card, GAP)) &&
          !placed.some((label) => overlaps(box, label, GAP)),
      );
    if (spot) placed.push({ id: edge.id, text: edge.text, scale, ...spot });
  }
  return placed;
}

function spotsOn({ from, to, length }: Segment, { width, height }: Size): readonly Box[] {
  const horizontal = Math.abs(to.x - from.x) > Math.abs(to.y - from.y);
  if (length < (horizontal ? width : height)) return [];
  return [0.5, 0.3, 0.7, 0.15, 0.85].map((share) => ({
    x: from.x + (to.x - from.x) * share - width / 2,
    y: from.y + (to.y - from.y) * share - height / 2,
    width,
    height,
  }));
}
