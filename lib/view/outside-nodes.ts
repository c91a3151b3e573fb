import type { CompiledRule, Direction, PeerMatch } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt, sideBounds, type Workload } from '#lib/engine/connectivity.ts';
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
import type { EdgeGathering } from './edge-gathering.ts';
import type { OutsideNode } from './graph-view.ts';
import { endpointsOf } from './workload-pairs.ts';

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

/** The outside blocks that drawn workloads' rules name, with their edges. */
export function drawOutside(
  connectivity: Connectivity,
  workloads: readonly Workload[],
  nodeOf: (workload: Workload) => string,
  edges: EdgeGathering,
): readonly OutsideNode[] {
  const nodes = new Map<string, OutsideNode>();
  for (const workload of workloads)
    for (const direction of ['ingress', 'egress'] as const)
      for (const group of endpointsOf(workload))
        for (const [label, bounds] of outsideOf(connectivity, direction, group)) {
          const id = `range:${label}`;
          nodes.set(id, { kind: 'outside', id, label, parent: null, ranges: [label] });
          const [source, target] =
            direction === 'ingress' ? [id, nodeOf(workload)] : [nodeOf(workload), id];
          edges.add(source, target, bounds, 'rules');
        }
  return [...nodes.values()].sort((a, b) => compareText(a.id, b.id));
}
