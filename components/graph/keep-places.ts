import type { GraphNode, GraphView } from '#lib/view/graph-view.ts';
import { cardSize, FRAME_MIN_WIDTH, FRAME_PADDING, isFrame, type Size } from './card-size.ts';
import { around, type Box, type Geometry, overlaps } from './geometry.ts';

/**
 * A live cluster changes under the picture. What stands stays where it is; what is new gets a free
 * spot near its namespace; only a person asks for a new layout.
 */

const GAP = 18;

/**
 * The geometry for a changed view: no box that stands moves, a frame may only grow. What is gone
 * keeps its place as well, so that it stands where it stood when it comes back.
 */
export function keepPlaces(before: Geometry, view: GraphView): Geometry {
  const fresh = view.nodes.filter(({ id }) => !before.boxes.has(id));
  if (fresh.length === 0) return before;
  const boxes = new Map(before.boxes);
  for (const node of fresh.filter(isFrame)) placeFrame(node, fresh, boxes);
  for (const node of fresh) {
    if (boxes.has(node.id)) continue;
    const frame = node.parent === null ? undefined : boxes.get(node.parent);
    if (node.parent !== null && frame) placeInside(node, node.parent, frame, boxes);
    else boxes.set(node.id, outsideSpot(cardSize(node), boxes));
  }
  return { boxes, routes: before.routes };
}

/** A new frame with its cards in one column. */
function placeFrame(frame: GraphNode, fresh: readonly GraphNode[], boxes: Map<string, Box>): void {
  const cards = fresh.filter(({ parent }) => parent === frame.id);
  const sizes = cards.map((card) => cardSize(card));
  const { top, right, bottom, left } = FRAME_PADDING;
  const width = Math.max(FRAME_MIN_WIDTH, ...sizes.map((size) => size.width + left + right));
  const height = sizes.reduce((sum, size) => sum + size.height + GAP, top + bottom);
  const spot = outsideSpot({ width, height }, boxes);
  boxes.set(frame.id, spot);
  let y = spot.y + top;
  for (const card of cards) {
    const size = cardSize(card);
    boxes.set(card.id, { x: spot.x + left, y, ...size });
    y += size.height + GAP;
  }
}

function placeInside(node: GraphNode, frameId: string, frame: Box, boxes: Map<string, Box>): void {
  const size = cardSize(node);
  const rest = [...boxes].filter(([id]) => id !== frameId).map(([, box]) => box);
  const inside = rest.filter((box) => overlaps(frame, box));
  const free = spotWithin(frame, size, inside);
  if (free) {
    boxes.set(node.id, free);
    return;
  }
  const outside = rest.filter((box) => !overlaps(frame, box));
  const grown = grow(frame, size, outside);
  boxes.set(frameId, grown.frame);
  boxes.set(node.id, { ...grown.spot, ...size });
}

/** The first free spot in reading order. */
function spotWithin(frame: Box, size: Size, taken: readonly Box[]): Box | null {
  const { top, right, bottom, left } = FRAME_PADDING;
  const lastX = frame.x + frame.width - right - size.width;
  const lastY = frame.y + frame.height - bottom - size.height;
  for (let y = frame.y + top; y <= lastY; y += GAP) {
    for (let x = frame.x + left; x <= lastX; x += GAP) {
      const box = { x, y, ...size };
      if (!taken.some((other) => overlaps(box, other, GAP / 2))) return box;
    }
  }
  return null;
}

/** Room for one more card at the side of the frame where nothing stands; below when all are taken. */
function grow(
  frame: Box,
  size: Size,
  others: readonly Box[],
): { readonly frame: Box; readonly spot: { readonly x: number; readonly y: number } } {
  const { top, bottom, left, right } = FRAME_PADDING;
  const { x, y } = frame;
  const width = Math.max(frame.width, size.width + left + right);
  const downBy = size.height + GAP;
  const rightBy = size.width + GAP;
  const down = {
    frame: { x, y, width, height: frame.height + downBy },
    spot: { x: x + left, y: y + frame.height - bottom + GAP },
  };
  const aside = {
    frame: { x, y, width: frame.width + rightBy, height: frame.height },
    spot: { x: x + frame.width - right + GAP, y: y + top },
  };
  const isFree = (option: { readonly frame: Box }) =>
    !others.some((other) => overlaps(option.frame, other));
  return [down, aside].find(isFree) ?? down;
}

/** Under everything there is, at the left. */
function outsideSpot(size: Size, boxes: ReadonlyMap<string, Box>): Box {
  const all = around(boxes.values());
  return all === null
    ? { x: 0, y: 0, ...size }
    : { x: all.x, y: all.y + all.height + 2 * GAP, ...size };
}

/** How a picture differs from the view it was laid out for; `edges` counts those that rules permit. */
export interface LayoutDrift {
  readonly added: number;
  readonly removed: number;
  readonly edges: number;
}

/**
 * What a new layout would take up of a view, `laidOut` being the one that it was made for. Default-open
 * traffic is not counted: it is drawn around the selection and comes and goes with it.
 */
export function layoutDrift(laidOut: GraphView, view: GraphView): LayoutDrift {
  const before = new Set([...laidOut.nodes, ...laidOut.edges].map(({ id }) => id));
  const now = new Set(view.nodes.map(({ id }) => id));
  return {
    added: view.nodes.filter(({ id }) => !before.has(id)).length,
    removed: laidOut.nodes.filter(({ id }) => !now.has(id)).length,
    edges: view.edges.filter(({ id, basis }) => basis === 'rules' && !before.has(id)).length,
  };
}
