import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';

/**
 * Nodes that no edge leads out of need no place in the flow: the layered layout would stack them in
 * one endless row. They are packed into a block of their own, frames with everything in them.
 */

const PACKED: LayoutOptions = {
  'elk.algorithm': 'rectpacking',
  'elk.hierarchyHandling': 'SEPARATE_CHILDREN',
  'elk.aspectRatio': '1.7',
  'elk.spacing.nodeNode': '20',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
};

const PREFIX = 'loose:';

/** A block that only the layout knows, and nobody sees. */
export function isLooseBlock(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** The ids of a node and of all inside it. */
function idsWithin(node: ElkNode): string[] {
  return [node.id, ...(node.children ?? []).flatMap(idsWithin)];
}

/** Whether an edge has one end inside the node and the other outside. */
function isTied(node: ElkNode, edges: readonly ElkExtendedEdge[]): boolean {
  const inside = new Set(idsWithin(node));
  return edges.some(
    ({ sources, targets }) => inside.has(sources[0] ?? '') !== inside.has(targets[0] ?? ''),
  );
}

/**
 * The children with the loose ones among them gathered into a block. Frames in the block keep the
 * options of the flow, because theirs is a layout of its own.
 */
export function gatherLoose(
  parent: string,
  children: readonly ElkNode[],
  edges: readonly ElkExtendedEdge[],
  flow: LayoutOptions,
): ElkNode[] {
  const loose = children.filter((child) => !isTied(child, edges));
  if (loose.length < 2) return [...children];
  const tied = children.filter((child) => !loose.includes(child));
  const block: ElkNode = {
    id: `${PREFIX}${parent}`,
    layoutOptions: PACKED,
    children: loose.map((child) =>
      child.children === undefined
        ? child
        : { ...child, layoutOptions: { ...flow, ...child.layoutOptions } },
    ),
  };
  return [...tied, block];
}
