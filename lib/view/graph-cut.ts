import { compareText } from '#lib/model/object-ref.ts';
import type { EdgeGathering } from './edge-gathering.ts';
import type { GraphBudget } from './graph-budget.ts';

/** Which nodes of a picture that is too large are drawn, and which are gathered. */

export interface Candidate {
  readonly id: string;
  /** The node it is gathered in where there is no room. */
  readonly rest: string;
  /** Who is drawn before all others, whatever its edges: lower first. */
  readonly rank: number;
}

/** The candidates in the order in which there is room for them: by rank, then those with the most connections. */
export function inOrder<Each extends Candidate>(
  candidates: readonly Each[],
  edges: EdgeGathering,
): readonly Each[] {
  const weights = new Map<string, number>();
  const weigh = (id: string, more: number) => weights.set(id, (weights.get(id) ?? 0) + more);
  for (const [source, target, { connections }] of edges) {
    weigh(source, connections);
    weigh(target, connections);
  }
  const weightOf = ({ id }: Candidate) => weights.get(id) ?? 0;
  return candidates.toSorted(
    (a, b) => a.rank - b.rank || weightOf(b) - weightOf(a) || compareText(a.id, b.id),
  );
}

/**
 * How many of the candidates there is room for, in their order: with the nodes that gather the
 * others and all edges between what is drawn then. `fixed` nodes are drawn in any case.
 */
export function roomFor(
  ordered: readonly Candidate[],
  edges: EdgeGathering,
  budget: GraphBudget,
  fixed: number,
): number {
  const drawn = edgesByCount(ordered, edges);
  const kinds = new Set<string>();
  /** By how many are drawn: the nodes that gather the others. */
  const gathering = new Uint32Array(ordered.length + 1);
  for (let count = ordered.length; count > 0; count--) {
    gathering[count] = kinds.size;
    kinds.add(ordered[count - 1]?.rest ?? '');
  }
  gathering[0] = kinds.size;
  for (let count = ordered.length; count > 0; count--)
    if (
      fixed + count + (gathering[count] ?? 0) <= budget.nodes &&
      (drawn[count] ?? 0) <= budget.edges
    )
      return count;
  return 0;
}

/** By how many of the candidates are drawn: the edges there are then. */
function edgesByCount(ordered: readonly Candidate[], edges: EdgeGathering): Float64Array {
  const places = new Map(ordered.map(({ id }, place) => [id, place]));
  const steps = new Float64Array(ordered.length + 2);
  /** One more edge while from `first` up to and including `last` candidates are drawn. */
  const between = (first: number, last: number) => {
    if (first > last) return;
    steps[first] = (steps[first] ?? 0) + 1;
    steps[last + 1] = (steps[last + 1] ?? 0) - 1;
  };
  /** By node, direction and gathering node: the last of the others, as long as it is not drawn itself. */
  const gathered = new Map<string, { own: number; last: number }>();
  const gather = (own: number, other: number, way: string) => {
    const rest = ordered[other]?.rest ?? '';
    const key = `${own} ${way} ${rest}`;
    const known = gathered.get(key);
    if (known === undefined) gathered.set(key, { own, last: other });
    else known.last = Math.max(known.last, other);
  };
  for (const [source, target] of edges) {
    const [from = -1, to = -1] = [places.get(source), places.get(target)];
    between(Math.max(from, to) + 1, ordered.length);
    if (to > from) gather(from, to, '>');
    else if (from > to) gather(to, from, '<');
  }
  for (const { own, last } of gathered.values()) between(own + 1, last);
  for (let count = 1; count < steps.length; count++)
    steps[count] = (steps[count] ?? 0) + (steps[count - 1] ?? 0);
  return steps;
}
