import type { AddressRange, Family } from '#lib/model/ip-address.ts';
import type { NamespaceMatch, PeerMatch } from './compiled-policy.ts';
import type { AddressGroup, Endpoint, PodGroup } from './endpoint.ts';
import type { Match } from './explanation.ts';
import { dependsOnNode } from './leaves.ts';
import { matchPeer, type Surroundings } from './peer-match.ts';
import { matchNamespace } from './pod-match.ts';

/** Which indexed endpoints each peer matches. Equal peers of different policies are one entry. */
export interface PeerIndex {
  /** `own` is the pod whose policy asks, `family` that of the connection where it matters (GEN-20). */
  match(peer: PeerMatch, endpoint: Endpoint, own: Endpoint, family?: Family | null): Match;
  /** Indexes of the endpoints the peer surely or perhaps matches, ascending. */
  members(peer: PeerMatch): readonly number[];
}

type IndexedEndpoint = PodGroup | AddressGroup;

interface Entry {
  readonly peer: PeerMatch;
  /** Whether it matches is another question for each pod that asks: then nothing is kept but `members`. */
  readonly dependsOnNode: boolean;
  /** A byte for each endpoint: 0 not tested yet, else the position in CODES. */
  readonly tested: Uint8Array;
  members: readonly number[] | null;
}

const CODES: readonly (Match | null)[] = [null, 'no', 'unknown', 'yes'];

function rangeKey({ family, first, last }: AddressRange): string {
  return `${family}:${first}-${last}`;
}

/** Equal for peers that match alike. */
function peerKey(peer: PeerMatch): string {
  switch (peer.kind) {
    case 'addresses':
      return [peer.owners ?? '', rangeKey(peer.block), ...peer.except.map(rangeKey)].join('!');
    case 'all-of':
    case 'any-of':
      return `${peer.kind}(${peer.of.map(peerKey).join(' ')})`;
    case 'not':
      return `not(${peerKey(peer.of)})`;
    default:
      return JSON.stringify(peer);
  }
}

/** `endpoints` in the order of their indexes. */
export function createPeerIndex(
  surroundings: Surroundings,
  endpoints: readonly IndexedEndpoint[],
): PeerIndex {
  const entries = new Map<string, Entry>();
  const known = new WeakMap<PeerMatch, Entry>();
  const groups = endpoints.filter((endpoint) => endpoint.kind === 'pods');
  const groupsByNamespace = Map.groupBy(groups, (group) => group.namespace);

  function entryOf(peer: PeerMatch): Entry {
    let entry = known.get(peer);
    if (entry !== undefined) return entry;
    const key = peerKey(peer);
    entry = entries.get(key) ?? {
      peer,
      dependsOnNode: dependsOnNode(peer),
      tested: new Uint8Array(endpoints.length),
      members: null,
    };
    entries.set(key, entry);
    known.set(peer, entry);
    return entry;
  }

  function test(entry: Entry, endpoint: IndexedEndpoint): Match {
    const before = CODES[entry.tested[endpoint.index] ?? 0];
    if (before) return before;
    const { match } = matchPeer(entry.peer, endpoint, surroundings, null);
    entry.tested[endpoint.index] = CODES.indexOf(match);
    return match;
  }

  /** The endpoints worth testing: whole namespaces are ruled out at once. */
  function worthTesting(peer: PeerMatch): readonly IndexedEndpoint[] {
    if (peer.kind !== 'pods') return endpoints;
    if (peer.match.kind !== 'labelled') return groups;
    const match: NamespaceMatch = peer.match.namespaces;
    return [...groupsByNamespace].flatMap(([namespace, inside]) =>
      matchNamespace(match, namespace).match === 'no' ? [] : inside,
    );
  }

  return {
    match(peer, endpoint, own, family = null) {
      if (peer.kind === 'anyone') return 'yes';
      if (endpoint.kind === 'node' || family !== null)
        return matchPeer(peer, endpoint, surroundings, own, family).match;
      const entry = entryOf(peer);
      return entry.dependsOnNode
        ? matchPeer(peer, endpoint, surroundings, own).match
        : test(entry, endpoint);
    },
    members(peer) {
      const entry = entryOf(peer);
      entry.members ??= worthTesting(peer)
        .filter((endpoint) => test(entry, endpoint) !== 'no')
        .map(({ index }) => index)
        .sort((a, b) => a - b);
      return entry.members;
    },
  };
}
