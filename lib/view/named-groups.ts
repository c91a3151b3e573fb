import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { peerKey } from '#lib/engine/peer-index.ts';

/** Whom rules name, seen from a group of pods. */

/** The other groups of which a rule of either side names the other, rather than everybody. */
export function namedCounterparts(
  { counterparts }: Connectivity,
  direction: Direction,
  group: PodGroup,
): ReadonlySet<PodGroup> {
  return counterparts.named(direction, group);
}

const namings = new WeakMap<Connectivity, WeakMap<PodGroup, string>>();

/** Equal for groups that the same peers of rules match, in the same way. */
export function namingOf(connectivity: Connectivity, group: PodGroup): string {
  const known = namings.get(connectivity) ?? new WeakMap<PodGroup, string>();
  namings.set(connectivity, known);
  const before = known.get(group);
  if (before !== undefined) return before;
  const { lineage, snapshot, peers } = connectivity;
  const found = DIRECTIONS.flatMap((direction) => [
    ...lineage.directory.naming(group, direction, lineage.revision, snapshot),
  ]);
  const keys = found.map(({ peer }) => `${peerKey(peer)} ${peers.match(peer, group, group)}`);
  const naming = [...new Set(keys)].sort().join('\n');
  known.set(group, naming);
  return naming;
}
