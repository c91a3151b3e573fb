import { type Box, centre, type Point } from './geometry.ts';

/** Lines of edges as SVG draws them, along the routes that the canvas draws. */

export const BEND_RADIUS = 8;
/** Of an arrowhead, for a line of width 1. */
const HEAD = { length: 7, half: 3.2, perWidth: 1.6 } as const;

/** From border to border along the straight line between the centres; null where the boxes touch. */
export function straightRoute(source: Box, target: Box): readonly [Point, Point] | null {
  const [from, to] = [centre(source), centre(target)];
  const across = { x: to.x - from.x, y: to.y - from.y };
  const leave = shareWithin(source, across);
  const arrive = 1 - shareWithin(target, across);
  if (leave >= arrive) return null;
  return [at(from, across, leave), at(from, across, arrive)];
}

/** Which share of a way from the centre of a box lies inside it. */
function shareWithin({ width, height }: Box, { x, y }: Point): number {
  const across = x === 0 ? Number.POSITIVE_INFINITY : width / 2 / Math.abs(x);
  const along = y === 0 ? Number.POSITIVE_INFINITY : height / 2 / Math.abs(y);
  return Math.min(across, along);
}

function at(from: Point, across: Point, share: number): Point {
  return { x: from.x + across.x * share, y: from.y + across.y * share };
}

/** The line of a route, its bends rounded. */
export function linePath(route: readonly Point[]): string {
  const [start, ...rest] = route;
  if (start === undefined) return '';
  const steps = rest.map((point, i) => {
    const next = rest[i + 1];
    const before = rest[i - 1] ?? start;
    if (next === undefined) return `L${pair(point)}`;
    const radius = Math.min(BEND_RADIUS, distance(before, point) / 2, distance(point, next) / 2);
    return `L${pair(towards(point, before, radius))}Q${pair(point)} ${pair(towards(point, next, radius))}`;
  });
  return `M${pair(start)}${steps.join('')}`;
}

/** The arrowhead at the end of a route, as a closed path. */
export function headPath(route: readonly Point[], width: number): string {
  const tip = route.at(-1);
  const before = route.findLast((point) => tip !== undefined && distance(point, tip) > 0.5);
  if (tip === undefined || before === undefined) return '';
  const scale = 1 + (width - 1) / HEAD.perWidth;
  const foot = towards(tip, before, HEAD.length * scale);
  const length = distance(tip, before);
  const side = {
    x: (-(tip.y - before.y) / length) * HEAD.half * scale,
    y: ((tip.x - before.x) / length) * HEAD.half * scale,
  };
  const [left, right] = [
    { x: foot.x + side.x, y: foot.y + side.y },
    { x: foot.x - side.x, y: foot.y - side.y },
  ];
  return `M${pair(tip)}L${pair(left)}L${pair(right)}Z`;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to);
  return length === 0 ? from : at(from, { x: to.x - from.x, y: to.y - from.y }, by / length);
}

function pair({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
