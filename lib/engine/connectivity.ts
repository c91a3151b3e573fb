import type { Pod } from '#lib/model/cluster.ts';
import { compareText, type ObjectRef, refKey } from '#lib/model/object-ref.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CompiledPolicy, Direction } from './compiled-policy.ts';
import { type Counterparts, createCounterparts } from './counterparts.ts';
import type { AddressGroup, Endpoint, PodGroup } from './endpoint.ts';
import { linkPolicies } from './link.ts';
import { createPeerIndex, type PeerIndex } from './peer-index.ts';
import { groupAddresses, groupPods } from './pod-groups.ts';
import { onlyNamespace } from './pod-match.ts';
import { EVERYTHING_PASSES, intersectBounds, type PortBounds } from './rule-ports.ts';
import { isFree, nodeExemption, type Side, type SideOf, sidesOf, withExemption } from './side.ts';
import { policyBounds } from './tier-bounds.ts';

/** The pods of one controller, or a bare pod, and the groups they fall into. */
export interface Workload {
  readonly ref: ObjectRef;
  readonly namespace: string;
  /** Pods that take part in traffic; finished ones are left out. */
  readonly pods: readonly [Pod, ...Pod[]];
  /** One, unless policies tell its pods apart. */
  readonly groups: readonly [PodGroup, ...PodGroup[]];
}

/** All that can be said of who may connect to whom, by groups of pods, never by pairs of pods. */
export interface Connectivity {
  /** With references between objects resolved. */
  readonly snapshot: ClusterSnapshot;
  readonly groups: readonly PodGroup[];
  /** Outside addresses as ingress rules distinguish them. */
  readonly sources: readonly AddressGroup[];
  /** Outside addresses as egress rules distinguish them. */
  readonly destinations: readonly AddressGroup[];
  /** By refKey, sorted. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** By index of the group: the workloads that have pods in it. */
  readonly workloadsOfGroup: readonly (readonly Workload[])[];
  readonly peers: PeerIndex;
  readonly counterparts: Counterparts;
  readonly sideOf: SideOf;
  /** Policies whose subjects are nodes. */
  readonly hostPolicies: readonly CompiledPolicy[];
  /** By index of the group. */
  readonly sides: Readonly<Record<Direction, readonly Side[]>>;
}

function workloadsOf(groups: readonly PodGroup[]): ReadonlyMap<string, Workload> {
  const members = Map.groupBy(
    groups.flatMap((group) => group.pods.map((pod) => ({ pod, group }))),
    ({ pod }) => refKey(pod.workload),
  );
  const workloads = new Map<string, Workload>();
  for (const key of [...members.keys()].sort(compareText)) {
    const [first, ...rest] = members.get(key) ?? [];
    if (first === undefined) continue;
    const all = [first, ...rest];
    const [group, ...others] = [...new Set(all.map((member) => member.group))];
    workloads.set(key, {
      ref: first.pod.workload,
      namespace: first.pod.namespace,
      pods: [first.pod, ...rest.map((member) => member.pod)],
      groups: [group ?? first.group, ...others],
    });
  }
  return workloads;
}

/** By namespace: policies that may select pods there. */
function policiesFor(policies: readonly CompiledPolicy[]) {
  const byNamespace = Map.groupBy(policies, ({ subject }) =>
    subject.kind === 'pods' ? onlyNamespace(subject.match) : null,
  );
  const anywhere = byNamespace.get(null) ?? [];
  return (namespace: string): readonly CompiledPolicy[] => {
    const own = byNamespace.get(namespace) ?? [];
    return anywhere.length === 0 ? own : [...own, ...anywhere];
  };
}

/** Groups a cluster's pods and finds the policies around each group. Pure; linear in pods and policies. */
export function analyse(written: ClusterSnapshot): Connectivity {
  const snapshot: ClusterSnapshot = { ...written, policies: linkPolicies(written) };
  const groups = groupPods(snapshot);
  const sources = groupAddresses(snapshot.policies, 'ingress', groups.length);
  const destinations = groupAddresses(snapshot.policies, 'egress', groups.length + sources.length);
  const candidatesIn = policiesFor(snapshot.policies);
  const sideOf = sidesOf(snapshot);
  const workloads = workloadsOf(groups);
  const workloadsOfGroup: Workload[][] = groups.map(() => []);
  for (const workload of workloads.values())
    for (const group of workload.groups) workloadsOfGroup[group.index]?.push(workload);
  const peers = createPeerIndex(snapshot, [...groups, ...sources, ...destinations]);
  const sidesIn = (direction: Direction) =>
    groups.map((group) => sideOf(candidatesIn(group.namespace.name), group, direction));
  const sides = { ingress: sidesIn('ingress'), egress: sidesIn('egress') };
  const outside = { ingress: sources, egress: destinations };
  return {
    snapshot,
    groups,
    sources,
    destinations,
    workloads,
    workloadsOfGroup,
    peers,
    counterparts: createCounterparts(snapshot, peers, groups, outside, sides),
    sideOf,
    hostPolicies: snapshot.policies.filter(({ subject }) => subject.kind === 'nodes'),
    sides,
  };
}

/** The side of any endpoint, those made for a question included. */
export function sideAt(connectivity: Connectivity, endpoint: Endpoint, direction: Direction): Side {
  const known =
    endpoint.kind === 'pods' ? connectivity.sides[direction][endpoint.index] : undefined;
  return known ?? connectivity.sideOf(connectivity.hostPolicies, endpoint, direction);
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
