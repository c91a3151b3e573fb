import type { GraphNode } from '#lib/view/graph-view.ts';
import type { Box } from './geometry.ts';

/** Sizes of the cards, known before anything is drawn, because the layout needs them. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room inside a namespace's frame: its title stands at the top. */
export const FRAME_PADDING = { top: 46, right: 16, bottom: 16, left: 16 } as const;
/** A frame is never narrower than its title line. */
export const FRAME_MIN_WIDTH = 216;

const WORKLOAD = { min: 132, max: 236, height: 54 } as const;
const NAMESPACE = { min: 236, max: 280, height: 72 } as const;
const OUTSIDE = { min: 156, max: 240, height: 46 } as const;

/** Mean advance of Geist at 13 px medium; long names are cut with an ellipsis beyond the maximum. */
const ADVANCE = 7.1;
/** Paddings, the glyph, and the count of pods beside the name. */
const BESIDE_NAME = 74;
/** What the two badges of the second line take, before the third. */
const BADGES = 92;

function clampWidth(
  width: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  return Math.round(Math.min(max, Math.max(min, width)));
}

/** The size of a node's card; of a frame, the least size. */
export function cardSize(node: GraphNode): Size {
  const name = node.label.length * ADVANCE;
  switch (node.kind) {
    case 'workload':
    case 'workloads': {
      const note = node.openTo === null ? 0 : BADGES + (node.openTo.length + 5) * 6;
      return {
        width: clampWidth(Math.max(name + BESIDE_NAME, note), WORKLOAD),
        height: WORKLOAD.height,
      };
    }
    case 'namespace':
      return { width: clampWidth(name + BESIDE_NAME, NAMESPACE), height: NAMESPACE.height };
    case 'outside':
      return { width: clampWidth(name + 56, OUTSIDE), height: OUTSIDE.height };
    case 'rest':
      return {
        width: clampWidth(name + 40, NAMESPACE),
        height: (node.of === 'namespaces' ? NAMESPACE : WORKLOAD).height,
      };
  }
}

/** Where a frame's name stands, which nothing else may cover. */
export function frameTitle({ label }: GraphNode, { x, y, width }: Box): Box {
  const far = label.length * ADVANCE * 2 + FRAME_PADDING.left;
  return { x, y, width: Math.min(width, far), height: FRAME_PADDING.top };
}

/** Whether a node is drawn as a frame around others. */
export function isFrame(node: GraphNode): boolean {
  return node.kind === 'namespace' && !node.collapsed;
}
