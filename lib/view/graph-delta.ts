import type { GraphEdge, GraphNode, GraphView } from './graph-view.ts';

/** How one graph becomes the next, so that those who look at it need not read it again. */

/** Elements are told apart by their ids. */
export interface ListChanges<Element> {
  readonly removed: readonly string[];
  /** They stay where they are. */
  readonly changed: readonly Element[];
  /** With their places in the new list, ascending. */
  readonly added: readonly (readonly [index: number, element: Element])[];
}

/** Which revision a view is of is no part of what it shows. */
type Told = 'cluster' | 'revision' | 'readAt';

export interface GraphChanges {
  readonly nodes: ListChanges<GraphNode>;
  readonly edges: ListChanges<GraphEdge>;
  /** The other fields that changed, whole. */
  readonly fields: Partial<Omit<GraphView, Told | 'nodes' | 'edges'>>;
}

/** What a stream tells of the view that it follows: `event: delta`. */
export interface GraphDelta extends GraphChanges {
  /** The tag of the view that it changes; who has another one reads the view anew. */
  readonly from: string;
  readonly to: string;
  readonly revision: number;
  /** ISO 8601. */
  readonly readAt: string;
}

function listChanges<Element extends { readonly id: string }>(
  before: readonly Element[],
  after: readonly Element[],
): ListChanges<Element> {
  const old = new Map(before.map((element, index) => [element.id, { element, index }]));
  const kept = new Set<string>();
  const changed: Element[] = [];
  const added: (readonly [number, Element])[] = [];
  let last = -1;
  for (const [index, element] of after.entries()) {
    const known = old.get(element.id);
    // What moved before others is taken out and put in again.
    if (known === undefined || known.index < last) {
      added.push([index, element]);
      continue;
    }
    last = known.index;
    kept.add(element.id);
    if (JSON.stringify(known.element) !== JSON.stringify(element)) changed.push(element);
  }
  const removed = before.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  return { removed, changed, added };
}

function withListChanges<Element extends { readonly id: string }>(
  before: readonly Element[],
  { removed, changed, added }: ListChanges<Element>,
): readonly Element[] {
  if (removed.length + changed.length + added.length === 0) return before;
  const gone = new Set(removed);
  const renewed = new Map(changed.map((element) => [element.id, element]));
  const kept = before.flatMap((element) =>
    gone.has(element.id) ? [] : [renewed.get(element.id) ?? element],
  );
  const after: Element[] = [];
  let next = 0;
  for (const [index, element] of added) {
    while (after.length < index && next < kept.length) {
      const each = kept[next++];
      if (each !== undefined) after.push(each);
    }
    after.push(element);
  }
  return [...after, ...kept.slice(next)];
}

/** What is to be done to `before` so that it shows what `after` does. */
export function graphChanges(before: GraphView, after: GraphView): GraphChanges {
  const { nodes: oldNodes, edges: oldEdges, ...old } = before;
  const { nodes, edges, cluster: _, revision: __, readAt: ___, ...rest } = after;
  const oldFields = new Map(Object.entries(old));
  const fields = Object.entries(rest).filter(
    ([name, value]) => JSON.stringify(oldFields.get(name)) !== JSON.stringify(value),
  );
  return {
    nodes: listChanges(oldNodes, nodes),
    edges: listChanges(oldEdges, edges),
    fields: Object.fromEntries(fields),
  };
}

/** The view that a delta makes of the one it starts from. */
export function withDelta(view: GraphView, delta: GraphDelta): GraphView {
  const { nodes, edges, fields, revision, readAt } = delta;
  return {
    ...view,
    ...fields,
    revision,
    readAt,
    nodes: withListChanges(view.nodes, nodes),
    edges: withListChanges(view.edges, edges),
  };
}
