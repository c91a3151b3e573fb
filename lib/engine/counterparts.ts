import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { Direction, PeerMatch } from './compiled-policy.ts';
import type { AddressGroup, PodGroup } from './endpoint.ts';
import type { PeerIndex } from './peer-index.ts';
import { isClosed, type Side } from './side.ts';

/**
 * Finds the other ends with which something may pass, without trying every pair: an isolated pod
 * is reached only by peers that its rules permit, those of any tier, so that sparse policies cost sparse work.
 */
export interface Counterparts {
  /**
   * Indexes of the endpoints that may connect to (ingress) or be reached from (egress) this one,
   * ascending: all with which anything passes, and perhaps some more.
   */
  of(direction: Direction, own: PodGroup | AddressGroup): readonly number[];
}

const OPPOSITE = { ingress: 'egress', egress: 'ingress' } as const;

/** Those that rules let in: what denies or passes opens nothing by itself. */
function peersOf(side: Side): readonly PeerMatch[] {
  return side.policies.flatMap((policy) =>
    policy.rules[side.direction]
      .filter(({ action }) => action === 'allow')
      .flatMap((rule) => rule.peers.map((peer) => peer.match)),
  );
}

/** How the groups of a direction can be found from the other end. */
interface Lookup {
  /** Endpoints whose side lets anything through, and outside addresses. */
  readonly open: readonly number[];
  /** Closed groups with a rule for everybody. */
  readonly toAnyone: readonly number[];
  /** Closed groups by the endpoints that their rules match. */
  readonly byPeer: ReadonlyMap<number, ReadonlySet<readonly number[]>>;
}

/** Who uses each peer: groups with the same peer share one list, so that broad peers do not multiply. */
function usersByPeer(
  peers: PeerIndex,
  closed: readonly Side[],
  groupOf: (side: Side) => number,
): { readonly toAnyone: readonly number[]; readonly users: Map<readonly number[], number[]> } {
  const toAnyone: number[] = [];
  const users = new Map<readonly number[], number[]>();
  for (const side of closed)
    for (const peer of peersOf(side)) {
      const members = peer.kind === 'anyone' ? null : peers.members(peer);
      const list = members === null ? toAnyone : (users.get(members) ?? []);
      if (members !== null) users.set(members, list);
      if (list.at(-1) !== groupOf(side)) list.push(groupOf(side));
    }
  return { toAnyone, users };
}

function createLookup(
  snapshot: ClusterSnapshot,
  peers: PeerIndex,
  outside: readonly AddressGroup[],
  sides: readonly Side[],
): Lookup {
  const indexes = new Map(sides.map((side, index) => [side, index]));
  const closed = sides.filter((side) => isClosed(snapshot, side));
  const open = [...sides.keys()].filter((index) => {
    const side = sides[index];
    return side !== undefined && !isClosed(snapshot, side);
  });
  const { toAnyone, users } = usersByPeer(peers, closed, (side) => indexes.get(side) ?? -1);
  const byPeer = new Map<number, Set<readonly number[]>>();
  for (const [members, list] of users)
    for (const member of members) {
      const lists = byPeer.get(member);
      if (lists === undefined) byPeer.set(member, new Set([list]));
      else lists.add(list);
    }
  return { open: [...open, ...outside.map(({ index }) => index)], toAnyone, byPeer };
}

/** `outside` by the direction whose rules distinguish it: the sources for ingress. */
export function createCounterparts(
  snapshot: ClusterSnapshot,
  peers: PeerIndex,
  groups: readonly PodGroup[],
  outside: Readonly<Record<Direction, readonly AddressGroup[]>>,
  sides: Readonly<Record<Direction, readonly Side[]>>,
): Counterparts {
  const lookups = new Map<Direction, Lookup>();
  const lookupFor = (direction: Direction) => {
    let lookup = lookups.get(direction);
    if (lookup === undefined) {
      lookup = createLookup(snapshot, peers, outside[OPPOSITE[direction]], sides[direction]);
      lookups.set(direction, lookup);
    }
    return lookup;
  };
  const all = groups.map(({ index }) => index);
  const ranges = {
    ingress: outside.ingress.map(({ index }) => index),
    egress: outside.egress.map(({ index }) => index),
  };
  const endpoints = [...groups, ...outside.ingress, ...outside.egress];

  /** Those whose own rules let this one through, or that have none. */
  function lettingIn(direction: Direction, own: PodGroup | AddressGroup): Iterable<number> {
    // The local node is let through whatever rules say (GEN-14), so a host may meet anybody.
    if (own.kind === 'pods' && own.hostNetwork) return [...all, ...ranges[direction]];
    const { open, toAnyone, byPeer } = lookupFor(OPPOSITE[direction]);
    const found = new Set([...open, ...toAnyone]);
    for (const list of byPeer.get(own.index) ?? []) for (const index of list) found.add(index);
    return found;
  }

  /** The peers of a closed side; null when it lets anybody through. */
  function namedPeers(direction: Direction, own: PodGroup | AddressGroup) {
    const side = own.kind === 'pods' ? sides[direction][own.index] : undefined;
    if (side === undefined || !isClosed(snapshot, side)) return null;
    const named = peersOf(side);
    return named.some((peer) => peer.kind === 'anyone') ? null : named;
  }

  return {
    of(direction, own) {
      const named = namedPeers(direction, own);
      const isLetOut = (index: number) => {
        const other = endpoints[index];
        if (named === null || other === undefined) return named === null;
        return (
          (other.kind === 'pods' && other.hostNetwork) ||
          named.some((peer) => peers.match(peer, other, own) !== 'no')
        );
      };
      return [...lettingIn(direction, own)].filter(isLetOut).sort((a, b) => a - b);
    },
  };
}
