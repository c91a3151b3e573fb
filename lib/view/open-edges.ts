import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { EdgeGathering } from './edge-gathering.ts';
import { type Looked, mannerPair } from './graph-tally.ts';
import type { Census } from './open-pairs.ts';
import { betweenStrangers } from './strangers.ts';

/** Edges for what is open between strangers: for each two nodes as many as there are pairs, at once. */

/** The same by the nodes that stand for these: by both, then by manners. */
function lookedBetween(looked: Looked, nodeOf: (id: string) => string) {
  const merged = new Map<string, Map<string, number>>();
  for (const [from, targets] of looked)
    for (const [to, manners] of targets) {
      const key = `${nodeOf(from)}>${nodeOf(to)}`;
      const counts = merged.get(key) ?? new Map<string, number>();
      merged.set(key, counts);
      for (const [manner, count] of manners) counts.set(manner, (counts.get(manner) ?? 0) + count);
    }
  return merged;
}

/** A node, or the one workload of it that is meant. */
export interface Stranger {
  readonly id: string;
  readonly census: Census;
}

/**
 * Adds what is open from each of the sources to each of the targets, save what was looked at; stops
 * when there are more than `most` edges.
 */
export function addOpenEdges(
  connectivity: Connectivity,
  edges: EdgeGathering,
  pairs: Iterable<readonly [source: Stranger, target: Stranger]>,
  looked: Looked,
  nodeOf: (id: string) => string,
  most: number,
): void {
  const known = lookedBetween(looked, nodeOf);
  for (const [source, target] of pairs) {
    if (source.id === target.id) continue;
    if (edges.size > most) return;
    const counts = known.get(`${source.id}>${target.id}`);
    for (const { manner: from, count } of source.census.egress.values())
      for (const { manner: to, count: others } of target.census.ingress.values()) {
        const passing = betweenStrangers(connectivity, from, to);
        if (passing === null) continue;
        const connections = count * others - (counts?.get(mannerPair(from.key, to.key)) ?? 0);
        edges.add(source.id, target.id, { ...passing, basis: 'open', connections });
      }
  }
}
