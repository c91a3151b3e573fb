import type { AddressRange, Family } from '#lib/model/ip-address.ts';
import { compareText } from '#lib/model/object-ref.ts';
import type { Selector } from '#lib/model/selector.ts';
import type { Direction, PeerMatch, PodMatch } from './compiled-policy.ts';
import type { AddressGroup, Endpoint, PodGroup } from './endpoint.ts';
import type { Match } from './explanation.ts';
import type { NamespacePart } from './namespace-part.ts';
import { matchPeer, type Surroundings } from './peer-match.ts';
import { matchNamespace } from './pod-match.ts';
import type { PodPlaces } from './pod-places.ts';
import { requiredPodLabel } from './required-labels.ts';

/** Whom peers match. Equal peers of different policies are looked up once. */
export interface PeerIndex {
  /** `own` is the pod whose policy asks, `family` that of the connection where it matters (GEN-20). */
  match(peer: PeerMatch, endpoint: Endpoint, own: Endpoint, family?: Family | null): Match;
  /** Groups of pods that the peer surely or perhaps matches: by namespace, then as they stand there. */
  pods(peer: PeerMatch): readonly PodGroup[];
  /** The same, and the outside addresses that rules tell apart. */
  members(peer: PeerMatch): readonly (PodGroup | AddressGroup)[];
}

/** Of what an index is made. */
export interface PeerIndexInput {
  readonly surroundings: Surroundings;
  readonly parts: ReadonlyMap<string, NamespacePart>;
  readonly ranges: Readonly<Record<Direction, readonly AddressGroup[]>>;
  readonly places: PodPlaces;
}

/** So many members are kept altogether; broad peers beyond are looked up each time. */
const MOST_KEPT = 2_000_000;

function rangeKey({ family, first, last }: AddressRange): string {
  return `${family}:${first}-${last}`;
}

/** A peer never changes, so its key is made once. */
const keys = new WeakMap<PeerMatch, string>();

/** Equal for peers that match alike. */
export function peerKey(peer: PeerMatch): string {
  const known = keys.get(peer);
  if (known !== undefined) return known;
  const key = makeKey(peer);
  keys.set(peer, key);
  return key;
}

function makeKey(peer: PeerMatch): string {
  switch (peer.kind) {
    case 'addresses':
      return [peer.owners ?? '', rangeKey(peer.block), ...peer.except.map(rangeKey)].join('!');
    case 'all-of':
    case 'any-of':
      return `${peer.kind}(${peer.of.map(peerKey).join(' ')})`;
    case 'not':
      return `not(${peerKey(peer.of)})`;
    case 'pods':
      return podsKey(peer.match);
    default:
      return JSON.stringify(peer);
  }
}

function podsKey(match: PodMatch): string {
  if (match.kind !== 'labelled') return JSON.stringify(match);
  const { namespaces, pods, serviceAccounts } = match;
  const where =
    namespaces.kind === 'named'
      ? `in ${measured(namespaces.name)}`
      : namespaces.kind === 'labelled'
        ? `where ${selectorKey(namespaces.selector)}`
        : namespaces.kind;
  return `${where}: ${selectorKey(pods)} ${serviceAccounts?.map(measured).join() ?? 'any'}`;
}

function selectorKey(selector: Selector): string {
  let key = '';
  for (const { key: label, operator, values } of selector)
    key += `${measured(label)} ${operator} ${values.map(measured).join()};`;
  return key;
}

/** With its length before it, so that no text can pass for two. */
function measured(text: string): string {
  return `${text.length}:${text}`;
}

export function createPeerIndex(input: PeerIndexInput): PeerIndex {
  const { surroundings, parts, ranges, places } = input;
  const kept = new Map<string, readonly PodGroup[]>();
  const withRanges = new WeakMap<readonly PodGroup[], readonly (PodGroup | AddressGroup)[]>();
  let held = 0;

  const isMet = (peer: PeerMatch, endpoint: Endpoint) =>
    matchPeer(peer, endpoint, surroundings, null).match !== 'no';

  function* partsWorthTesting(peer: PeerMatch): Generator<NamespacePart> {
    const names = places.of(peer);
    // A set says which, the map in which order.
    const few =
      names === null ? null : [...names].sort(compareText).flatMap((name) => parts.get(name) ?? []);
    for (const part of few ?? parts.values()) if (mayBeIn(peer, part)) yield part;
  }

  function find(peer: PeerMatch): readonly PodGroup[] {
    const found: PodGroup[] = [];
    const required = peer.kind === 'pods' ? requiredPodLabel(peer.match) : null;
    for (const part of partsWorthTesting(peer)) {
      const groups =
        required === null || required.values.length > 1 || part.groups.length < 16
          ? part.groups
          : part.labelled(required.key, required.values[0] ?? '');
      for (const group of groups) if (isMet(peer, group)) found.push(group);
    }
    return found;
  }

  function pods(peer: PeerMatch): readonly PodGroup[] {
    const key = peerKey(peer);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = find(peer);
    if (held + found.length < MOST_KEPT) {
      held += found.length;
      kept.set(key, found);
    }
    return found;
  }

  return {
    match(peer, endpoint, own, family = null) {
      return peer.kind === 'anyone'
        ? 'yes'
        : matchPeer(peer, endpoint, surroundings, own, family).match;
    },
    pods,
    members(peer) {
      const groups = pods(peer);
      const outside = [...ranges.ingress, ...ranges.egress].filter((range) => isMet(peer, range));
      if (outside.length === 0) return groups;
      const known = withRanges.get(groups);
      if (known !== undefined) return known;
      const all = [...groups, ...outside];
      withRanges.set(groups, all);
      return all;
    },
  };
}

/** Whole namespaces are ruled out at once. */
function mayBeIn(peer: PeerMatch, { namespace }: NamespacePart): boolean {
  if (peer.kind !== 'pods' || peer.match.kind !== 'labelled') return true;
  return matchNamespace(peer.match.namespaces, namespace).match !== 'no';
}
