import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import { EdgeGathering } from './edge-gathering.ts';
import { namespaceId } from './graph-nodes.ts';
import { type NamespacePart, partsOf } from './namespace-parts.ts';
import {
  asStrangers,
  drawnAs,
  leavingPairs,
  pairsBetween,
  pairsOfCluster,
  type UnitPair,
} from './unit-pairs.ts';

/**
 * What is connected between namespaces, summed up: the picture of a large cluster is made of it. Kept
 * from one analysis to the next, so that a change costs what it touches.
 */

/** All pairs from the workloads of one namespace to those of another. */
export class NamespaceSum {
  /** As edges between the two: those that rest on rules, and those for DNS alone. */
  readonly rules = new EdgeGathering();
  readonly dns = new EdgeGathering();
  /** Pairs within one namespace that rest on rules. */
  inside = 0;
  insideDns = 0;
  /** Pairs that were looked at and are open. */
  open = 0;
  /** Pairs that were looked at, and would be open between strangers. */
  looked = 0;

  add(connectivity: Connectivity, pair: UnitPair): void {
    const { source, target, from, to, passage } = pair;
    const connections = pairsBetween(from, to);
    if (asStrangers(connectivity, pair) !== null) this.looked += connections;
    if (passage === null) return;
    const basis = drawnAs(passage);
    if (basis === 'open') {
      this.open += connections;
      return;
    }
    if (source.namespace === target.namespace)
      this[basis === 'rules' ? 'inside' : 'insideDns'] += connections;
    const { bounds, looksAtRequests } = passage;
    const added = { bounds, basis, looksAtRequests, connections };
    this[basis].add(namespaceId(source.namespace), namespaceId(target.namespace), added);
  }
}

/** By target. */
type Row = ReadonlyMap<string, NamespaceSum>;

interface Sums {
  readonly parts: ReadonlyMap<string, NamespacePart>;
  /** By source. */
  readonly rows: ReadonlyMap<string, Row>;
}

/** The newest sums of each lineage of analyses, by what all of its analyses share. */
const newest = new WeakMap<object, Sums>();

/** When more namespaces than these changed at once, all is summed up anew. */
const MOST_CHANGED = 100;

/** By source, then by target. */
export function namespaceSums(connectivity: Connectivity): ReadonlyMap<string, Row> {
  const { directory } = connectivity.lineage;
  const parts = partsOf(connectivity);
  const before = newest.get(directory);
  if (before?.parts === parts) return before.rows;
  const changed = before === undefined ? null : changedParts(before.parts, parts);
  const rows =
    before === undefined || changed === null || changed.size > MOST_CHANGED
      ? allRows(connectivity)
      : nextRows(connectivity, before.rows, parts, changed);
  newest.set(directory, { parts, rows });
  return rows;
}

function changedParts(
  before: ReadonlyMap<string, NamespacePart>,
  after: ReadonlyMap<string, NamespacePart>,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [name, part] of after) if (before.get(name) !== part) changed.add(name);
  for (const name of before.keys()) if (!after.has(name)) changed.add(name);
  return changed;
}

function addTo(
  connectivity: Connectivity,
  rows: Map<string, Map<string, NamespaceSum>>,
  pair: UnitPair,
): void {
  const { source, target } = pair;
  const row = rows.get(source.namespace) ?? new Map<string, NamespaceSum>();
  rows.set(source.namespace, row);
  const sum = row.get(target.namespace) ?? new NamespaceSum();
  row.set(target.namespace, sum);
  sum.add(connectivity, pair);
}

function allRows(connectivity: Connectivity) {
  const rows = new Map<string, Map<string, NamespaceSum>>();
  for (const pair of pairsOfCluster(connectivity)) addTo(connectivity, rows, pair);
  return rows;
}

/** What is from or to a namespace that changed is summed up anew, the rest is taken over. */
function nextRows(
  connectivity: Connectivity,
  before: ReadonlyMap<string, Row>,
  parts: ReadonlyMap<string, NamespacePart>,
  changed: ReadonlySet<string>,
) {
  const fresh = new Map<string, Map<string, NamespaceSum>>();
  for (const name of changed) {
    const part = parts.get(name);
    if (part === undefined) continue;
    // Between two that changed, a pair is met on its way out.
    for (const direction of DIRECTIONS)
      for (const pair of leavingPairs(connectivity, part, direction))
        if (direction === 'egress' || !changed.has(pair.source.namespace))
          addTo(connectivity, fresh, pair);
  }
  const rows = new Map(before);
  for (const name of changed) rows.delete(name);
  for (const [source, row] of rows)
    if ([...changed].some((name) => row.has(name)))
      rows.set(source, new Map([...row].filter(([target]) => !changed.has(target))));
  for (const [source, row] of fresh)
    rows.set(source, new Map([...(rows.get(source) ?? []), ...row]));
  return rows;
}
