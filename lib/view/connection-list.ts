import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { UnknownCause } from '#lib/engine/explanation.ts';
import { refKey } from '#lib/model/object-ref.ts';
import type { PortSet } from '#lib/model/port-set.ts';
import { isDivided } from './divided-workloads.ts';
import { entryRows } from './entry-rows.ts';
import { listEnds } from './list-ends.ts';
import { ListTargets } from './list-targets.ts';
import { partsByKey } from './namespace-parts.ts';

/** Every connection between workloads and addresses, a row each. */

export interface ConnectionRow {
  /** `shop/web[Deployment]`, `10.0.0.0-10.255.255.255` outside the cluster, or `{ingress-controller}`. */
  readonly src: string;
  readonly dst: string;
  readonly allowed: PortSet;
  /** Perhaps allowed; empty when all is certain. */
  readonly unknown: PortSet;
  /** Why; empty when all is certain. */
  readonly causes: readonly UnknownCause[];
}

/** What a list speaks of, so that two lists can speak of the same. */
export interface ListScope {
  /** The workloads, by refKey, whose pods have rows of their own. */
  readonly divided: ReadonlySet<string>;
  /** The directions whose IPv6 addresses have rows: of sources for ingress, of destinations for egress. */
  readonly v6: ReadonlySet<Direction>;
}

/**
 * What there is to tell apart in one cluster. IPv6 only when a rule names an IPv6 block, for otherwise
 * its rows repeat those of IPv4.
 */
export function listScope(connectivity: Connectivity): ListScope {
  const { sources, destinations } = connectivity;
  const workloads = partsByKey(connectivity).flatMap((part) => part.workloads);
  const divided = workloads.filter((each) => isDivided(connectivity, each));
  const ranges = { ingress: sources, egress: destinations };
  const v6 = DIRECTIONS.filter(
    (direction) => ranges[direction].filter(({ range }) => range.family === 6).length > 1,
  );
  return {
    divided: new Set(divided.map(({ ref }) => refKey(ref))),
    v6: new Set(v6),
  };
}

/**
 * Rows sorted by source and destination, in code units; one at a time, so that a large cluster is
 * never held as a list. A workload's connections to itself are left out. What comes in through an
 * Ingress or a route whose controller is not among the pods has the source `{ingress-controller}`.
 */
export function* connectionList(
  connectivity: Connectivity,
  scope = listScope(connectivity),
): Generator<ConnectionRow> {
  const targets = new ListTargets(connectivity, listEnds(connectivity, scope, 'egress'));
  for (const from of listEnds(connectivity, scope, 'ingress')) yield* targets.rowsFrom(from);
  // Its name comes after every other, in code units.
  yield* entryRows(connectivity, scope.divided);
}
