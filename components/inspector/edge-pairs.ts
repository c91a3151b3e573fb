import { askForObject } from '#components/explanation/endpoint-question.ts';
import { parseRefKey } from '#components/map/ref-key.ts';
import type { GraphEdge, GraphNode, GraphQuery, GraphView } from '#lib/view/graph-view.ts';

/** The connections between workloads that an edge of the map gathers. */

export interface EdgePair {
  readonly edge: GraphEdge;
  readonly source: GraphNode;
  readonly target: GraphNode;
}

/** Whether an edge gathers more than one connection, because a namespace is drawn as one box. */
export function gathersNamespace(source: GraphNode, target: GraphNode): boolean {
  return [source, target].some(({ kind }) => ['namespace', 'workloads', 'rest'].includes(kind));
}

/** The map with the edge's namespaces opened, in which its connections stand one by one. */
export function pairsQuery(query: GraphQuery, source: GraphNode, target: GraphNode): GraphQuery {
  const opened = [source, target].flatMap((node) =>
    node.kind === 'namespace' || node.kind === 'workloads' ? [node.namespace] : [],
  );
  return { ...query, expanded: [...new Set(opened)] };
}

function isWithin(node: GraphNode, drawn: GraphNode): boolean {
  return node.id === drawn.id || node.parent === drawn.id;
}

/** The edges of the opened map that lie between the two drawn nodes, in the server's order. */
export function edgePairs(
  opened: GraphView,
  source: GraphNode,
  target: GraphNode,
): readonly EdgePair[] {
  const nodes = new Map(opened.nodes.map((node) => [node.id, node]));
  return opened.edges.flatMap((edge) => {
    const [from, to] = [nodes.get(edge.source), nodes.get(edge.target)];
    if (from === undefined || to === undefined) return [];
    return isWithin(from, source) && isWithin(to, target)
      ? [{ edge, source: from, target: to }]
      : [];
  });
}

/**
 * What asks for a node as one end of a connection; null for a namespace, which is no end. Workloads
 * that no policy tells apart are asked for by the first of them: the answer is that of each.
 */
export function askForNode(node: GraphNode): string | null {
  switch (node.kind) {
    case 'namespace':
    case 'rest':
      return null;
    case 'workloads': {
      const first = parseRefKey(node.key);
      return first === null ? null : askForObject(first);
    }
    case 'workload':
      return askForObject(node.ref);
    case 'outside':
      return node.ranges[0] ?? null;
  }
}

export function nodeName(node: GraphNode): string {
  return node.kind === 'workload' ? `${node.namespace}/${node.label}` : node.label;
}

/** The kind of object that a node stands for, for its sign. */
export function nodeKind(node: GraphNode): string {
  switch (node.kind) {
    case 'namespace':
      return 'Namespace';
    case 'workload':
      return node.ref.kind;
    case 'workloads':
      return 'Workloads';
    case 'outside':
      return 'Addresses';
    case 'rest':
      return 'Rest';
  }
}
