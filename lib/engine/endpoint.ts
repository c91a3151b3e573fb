import type { Namespace, Pod } from '#lib/model/cluster.ts';
import type { AddressRange, Family, IpAddress } from '#lib/model/ip-address.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { Direction } from './compiled-policy.ts';
import type { Match } from './explanation.ts';
import type { Side } from './side.ts';

/** The ends of connections that policies can tell apart. */

/**
 * Pods that no policy tells apart: same namespace, same values of the labels that selectors read,
 * same service account where one is asked for, same named ports, same blocks around their addresses, same host-network state.
 */
export interface PodGroup {
  readonly kind: 'pods';
  readonly namespace: Namespace;
  /** Its place among the groups of its namespace. */
  readonly position: number;
  /** Of one of its pods; the others differ only in labels that no selector reads. */
  readonly labels: Labels;
  readonly hostNetwork: boolean;
  /** Sorted as in the snapshot; never empty, never finished pods. */
  readonly pods: readonly [Pod, ...Pod[]];
  /** What the policies around it say. */
  readonly sides: Readonly<Record<Direction, Side>>;
}

/** Addresses outside the cluster that no rule of one direction tells apart. */
export interface AddressGroup {
  readonly kind: 'addresses';
  readonly range: AddressRange;
}

/** One address of a node. Made for a question, not part of the analysis. */
export interface NodeAddress {
  readonly kind: 'node';
  readonly node: string;
  readonly address: IpAddress;
}

export type Endpoint = PodGroup | AddressGroup | NodeAddress;

/** Asked for every pair that a group is in. */
const nodesOfGroup = new WeakMap<PodGroup, ReadonlySet<string | null>>();

/** The nodes an endpoint runs on; null among them when a pod's node is not known. Empty outside the cluster. */
export function nodesOf(endpoint: Endpoint): ReadonlySet<string | null> {
  switch (endpoint.kind) {
    case 'pods': {
      const known = nodesOfGroup.get(endpoint);
      if (known !== undefined) return known;
      const nodes = new Set(endpoint.pods.map((pod) => pod.node));
      nodesOfGroup.set(endpoint, nodes);
      return nodes;
    }
    case 'node':
      return new Set([endpoint.node]);
    case 'addresses':
      return new Set();
  }
}

/** Whether pods have addresses of both families; those of a group are alike in this. */
function isDualStack(endpoint: Endpoint): boolean {
  if (endpoint.kind !== 'pods') return false;
  const { addresses } = endpoint.pods[0];
  return addresses.some(({ family }) => family !== addresses[0]?.family);
}

const NO_FAMILIES: readonly Family[] = [];

/**
 * The families a connection between the two may be of, where that makes a difference: rules for
 * blocks match only addresses of their own (GEN-20). Empty where all is of one family.
 */
export function familiesBetween(a: Endpoint, b: Endpoint): readonly Family[] {
  if (!isDualStack(a) && !isDualStack(b)) return NO_FAMILIES;
  const other = isDualStack(a) ? b : a;
  if (isDualStack(other)) return [4, 6];
  switch (other.kind) {
    case 'pods':
      return other.pods[0].addresses.map(({ family }) => family);
    case 'node':
      return [other.address.family];
    case 'addresses':
      return [other.range.family];
  }
}

/** Whether two endpoints run on the same node: unknown where it differs from pod to pod. */
export function onSameNode(a: Endpoint, b: Endpoint): Match {
  const [left, right] = [nodesOf(a), nodesOf(b)];
  if (left.size === 0 || right.size === 0) return 'no';
  const mayMeet = left.has(null) || right.has(null) || !left.isDisjointFrom(right);
  if (!mayMeet) return 'no';
  return left.size === 1 && right.size === 1 && !left.has(null) && !right.has(null)
    ? 'yes'
    : 'unknown';
}

/** A node, or what shares its network. */
export function isOnHost(endpoint: Endpoint): boolean {
  return endpoint.kind === 'node' || (endpoint.kind === 'pods' && endpoint.hostNetwork);
}
