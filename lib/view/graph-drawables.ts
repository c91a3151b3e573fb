import type { Connectivity } from '#lib/engine/connectivity.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { partFacts, podCount } from './cluster-facts.ts';
import type { EdgeGathering } from './edge-gathering.ts';
import { type GraphBudget, roomForInner } from './graph-budget.ts';
import { type Candidate, inOrder } from './graph-cut.ts';
import { type Gathered, namespaceId, namespaceNode, restId } from './graph-nodes.ts';
import { innerNode, innerPlaces, type Opening } from './graph-places.ts';
import type { Shown } from './graph-tally.ts';
import type { GraphNode } from './graph-view.ts';
import type { NamespacePart } from './namespace-parts.ts';
import { type Census, censusOf, censusOfPart, NOBODY } from './open-pairs.ts';
import { outsideId, outsideNode } from './outside-nodes.ts';

/** What a picture would hold if there were room for all. */

/** A node that is drawn by itself, or gathered with others. */
export interface Drawable extends Candidate {
  /** Its namespace; null outside the cluster. */
  readonly namespace: string | null;
  readonly gathered: Gathered;
  readonly census: () => Census;
  readonly node: (inside: number) => GraphNode;
}

/** Lower is drawn first. */
const RANK = { focus: 0, inner: 1, other: 2, late: 3 } as const;

/** What stands in the frame of a namespace. */
export function innerDrawables(
  connectivity: Connectivity,
  part: NamespacePart,
  opening: Opening,
  { focus }: Shown,
): readonly Drawable[] {
  const { namespace } = part;
  const rest = restId({ of: 'workloads', namespace });
  return innerPlaces(connectivity, part, opening).map((place) => {
    const { id, unit, workloads } = place;
    const isFocus = focus !== null && workloads.includes(focus);
    const count = workloads.length;
    const pods = workloads.reduce((sum, workload) => sum + podCount(workload), 0);
    return {
      id,
      rest,
      rank: isFocus ? RANK.focus : RANK.inner,
      namespace,
      gathered: { of: 'workloads', namespace, count, workloads: count, pods },
      census: () => censusOf(connectivity, [[unit, count]]),
      node: (inside) => innerNode(connectivity, place, inside),
    };
  });
}

/** A namespace that is drawn as one box. */
export function collapsedDrawable(
  connectivity: Connectivity,
  namespace: string,
  part: NamespacePart | undefined,
  { focus }: Shown,
): Drawable {
  const { workloads, coverage } = partFacts(connectivity, part);
  const { pods } = coverage;
  return {
    id: namespaceId(namespace),
    rest: restId({ of: 'namespaces', namespace: null }),
    rank: focus?.namespace === namespace ? RANK.focus : RANK.other,
    namespace,
    gathered: { of: 'namespaces', namespace: null, count: 1, workloads, pods },
    census: () => (part === undefined ? NOBODY : censusOfPart(connectivity, part)),
    node: (inside) => namespaceNode(connectivity, namespace, part, true, inside),
  };
}

/** A part of the outside world. */
export function outsideDrawable(label: string): Drawable {
  return {
    id: outsideId(label),
    rest: restId({ of: 'outside', namespace: null }),
    rank: RANK.other,
    namespace: null,
    gathered: { of: 'outside', namespace: null, count: 1, workloads: 0, pods: 0 },
    census: () => NOBODY,
    node: () => outsideNode(label),
  };
}

/** In the order in which there is room for them: what is in frames first, but not all the room. */
export function arranged(
  drawables: readonly Drawable[],
  edges: EdgeGathering,
  budget: GraphBudget,
): readonly Drawable[] {
  let room = roomForInner(budget);
  const ranked = inOrder(drawables, edges).map((drawable) =>
    drawable.rank === RANK.inner && room-- <= 0 ? { ...drawable, rank: RANK.late } : drawable,
  );
  return ranked.toSorted((a, b) => a.rank - b.rank);
}

/** Those that did not fit, added up by the node that gathers them. */
export function gatheredIn(left: readonly Drawable[]): ReadonlyMap<string, Gathered> {
  const sums = new Map<string, Gathered>();
  for (const { rest, gathered } of left) {
    const { count, workloads, pods } = sums.get(rest) ?? { count: 0, workloads: 0, pods: 0 };
    sums.set(rest, {
      ...gathered,
      count: count + gathered.count,
      workloads: workloads + gathered.workloads,
      pods: pods + gathered.pods,
    });
  }
  return new Map([...sums].sort(([a], [b]) => compareText(a, b)));
}
