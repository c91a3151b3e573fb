import { isFrame } from '#components/graph/card-size.ts';
import { matchesFilter } from '#components/graph/emphasis.ts';
import { compareText } from '#lib/model/object-ref.ts';
import type { GraphEdge, GraphNode, GraphView } from '#lib/view/graph-view.ts';

/** The picture as rows: the same nodes, the same edges, the same words. */

export interface NodeRow {
  readonly id: string;
  readonly node: GraphNode;
  /** `shop/web`, `shop`, `203.0.113.0/24` */
  readonly name: string;
  readonly kind: string;
  readonly pods: number | null;
  /** Drawn edges that end and start here; null for a namespace whose workloads are drawn. */
  readonly incoming: number | null;
  readonly outgoing: number | null;
}

export interface EdgeRow {
  readonly id: string;
  readonly edge: GraphEdge;
  readonly from: string;
  readonly to: string;
}

export function nodeName(node: GraphNode): string {
  const isInside = node.kind === 'workload' || node.kind === 'workloads';
  return isInside ? `${node.namespace}/${node.label}` : node.label;
}

function kindName(node: GraphNode): string {
  switch (node.kind) {
    case 'workload':
      return node.ref.kind;
    case 'namespace':
      return 'Namespace';
    case 'workloads':
      return 'Workloads';
    case 'outside':
      return 'Addresses';
    case 'rest':
      return 'Rest';
  }
}

function isOutside({ node }: NodeRow): boolean {
  return node.kind === 'outside';
}

/** One row for each node that answers to the filter; a namespace before what is in it, the outside last. */
export function nodeRows(view: GraphView, filter: string): readonly NodeRow[] {
  const incoming = tally(view.edges.map(({ target }) => target));
  const outgoing = tally(view.edges.map(({ source }) => source));
  return view.nodes
    .filter((node) => matchesFilter(node, filter))
    .map((node) => ({
      id: node.id,
      node,
      name: nodeName(node),
      kind: kindName(node),
      pods: node.kind === 'outside' ? null : node.pods,
      incoming: isFrame(node) ? null : (incoming.get(node.id) ?? 0),
      outgoing: isFrame(node) ? null : (outgoing.get(node.id) ?? 0),
    }))
    .sort((a, b) => Number(isOutside(a)) - Number(isOutside(b)) || compareText(a.name, b.name));
}

/** One row for each edge of which an end answers to the filter. */
export function edgeRows(view: GraphView, filter: string): readonly EdgeRow[] {
  const nodes = new Map(view.nodes.map((node) => [node.id, node]));
  return view.edges.flatMap((edge): EdgeRow[] => {
    const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
    if (!source || !target) return [];
    if (!matchesFilter(source, filter) && !matchesFilter(target, filter)) return [];
    return [{ id: edge.id, edge, from: nodeName(source), to: nodeName(target) }];
  });
}

function tally(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** What an edge rests on, in words. */
export const BASIS: Readonly<Record<GraphEdge['basis'], string>> = {
  rules: 'a rule names it',
  open: 'default-open',
  dns: 'DNS alone',
};
