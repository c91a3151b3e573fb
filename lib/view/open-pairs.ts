import type { Connectivity } from '#lib/engine/connectivity.ts';
import { type NamespacePart, partsOf } from './namespace-parts.ts';
import { betweenStrangers, type Manner, mannersOf, mayBeStranger } from './strangers.ts';
import { type Unit, unitsOf } from './units.ts';

/** How many pairs of strangers may connect, counted by how workloads treat strangers. */

interface Counted {
  readonly manner: Manner;
  count: number;
}

/** How many workloads there are of each manner, of those that may be strangers. */
export interface Census {
  /** By key. */
  readonly egress: ReadonlyMap<string, Counted>;
  readonly ingress: ReadonlyMap<string, Counted>;
  /** Workloads that would reach themselves. */
  readonly selves: number;
}

function count(all: Map<string, Counted>, manner: Manner, more: number): void {
  const known = all.get(manner.key);
  if (known === undefined) all.set(manner.key, { manner, count: more });
  else known.count += more;
}

export const NOBODY: Census = { egress: new Map(), ingress: new Map(), selves: 0 };

/** Of so many workloads of some units. */
export function censusOf(
  connectivity: Connectivity,
  counted: Iterable<readonly [unit: Unit, workloads: number]>,
): Census {
  const [egress, ingress] = [new Map<string, Counted>(), new Map<string, Counted>()];
  let selves = 0;
  for (const [unit, workloads] of counted) {
    if (!mayBeStranger(unit)) continue;
    const manners = mannersOf(connectivity, unit);
    count(egress, manners.egress, workloads);
    count(ingress, manners.ingress, workloads);
    if (betweenStrangers(connectivity, manners.egress, manners.ingress) !== null)
      selves += workloads;
  }
  return { egress, ingress, selves };
}

const ofParts = new WeakMap<NamespacePart, Census>();
const ofClusters = new WeakMap<Connectivity, Census>();

export function censusOfPart(connectivity: Connectivity, part: NamespacePart): Census {
  const known = ofParts.get(part);
  if (known !== undefined) return known;
  const { units } = unitsOf(connectivity, part);
  const census = censusOf(
    connectivity,
    units.map((unit) => [unit, unit.workloads.length]),
  );
  ofParts.set(part, census);
  return census;
}

export function together(censuses: Iterable<Census>): Census {
  const [egress, ingress] = [new Map<string, Counted>(), new Map<string, Counted>()];
  let selves = 0;
  for (const census of censuses) {
    for (const { manner, count: more } of census.egress.values()) count(egress, manner, more);
    for (const { manner, count: more } of census.ingress.values()) count(ingress, manner, more);
    selves += census.selves;
  }
  return { egress, ingress, selves };
}

export function censusOfCluster(connectivity: Connectivity): Census {
  const known = ofClusters.get(connectivity);
  if (known !== undefined) return known;
  const parts = [...partsOf(connectivity).values()];
  const census = together(parts.map((part) => censusOfPart(connectivity, part)));
  ofClusters.set(connectivity, census);
  return census;
}

/** Pairs of a source and a target between which something passes, each with itself included. */
export function crossing(connectivity: Connectivity, sources: Census, targets: Census): number {
  let pairs = 0;
  for (const source of sources.egress.values())
    for (const target of targets.ingress.values())
      if (betweenStrangers(connectivity, source.manner, target.manner) !== null)
        pairs += source.count * target.count;
  return pairs;
}

/** Pairs of workloads that would be open if none were named: in the cluster, or with an end in a namespace. */
export function openAmongStrangers(connectivity: Connectivity, part: NamespacePart | null): number {
  const all = censusOfCluster(connectivity);
  if (part === null) return crossing(connectivity, all, all) - all.selves;
  const own = censusOfPart(connectivity, part);
  return (
    crossing(connectivity, own, all) +
    crossing(connectivity, all, own) -
    crossing(connectivity, own, own) -
    own.selves
  );
}
