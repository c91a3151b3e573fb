import type { Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt, sideBounds } from '#lib/engine/connectivity.ts';
import type { AddressGroup, Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts } from '#lib/engine/explain.ts';
import type { UnknownCause, Verdict } from '#lib/engine/explanation.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import {
  intersectBounds,
  NOTHING_PASSES,
  type PortBounds,
  uniteBounds,
  unsurePorts,
} from '#lib/engine/rule-ports.ts';
import { nodeExemption } from '#lib/engine/side.ts';
import { type AddressRange, formatIp, formatRangeShort } from '#lib/model/ip-address.ts';
import {
  formatPorts,
  isEmptyPorts,
  NO_PORTS,
  type PortSet,
  portsKey,
  subtractPorts,
  unitePorts,
} from '#lib/model/port-set.ts';
import { podCount } from './cluster-facts.ts';
import { isNamed, settledByNode } from './workload-pairs.ts';
import type { EndpointView, PeerLine } from './workload-view.ts';

/** Who may connect to a workload, or whom it may connect to, both sides considered. */

interface Passing {
  bounds: PortBounds;
  /** What the own side lets through and the other side surely stops. */
  stoppedThere: PortSet;
  basis: PeerLine['basis'];
  causes: readonly UnknownCause[];
}

function passingBetween(
  connectivity: Connectivity,
  direction: Direction,
  own: PodGroup,
  other: Endpoint,
): Passing {
  const opposite = direction === 'ingress' ? 'egress' : 'ingress';
  const here = sideBounds(connectivity, direction, own, other);
  const bounds = intersectBounds(here, sideBounds(connectivity, opposite, other, own));
  const stoppedThere = subtractPorts(here.sure, bounds.atMost);
  const [source, destination] = direction === 'ingress' ? [other, own] : [own, other];
  const settled = settledByNode(connectivity, source, destination, bounds);
  if (settled !== null) return { bounds: settled, stoppedThere, basis: 'same-node', causes: [] };
  return {
    bounds,
    stoppedThere,
    basis: basisOf(connectivity, direction, own, other),
    causes: isEmptyPorts(unsurePorts(bounds))
      ? []
      : connectionDoubts(connectivity, source, destination),
  };
}

function basisOf(
  connectivity: Connectivity,
  direction: Direction,
  own: PodGroup,
  other: Endpoint,
): PeerLine['basis'] {
  if (other.kind === 'pods' && isNamed(connectivity, direction, own, other)) return 'rules';
  const isOpen = sideAt(connectivity, own, direction).isolated === 'no';
  const isExempt = nodeExemption(connectivity.snapshot, direction, own, other) === 'yes';
  return isExempt && !isOpen ? 'same-node' : 'open';
}

const BASES: readonly PeerLine['basis'][] = ['rules', 'open', 'same-node'];

function gather(all: readonly Passing[]): Passing {
  const causes = new Map(all.flatMap((each) => each.causes.map((c) => [JSON.stringify(c), c])));
  const bounds = all.reduce((sum, each) => uniteBounds(sum, each.bounds), NOTHING_PASSES);
  return {
    bounds,
    stoppedThere: subtractPorts(
      all.reduce((sum, each) => unitePorts(sum, each.stoppedThere), NO_PORTS),
      bounds.sure,
    ),
    basis: BASES.find((basis) => all.some((each) => each.basis === basis)) ?? 'open',
    causes: [...causes.values()],
  };
}

function verdictOf({ bounds }: Passing): Verdict {
  if (!isEmptyPorts(bounds.sure)) return 'allowed';
  return isEmptyPorts(bounds.atMost) ? 'blocked' : 'unknown';
}

function line(peer: EndpointView, passing: Passing): PeerLine {
  return {
    peer,
    verdict: verdictOf(passing),
    allowed: formatPorts(passing.bounds.sure),
    unknown: formatPorts(unsurePorts(passing.bounds)),
    causes: passing.causes,
    blockedByOtherSide: formatPorts(passing.stoppedThere),
    basis: passing.basis,
  };
}

/** Neighbouring ranges with the same answer are one: the reader did not ask for the partition. */
function mergeRanges(
  parts: readonly { readonly group: AddressGroup; readonly passing: Passing }[],
): readonly { readonly range: AddressRange; readonly passing: Passing }[] {
  const merged: { range: AddressRange; passing: Passing; key: string }[] = [];
  for (const { group, passing } of parts) {
    const key = `${portsKey(passing.bounds.sure)}|${portsKey(passing.bounds.atMost)}`;
    const last = merged.at(-1);
    if (
      last !== undefined &&
      last.key === key &&
      last.range.family === group.range.family &&
      last.range.last + 1n === group.range.first
    )
      last.range = { ...last.range, last: group.range.last };
    else merged.push({ range: group.range, passing, key });
  }
  return merged;
}

/** Outside addresses by range. */
export function rangeLines({ connectivity, direction, own }: PeerRelation): readonly PeerLine[] {
  const ranges = direction === 'ingress' ? connectivity.sources : connectivity.destinations;
  const parts = ranges.map((group) => ({
    group,
    passing: gather(own.map((each) => passingBetween(connectivity, direction, each, group))),
  }));
  const isIsolated = own.every((group) => sideAt(connectivity, group, direction).isolated !== 'no');
  return mergeRanges(parts)
    .filter(({ passing }) => verdictOf(passing) !== 'blocked')
    .map(({ range, passing }) =>
      line(
        {
          kind: 'addresses',
          label: formatRangeShort(range),
          first: formatIp({ family: range.family, value: range.first }),
        },
        { ...passing, basis: isIsolated ? 'rules' : 'open' },
      ),
    );
}

/** Whether somebody has a line: something passes, or a rule of this side names them in vain. */
function isWorthALine(passing: Passing): boolean {
  const isLost = passing.basis === 'rules' && !isEmptyPorts(passing.stoppedThere);
  return verdictOf(passing) !== 'blocked' || isLost;
}

/** What is between a workload and others, in one direction. */
export interface PeerRelation {
  readonly connectivity: Connectivity;
  readonly direction: Direction;
  /** Its pods, as endpoints that know where they run. */
  readonly own: readonly PodGroup[];
}

/**
 * Of another workload, whose pods are `others`; null where there is nothing to say: nothing passes,
 * and either this side blocks it or no rule of this side names it.
 */
export function peerLine(
  { connectivity, direction, own }: PeerRelation,
  peer: Workload,
  others: readonly PodGroup[],
): PeerLine | null {
  const passing = gather(
    own.flatMap((mine) =>
      others.map((theirs) => passingBetween(connectivity, direction, mine, theirs)),
    ),
  );
  if (!isWorthALine(passing)) return null;
  return line({ kind: 'workload', ref: peer.ref, pods: podCount(peer) }, passing);
}
