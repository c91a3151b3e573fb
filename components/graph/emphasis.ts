import type { GraphEdge, GraphNode, GraphView } from '#lib/view/graph-view.ts';

/** What stands out and what steps back: a pure function of what a person points at. */

export interface Pointing {
  /** Node or edge under the pointer. */
  readonly hovered: string | null;
  /** Node or edge in the URL. */
  readonly selected: string | null;
  /** Text of the filter box. */
  readonly filter: string;
}

export interface Emphasis {
  /** Null: nothing stands out, all are equal. */
  readonly nodes: ReadonlySet<string> | null;
  readonly edges: ReadonlySet<string> | null;
  /** Edges whose ports are written beside them. */
  readonly labelled: ReadonlySet<string>;
}

/** So few edges that all may carry their ports all the time. */
const FEW_EDGES = 12;

/** Whether a node answers to the filter's text: its name, or its namespace's. */
export function matchesFilter(node: GraphNode, filter: string): boolean {
  const text = filter.trim().toLowerCase();
  if (text === '') return true;
  const isInside = node.kind === 'workload' || node.kind === 'workloads';
  const full = isInside ? `${node.namespace}/${node.label}` : node.label;
  return full.toLowerCase().includes(text);
}

/** The pointer wins over the selection, the selection over the filter. */
export function emphasize(view: GraphView, { hovered, selected, filter }: Pointing): Emphasis {
  const few = view.edges.length <= FEW_EDGES ? view.edges.map(({ id }) => id) : [];
  for (const pointed of [hovered, selected]) {
    const lit = pointed === null ? null : litBy(view, pointed);
    if (lit) {
      const labelled = new Set([...few, ...lit.edges.map(({ id }) => id)]);
      return { nodes: lit.nodes, edges: new Set(lit.edges.map(({ id }) => id)), labelled };
    }
  }
  const labelled = new Set(few);
  if (filter.trim() === '') return { nodes: null, edges: null, labelled };
  return { ...litByFilter(view, filter), labelled };
}

function litBy(
  view: GraphView,
  id: string,
): { readonly nodes: ReadonlySet<string>; readonly edges: readonly GraphEdge[] } | null {
  const edge = view.edges.find((candidate) => candidate.id === id);
  if (edge) return { nodes: withFrames(view, [edge.source, edge.target]), edges: [edge] };
  if (!view.nodes.some((node) => node.id === id)) return null;
  const members = new Set([id]);
  for (const node of view.nodes) if (node.parent === id) members.add(node.id);
  const edges = view.edges.filter(
    ({ source, target }) => members.has(source) || members.has(target),
  );
  const ends = edges.flatMap(({ source, target }) => [source, target]);
  return { nodes: withFrames(view, [...members, ...ends]), edges };
}

function litByFilter(view: GraphView, filter: string): Pick<Emphasis, 'nodes' | 'edges'> {
  const hits = new Set(
    view.nodes.filter((node) => matchesFilter(node, filter)).map(({ id }) => id),
  );
  const edges = view.edges.filter(({ source, target }) => hits.has(source) || hits.has(target));
  return { nodes: withFrames(view, hits), edges: new Set(edges.map(({ id }) => id)) };
}

/** A frame stands out with what is in it. */
function withFrames(view: GraphView, ids: Iterable<string>): ReadonlySet<string> {
  const lit = new Set(ids);
  for (const { id, parent } of view.nodes) if (parent !== null && lit.has(id)) lit.add(parent);
  return lit;
}
