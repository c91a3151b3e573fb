import type { GraphEdge, GraphNode, GraphView } from '#lib/view/graph-view.ts';
import { cardGrid } from './card-grid.ts';
import { cardSize, FRAME_MIN_WIDTH, FRAME_PADDING, isFrame, type Size } from './card-size.ts';
import { around, type Box, type Geometry, type Point } from './geometry.ts';
import { packOnShelves } from './packing.ts';

/**
 * Pictures too large for one flow: each namespace is laid out by itself, and their frames are packed
 * side by side. Edges between frames have no route and are drawn straight, behind the cards.
 */

/** Beyond this one layered layout takes seconds, and spreads over a page that nobody can read. */
const ONE_FLOW = { nodes: 120, edges: 240 } as const;
/** The same for the cards of one frame. */
const ONE_FRAME = { nodes: 60, edges: 120 } as const;

const GAP = 32;
const FRAME_ASPECT = 1.5;

/** A namespace that is drawn as a frame, with what is in it. */
export interface FramePart {
  readonly frame: GraphNode;
  readonly members: readonly GraphNode[];
  /** Those between its members. */
  readonly edges: readonly GraphEdge[];
}

/** How a frame looks inside: everything relative to its upper left corner. */
export interface Interior extends Geometry {
  readonly size: Size;
}

export function isLarge({ nodes, edges }: GraphView): boolean {
  return nodes.length > ONE_FLOW.nodes || edges.length > ONE_FLOW.edges;
}

/** Whether a layered layout shows the frame well, and soon. */
export function isReadable({ members, edges }: FramePart): boolean {
  return members.length <= ONE_FRAME.nodes && edges.length <= ONE_FRAME.edges;
}

export function framesOf({ nodes, edges }: GraphView): readonly FramePart[] {
  const members = Map.groupBy(nodes, ({ parent }) => parent);
  const parentOf = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const inside = Map.groupBy(edges, ({ source, target }) => {
    const parent = parentOf.get(source);
    return parent === parentOf.get(target) ? parent : null;
  });
  return nodes.filter(isFrame).map((frame) => ({
    frame,
    members: members.get(frame.id) ?? [],
    edges: inside.get(frame.id) ?? [],
  }));
}

/** A frame with its cards in columns: at once, whatever its size. */
export function plainInterior({ members, edges }: FramePart): Interior {
  const { top, right, bottom, left } = FRAME_PADDING;
  const cards = cardGrid(members, edges, FRAME_ASPECT);
  const all = around(cards.values()) ?? { width: 0, height: 0 };
  return {
    size: {
      width: Math.max(FRAME_MIN_WIDTH, all.width + left + right),
      height: all.height + top + bottom,
    },
    boxes: moved(cards, { x: left, y: top }),
    routes: new Map(),
  };
}

/** A frame as a layout of its own gave it. */
export function interiorOf({ boxes, routes }: Geometry, frame: string): Interior {
  const { x, y, width, height } = boxes.get(frame) ?? { x: 0, y: 0, width: 0, height: 0 };
  const back = { x: -x, y: -y };
  const cards = new Map([...boxes].filter(([id]) => id !== frame));
  return { size: { width, height }, boxes: moved(cards, back), routes: movedRoutes(routes, back) };
}

/** All frames and single cards packed into one picture. `interiors` by the frame's id. */
export function packFrames(
  { nodes }: GraphView,
  interiors: ReadonlyMap<string, Interior>,
  aspect: number,
): Geometry {
  const outermost = nodes.filter(({ parent }) => parent === null);
  const sizes = outermost.map(
    (node) => [node.id, interiors.get(node.id)?.size ?? cardSize(node)] as const,
  );
  const boxes = new Map(packOnShelves(new Map(sizes), { aspect, gap: GAP }));
  const routes = new Map<string, readonly Point[]>();
  for (const [frame, interior] of interiors) {
    const corner = boxes.get(frame);
    if (corner === undefined) continue;
    for (const [id, box] of moved(interior.boxes, corner)) boxes.set(id, box);
    for (const [id, route] of movedRoutes(interior.routes, corner)) routes.set(id, route);
  }
  return { boxes, routes };
}

function moved(boxes: ReadonlyMap<string, Box>, by: Point): ReadonlyMap<string, Box> {
  return new Map([...boxes].map(([id, box]) => [id, { ...box, ...shifted(box, by) }]));
}

function movedRoutes(routes: Geometry['routes'], by: Point): Geometry['routes'] {
  return new Map([...routes].map(([id, route]) => [id, route.map((point) => shifted(point, by))]));
}

function shifted({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}
