import {
  type CompiledRule,
  DIRECTIONS,
  type Direction,
  type PeerMatch,
} from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt, sideBounds } from '#lib/engine/connectivity.ts';
import type { AddressGroup, PodGroup } from '#lib/engine/endpoint.ts';
import { peerLeaves } from '#lib/engine/leaves.ts';
import { matchPeer } from '#lib/engine/peer-match.ts';
import {
  intersectBounds,
  NOTHING_PASSES,
  type PortBounds,
  rulePorts,
  uniteBounds,
} from '#lib/engine/rule-ports.ts';
import type { Side } from '#lib/engine/side.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { isEmptyPorts, NO_PORTS } from '#lib/model/port-set.ts';
import type { OutsideNode } from './graph-view.ts';
import type { NamespacePart } from './namespace-parts.ts';
import { type Unit, unitsOf } from './units.ts';

/** The outside world as rules name it: a node for each block, for all of it, and for domain names. */

/** Part of the outside world that a rule names, as people write it: also the identity of its node. */
function outsideLabel(match: PeerMatch): string | null {
  switch (match.kind) {
    case 'addresses': {
      const block = formatRangeShort(match.block);
      const except = match.except.map(formatRangeShort).sort(compareText);
      return except.length === 0 ? block : `${block} except ${except.join(', ')}`;
    }
    case 'outside':
      return match.family === undefined ? 'outside the cluster' : `IPv${match.family} outside`;
    case 'domain-names':
      return match.names.join(', ');
    default:
      return null;
  }
}

/** Where rules only permit, what one of them says of a block holds; elsewhere others may take it back. */
function isAdditive({ tiers, perhaps, unreadable }: Side): boolean {
  return (
    !unreadable &&
    perhaps.size === 0 &&
    tiers.every(({ tier }) => tier.combine === 'union-of-allows')
  );
}

/** What the side lets through to some address of the part named. */
function passingSomewhere(
  connectivity: Connectivity,
  direction: Direction,
  group: PodGroup,
  match: PeerMatch,
  parts: readonly AddressGroup[],
): PortBounds {
  return parts
    .filter((part) => matchPeer(match, part, connectivity.snapshot, group).match !== 'no')
    .map((part) => sideBounds(connectivity, direction, group, part))
    .reduce(uniteBounds, NOTHING_PASSES);
}

/** The parts of the outside world that a side's rules let in or out by name. */
function* namedOutside(side: Side): Generator<{
  readonly label: string;
  readonly match: PeerMatch;
  readonly rule: CompiledRule;
}> {
  for (const policy of side.policies)
    for (const rule of policy.rules[side.direction]) {
      if (rule.action !== 'allow') continue;
      for (const match of rule.peers.flatMap((peer) => peerLeaves(peer.match))) {
        const label = outsideLabel(match);
        if (label !== null) yield { label, match, rule };
      }
    }
}

/** Ports on which a group's rules let a named part in or out; the other end has no policies of ours. */
function outsideOf(
  connectivity: Connectivity,
  direction: Direction,
  group: PodGroup,
): ReadonlyMap<string, PortBounds> {
  const found = new Map<string, PortBounds>();
  const parts = connectivity[direction === 'ingress' ? 'sources' : 'destinations'];
  const destination = direction === 'ingress' ? group : parts[0];
  if (destination === undefined) return found;
  const side = sideAt(connectivity, group, direction);
  const additive = isAdditive(side);
  for (const { label, match, rule } of namedOutside(side)) {
    let bounds = rulePorts(rule, destination, connectivity.snapshot.profile.flags);
    if (match.kind !== 'addresses' || !additive)
      bounds = intersectBounds(
        bounds,
        passingSomewhere(connectivity, direction, group, match, parts),
      );
    // Some address of a name passes, and which that is nobody knows here.
    if (match.kind === 'domain-names') bounds = { sure: NO_PORTS, atMost: bounds.atMost };
    if (!isEmptyPorts(bounds.atMost))
      found.set(label, uniteBounds(found.get(label) ?? NOTHING_PASSES, bounds));
  }
  return found;
}

/** What the rules around a unit let in or out by name. */
export interface NamedOutside {
  readonly unit: Unit;
  readonly direction: Direction;
  readonly label: string;
  readonly bounds: PortBounds;
}

interface Kept {
  readonly units: readonly Unit[];
  readonly sources: Connectivity['sources'];
  readonly destinations: Connectivity['destinations'];
  readonly named: readonly NamedOutside[];
}

const kept = new WeakMap<NamespacePart, Kept>();

/** The parts of the outside world that rules in a namespace name. */
export function outsideOfPart(
  connectivity: Connectivity,
  part: NamespacePart,
): readonly NamedOutside[] {
  const { sources, destinations } = connectivity;
  const { units } = unitsOf(connectivity, part);
  const known = kept.get(part);
  if (known?.units === units && known.sources === sources && known.destinations === destinations)
    return known.named;
  const named = units.flatMap((unit) =>
    DIRECTIONS.flatMap((direction) =>
      unit.groups.flatMap((group) =>
        [...outsideOf(connectivity, direction, group)].map(([label, bounds]) => ({
          unit,
          direction,
          label,
          bounds,
        })),
      ),
    ),
  );
  kept.set(part, { units, sources, destinations, named });
  return named;
}

export function outsideId(label: string): string {
  return `range:${label}`;
}

export function outsideNode(label: string): OutsideNode {
  return { kind: 'outside', id: outsideId(label), label, parent: null, ranges: [label] };
}
