import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { GraphBudget } from './graph-budget.ts';
import { type Opening, placing } from './graph-places.ts';
import { GraphTally, type Shown } from './graph-tally.ts';
import type { NamespacePart } from './namespace-parts.ts';
import { namespaceSums } from './namespace-sums.ts';
import { outsideId, outsideOfPart } from './outside-nodes.ts';
import { pairsOfCluster, pairsOfNamespace, type UnitPair } from './unit-pairs.ts';

/** Adds up what a picture is of. */

/** What a picture is of. */
export interface Subject {
  readonly connectivity: Connectivity;
  readonly parts: ReadonlyMap<string, NamespacePart>;
  /** The namespace asked for; null for the whole cluster. */
  readonly scope: string | null;
  readonly shown: Shown;
  readonly budget: GraphBudget;
  readonly opening: Opening;
}

/** Those of the whole cluster, or the one asked for. */
export function partsInScope({ parts, scope }: Subject): readonly NamespacePart[] {
  if (scope === null) return [...parts.values()];
  const part = parts.get(scope);
  return part === undefined ? [] : [part];
}

/** Namespaces that are drawn with what is in them, or around whose workloads everything is drawn. */
function lookedAtClosely({ shown: { focus }, opening }: Subject): ReadonlySet<string> {
  return new Set([...opening.expanded, ...(focus === null ? [] : [focus.namespace])]);
}

/** Pairs with an end in some namespaces, each once. */
function* pairsAround(subject: Subject, names: ReadonlySet<string>): Generator<UnitPair> {
  const { connectivity, parts } = subject;
  const done = new Set<string>();
  for (const name of names) {
    const part = parts.get(name);
    if (part === undefined) continue;
    for (const pair of pairsOfNamespace(connectivity, part))
      if (!done.has(pair.source.namespace) && !done.has(pair.target.namespace)) yield pair;
    done.add(name);
  }
}

/** From the sums of namespaces, as far as they are drawn as boxes and nothing else is asked of them. */
function tallyCluster(subject: Subject, tally: GraphTally): void {
  const { connectivity, parts, shown } = subject;
  const closely = lookedAtClosely(subject);
  if (shown.showOpen || closely.size * 2 > parts.size) {
    for (const pair of pairsOfCluster(connectivity)) tally.add(pair);
    return;
  }
  for (const [source, row] of namespaceSums(connectivity))
    if (!closely.has(source))
      for (const [target, sum] of row) if (!closely.has(target)) tally.addSum(sum, source);
  for (const pair of pairsAround(subject, closely)) tally.add(pair);
}

/** Everything that is connected, and that is not open between strangers. */
export function tallied(subject: Subject): GraphTally {
  const { connectivity, parts, scope, shown, opening } = subject;
  const places = placing(parts, opening);
  const tally = new GraphTally(connectivity, shown, places);
  if (scope === null) tallyCluster(subject, tally);
  else
    for (const part of partsInScope(subject))
      for (const pair of pairsOfNamespace(connectivity, part)) tally.add(pair);
  for (const part of partsInScope(subject))
    for (const { unit, direction, label, bounds } of outsideOfPart(connectivity, part))
      for (const { id, workloads } of places(unit, unit.workloads)) {
        const [source, target] =
          direction === 'ingress' ? [outsideId(label), id] : [id, outsideId(label)];
        tally.edges.add(source, target, { bounds, basis: 'rules', connections: workloads.length });
      }
  return tally;
}
