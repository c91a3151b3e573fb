import type { Direction, PeerMatch } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { peerKey } from '#lib/engine/peer-index.ts';

/** Whom rules name, seen from a group of pods. */

const OPPOSITE = { ingress: 'egress', egress: 'ingress' } as const;

/** By index of the group. */
type Namers = ReadonlyMap<number, ReadonlySet<PodGroup>>;
const namers = new WeakMap<Connectivity, Readonly<Record<Direction, Namers>>>();

function namedHere(connectivity: Connectivity, direction: Direction, group: PodGroup) {
  const found = new Set<number>();
  for (const policy of sideAt(connectivity, group, direction).policies)
    for (const { match } of policy.rules[direction].flatMap(({ peers }) => peers))
      if (namesSomebody(match))
        for (const index of connectivity.peers.members(match)) found.add(index);
  return found;
}

function namersIn(connectivity: Connectivity, direction: Direction): Namers {
  const found = new Map<number, Set<PodGroup>>();
  for (const group of connectivity.groups)
    for (const index of namedHere(connectivity, direction, group)) {
      const own = found.get(index) ?? new Set();
      found.set(index, own.add(group));
    }
  return found;
}

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

export function workloadsOf(connectivity: Connectivity, group: PodGroup): readonly Workload[] {
  return connectivity.workloadsOfGroup[group.index] ?? [];
}

/** The groups that a peer surely or perhaps matches. */
export function groupsMatched({ peers, groups }: Connectivity, match: PeerMatch) {
  return peers.members(match).flatMap((index) => groups[index] ?? []);
}
