import type { GraphView } from '#lib/view/graph-view.ts';
import { cardSize } from './card-size.ts';

/**
 * What a layout depends on, as a text that is equal for equal structures: nodes with their sizes
 * and frames, and edges. Counts, badges and ports may change without a new layout.
 */
export function structureKey(view: Pick<GraphView, 'nodes' | 'edges'>): string {
  const nodes = view.nodes.map((node) => {
    const { width, height } = cardSize(node);
    return `${node.id} ${node.parent ?? ''} ${width}x${height}`;
  });
  return JSON.stringify([nodes.sort(), view.edges.map(({ id }) => id).sort()]);
}
