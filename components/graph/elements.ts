import type { ElementDefinition } from 'cytoscape';
import type { GraphEdge, GraphView } from '#lib/view/graph-view.ts';
import { isFrame } from './card-size.ts';
import { BEND_RADIUS } from './edge-path.ts';
import { type Box, centre, type Geometry, type Point } from './geometry.ts';
import { isLarge } from './packed-layout.ts';

/** A view and its places as Cytoscape's elements. What has no place is not drawn. */
export function toElements(view: GraphView, geometry: Geometry): readonly ElementDefinition[] {
  const { boxes, routes } = geometry;
  const unrouted = isLarge(view) ? { course: 'across' } : {};
  const rest = new Set(view.nodes.filter(({ kind }) => kind === 'rest').map(({ id }) => id));
  const nodes = view.nodes.flatMap((node): ElementDefinition[] => {
    const box = boxes.get(node.id);
    if (!box) return [];
    const { width, height } = box;
    const kind = isFrame(node) ? 'frame' : node.kind;
    return [{ group: 'nodes', data: { id: node.id, kind, width, height }, position: centre(box) }];
  });
  const edges = view.edges.flatMap((edge): ElementDefinition[] => {
    const source = boxes.get(edge.source);
    const target = boxes.get(edge.target);
    if (!source || !target) return [];
    const route = routes.get(edge.id);
    return [
      {
        group: 'edges',
        data: {
          ...edgeData(edge),
          ...(route ? routeData(route, source, target) : unrouted),
          ...(rest.has(edge.source) || rest.has(edge.target) ? { toRest: true } : {}),
        },
      },
    ];
  });
  return [...nodes, ...edges];
}

function edgeData({ id, source, target, verdict, basis, connections }: GraphEdge) {
  return { id, source, target, verdict, basis, width: lineWidth(connections) };
}

/** From 1.25 for one pair of workloads to 2.25 for thirty and more. */
export function lineWidth(connections: number): number {
  return Math.round((1.25 + Math.min(1, Math.log2(connections) / 5)) * 100) / 100;
}

/**
 * A route as Cytoscape takes it (the stylesheet maps these): ends relative to the nodes' centres,
 * and each bend as a share of the straight line between the ends plus a distance from that line.
 */
function routeData(route: readonly Point[], source: Box, target: Box) {
  const start = route[0] ?? centre(source);
  const end = route.at(-1) ?? centre(target);
  const bends = route.slice(1, -1);
  const ends = {
    sourceEnd: offset(start, centre(source)),
    targetEnd: offset(end, centre(target)),
  };
  const across = { x: end.x - start.x, y: end.y - start.y };
  const length = Math.hypot(across.x, across.y);
  if (bends.length === 0 || length < 1) return { ...ends, course: 'straight' };
  const weights = bends.map(
    ({ x, y }) => ((x - start.x) * across.x + (y - start.y) * across.y) / length ** 2,
  );
  const distances = bends.map(
    ({ x, y }) => ((y - start.y) * across.x - (x - start.x) * across.y) / length,
  );
  return {
    ...ends,
    course: 'bent',
    weights,
    distances,
    radii: bends.map(() => BEND_RADIUS),
  };
}

function offset(point: Point, from: Point): readonly [string, string] {
  return [`${point.x - from.x}px`, `${point.y - from.y}px`];
}
