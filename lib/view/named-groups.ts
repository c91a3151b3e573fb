import type { Direction, PeerMatch } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { namesSomebody } from './workload-pairs.ts';

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
  connectivity: Connectivity,
  direction: Direction,
  group: PodGroup,
): ReadonlySet<PodGroup> {
  const known = namers.get(connectivity) ?? {
    ingress: namersIn(connectivity, 'ingress'),
    egress: namersIn(connectivity, 'egress'),
  };
  namers.set(connectivity, known);
  const found = new Set<PodGroup>();
  for (const index of namedHere(connectivity, direction, group)) {
    const other = connectivity.groups[index];
    if (other !== undefined) found.add(other);
  }
  for (const other of known[OPPOSITE[direction]].get(group.index) ?? []) found.add(other);
  return found;
}

const namings = new WeakMap<Connectivity, ReadonlyMap<number, readonly string[]>>();

function namingsIn({ snapshot, peers, groups }: Connectivity): ReadonlyMap<number, string[]> {
  const namings = new Map<number, string[]>();
  const seen = new Set<readonly number[]>();
  const matches = snapshot.policies
    .flatMap(({ rules }) => [...rules.ingress, ...rules.egress])
    .flatMap((rule) => rule.peers)
    .filter(({ match }) => namesSomebody(match));
  for (const { match } of matches) {
    const members = peers.members(match);
    if (seen.has(members)) continue;
    seen.add(members);
    for (const index of members) {
      const group = groups[index];
      if (group === undefined) continue;
      const own = namings.get(index) ?? [];
      own.push(`${seen.size} ${peers.match(match, group, group)}`);
      namings.set(index, own);
    }
  }
  return namings;
}

/** Equal for groups that the same peers of rules match, in the same way. */
export function namingOf(connectivity: Connectivity, group: PodGroup): string {
  const known = namings.get(connectivity) ?? namingsIn(connectivity);
  namings.set(connectivity, known);
  return (known.get(group.index) ?? []).join();
}

export function workloadsOf(connectivity: Connectivity, group: PodGroup): readonly Workload[] {
  return connectivity.workloadsOfGroup[group.index] ?? [];
}

/** The groups that a peer surely or perhaps matches. */
export function groupsMatched({ peers, groups }: Connectivity, match: PeerMatch) {
  return peers.members(match).flatMap((index) => groups[index] ?? []);
}
