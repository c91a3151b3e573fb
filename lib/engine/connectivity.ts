import type { ByNamespace } from '#lib/model/by-namespace.ts';
import { compareText } from '#lib/model/object-ref.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CompiledPolicy, Direction } from './compiled-policy.ts';
import { type Counterparts, createCounterparts } from './counterparts.ts';
import type { AddressGroup, Endpoint, PodGroup } from './endpoint.ts';
import { type Lineage, nextAnalysis } from './lineage.ts';
import type { NamespacePart, Workload } from './namespace-part.ts';

import { createPeerIndex, type PeerIndex } from './peer-index.ts';
import { EVERYTHING_PASSES, intersectBounds, type PortBounds } from './rule-ports.ts';
import { isFree, nodeExemption, type Side, type Sides, withExemption } from './side.ts';
import { policyBounds } from './tier-bounds.ts';

/** All that can be said of who may connect to whom, by groups of pods, never by pairs of pods. */
export interface Connectivity {
  /** With references between objects resolved. */
  readonly snapshot: ClusterSnapshot;
  /** What there is in each namespace that has pods. */
  readonly parts: ByNamespace<NamespacePart>;
  /** Outside addresses as ingress rules distinguish them. */
  readonly sources: readonly AddressGroup[];
  /** Outside addresses as egress rules distinguish them. */
  readonly destinations: readonly AddressGroup[];
  /** All of them, by namespace; made when first asked for, and large in a large cluster. */
  readonly groups: readonly PodGroup[];
  /** All of them by refKey, sorted; made when first asked for, and large in a large cluster. */
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly peers: PeerIndex;
  readonly counterparts: Counterparts;
  readonly sides: Sides;
  /** Policies whose subjects are nodes. */
  readonly hostPolicies: readonly CompiledPolicy[];
  /** What this analysis shares with those before and after it. */
  readonly lineage: Lineage;
}

/**
 * Groups a cluster's pods and finds the policies around each group. Pure; linear in pods and
 * policies. With an analysis of an earlier snapshot it makes anew only what changed since, and
 * answers as if it had made everything anew.
 */
export function analyse(written: ClusterSnapshot, previous?: Connectivity): Connectivity {
  const analysis = nextAnalysis(written, previous);
  const { snapshot, parts, sources, destinations } = analysis;
  const peers = createPeerIndex({
    surroundings: snapshot,
    parts,
    ranges: { ingress: sources, egress: destinations },
    places: analysis.lineage.places,
  });
  let groups: readonly PodGroup[] | null = null;
  let workloads: ReadonlyMap<string, Workload> | null = null;
  let counterparts: Counterparts | null = null;
  const connectivity: Connectivity = {
    snapshot,
    parts,
    sources,
    destinations,
    get groups() {
      groups ??= [...parts.values()].flatMap((part) => part.groups);
      return groups;
    },
    get workloads() {
      workloads ??= new Map(
        [...parts.values()]
          .flatMap((part) => [...part.workloads])
          .sort(([a], [b]) => compareText(a, b)),
      );
      return workloads;
    },
    peers,
    get counterparts() {
      counterparts ??= createCounterparts(connectivity);
      return counterparts;
    },
    sides: analysis.sides,
    hostPolicies: analysis.lineage.subjects.anywhere.filter(
      ({ subject }) => subject.kind === 'nodes',
    ),
    lineage: analysis.lineage,
  };
  return connectivity;
}

/** The workloads that have pods in a group. */
export function workloadsOf({ parts }: Connectivity, group: PodGroup): readonly Workload[] {
  return parts.get(group.namespace.name)?.workloadsOf(group) ?? [];
}

/** The side of any endpoint, those made for a question included. */
export function sideAt(
  { sides, hostPolicies }: Connectivity,
  endpoint: Endpoint,
  direction: Direction,
): Side {
  return endpoint.kind === 'pods'
    ? endpoint.sides[direction]
    : sides.of(hostPolicies, endpoint, direction);
}

/** What one side lets through between its own endpoint and the other. */
export function sideBounds(
  connectivity: Connectivity,
  direction: Direction,
  own: Endpoint,
  other: Endpoint,
): PortBounds {
  const { snapshot, peers } = connectivity;
  const side = sideAt(connectivity, own, direction);
  if (isFree(side)) return EVERYTHING_PASSES;
  const bounds = policyBounds({ snapshot, peers, side, own, other });
  return withExemption(bounds, nodeExemption(snapshot, direction, own, other));
}

/**
 * The ports on which the source may connect to the destination: both sides let them through
 * (GEN-2). A pod's connection to itself is not covered: it passes whatever this says (GEN-16).
 */
export function connectionBounds(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
): PortBounds {
  return intersectBounds(
    sideBounds(connectivity, 'egress', source, destination),
    sideBounds(connectivity, 'ingress', destination, source),
  );
}
