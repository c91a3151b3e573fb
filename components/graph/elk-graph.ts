import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';
import type { GraphView } from '#lib/view/graph-view.ts';
import { cardSize, FRAME_MIN_WIDTH, FRAME_PADDING, isFrame } from './card-size.ts';
import type { Box, Geometry, Point } from './geometry.ts';
import { gatherLoose, isLooseBlock } from './loose-nodes.ts';

/** Which way the connections flow over the page. */
export type FlowDirection = 'RIGHT' | 'DOWN';

/**
 * To the right where most of what is drawn are workloads in their frames. A map of collapsed
 * namespaces has few cards in many layers and fits better downwards, as everything does on a page
 * that is much taller than wide.
 */
export function flowDirection({ nodes }: GraphView, isNarrow: boolean): FlowDirection {
  const workloads = nodes.filter(({ kind }) => kind === 'workload').length;
  const collapsed = nodes.filter((node) => node.kind === 'namespace' && node.collapsed).length;
  return isNarrow || workloads < collapsed ? 'DOWN' : 'RIGHT';
}

/** With more edges than this for each node, or in all, nearly everything is part of some cycle. */
const DENSE = { perNode: 3, inAll: 400 } as const;

/** ELK's layered layout over all levels at once; the seed makes the same graph look the same every time. */
function rootOptions(direction: FlowDirection, isDense: boolean): LayoutOptions {
  return {
    'elk.algorithm': 'layered',
    'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
    'elk.direction': direction,
    'elk.edgeRouting': 'ORTHOGONAL',
    'elk.randomSeed': '1',
    'elk.json.edgeCoords': 'ROOT',
    'elk.json.shapeCoords': 'ROOT',
    'elk.spacing.nodeNode': '16',
    'elk.spacing.edgeNode': '12',
    'elk.spacing.edgeEdge': '8',
    'elk.spacing.componentComponent': '28',
    'elk.layered.spacing.nodeNodeBetweenLayers': '44',
    'elk.layered.spacing.edgeNodeBetweenLayers': '14',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '8',
    'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    'elk.layered.considerModelOrder.strategy': 'PREFER_NODES',
    // Where everything is in a cycle, the fewest edges against the flow make one long chain.
    'elk.layered.cycleBreaking.strategy': isDense ? 'MODEL_ORDER' : 'GREEDY',
    // Connections that share an end share its last stretch: far fewer lines, and one arrowhead.
    'elk.layered.mergeEdges': 'true',
    'elk.layered.mergeHierarchyEdges': 'true',
  };
}

const { top, right, bottom, left } = FRAME_PADDING;
const FRAME_OPTIONS: LayoutOptions = {
  'elk.padding': `[top=${top},left=${left},bottom=${bottom},right=${right}]`,
  'elk.nodeSize.constraints': 'MINIMUM_SIZE',
  'elk.nodeSize.minimum': `(${FRAME_MIN_WIDTH},${top + bottom})`,
};

/** The view as ELK's JSON. Edges carry no labels: in the layout they would stretch everything. */
export function toElk(view: GraphView, direction: FlowDirection): ElkNode {
  const known = new Map<string, ElkNode>();
  for (const node of view.nodes) {
    known.set(
      node.id,
      isFrame(node)
        ? { id: node.id, children: [], layoutOptions: FRAME_OPTIONS }
        : { id: node.id, ...cardSize(node) },
    );
  }
  const children: ElkNode[] = [];
  for (const node of view.nodes) {
    const elk = known.get(node.id);
    const parent = node.parent === null ? undefined : known.get(node.parent);
    if (elk) (parent?.children ?? children).push(elk);
  }
  const edges: ElkExtendedEdge[] = view.edges
    .filter(({ source, target }) => known.has(source) && known.has(target))
    .map(({ id, source, target }) => ({ id, sources: [source], targets: [target] }));
  const isDense = edges.length > Math.min(DENSE.inAll, DENSE.perNode * view.nodes.length);
  const flow = rootOptions(direction, isDense);
  for (const frame of children)
    if (frame.children !== undefined)
      frame.children = gatherLoose(frame.id, frame.children, edges, flow);
  return {
    id: 'root',
    layoutOptions: flow,
    children: gatherLoose('root', children, edges, flow),
    edges,
  };
}

/** Places out of ELK's answer, whose coordinates are all relative to the root. */
export function fromElk(root: ElkNode): Geometry {
  const boxes = new Map<string, Box>();
  const routes = new Map<string, readonly Point[]>();
  const walk = (parent: ElkNode) => {
    for (const { id, x = 0, y = 0, width = 0, height = 0 } of parent.children ?? []) {
      if (!isLooseBlock(id)) boxes.set(id, { x, y, width, height });
    }
    for (const edge of parent.edges ?? []) {
      const section = edge.sections?.[0];
      if (section) {
        routes.set(edge.id, [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]);
      }
    }
    for (const child of parent.children ?? []) walk(child);
  };
  walk(root);
  return { boxes, routes };
}
