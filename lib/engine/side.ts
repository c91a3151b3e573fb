import { type ClusterSnapshot, policiesUnreadIn } from './cluster-snapshot.ts';
import type { CompiledPolicy, CompiledRule, Direction } from './compiled-policy.ts';
import { type Endpoint, nodesOf } from './endpoint.ts';
import type { Match } from './explanation.ts';
import type { PeerIndex } from './peer-index.ts';
import {
  ANYTHING_MAY_PASS,
  EVERYTHING_PASSES,
  matchPods,
  NOTHING_PASSES,
  type PortBounds,
  rulePorts,
  uniteBounds,
} from './peer-match.ts';

/** What the policies around one endpoint say in one direction, before the other end is known. */
export interface Side {
  readonly direction: Direction;
  /** Policies that select the endpoint in this direction, by key. */
  readonly policies: readonly CompiledPolicy[];
  /** Unknown where only an invalid policy selects it. */
  readonly isolated: Match;
  /** A policy that selects the endpoint is invalid: what it was meant to permit is not known (AMB-20). */
  readonly rulesUnknown: boolean;
  /** Why policies do not apply here at all; null for pods that they can select. */
  readonly exempt: 'host-network' | 'outside' | null;
  /** Policies could not be read: whatever is known may not be all. */
  readonly unreadable: boolean;
}

/** The side of an endpoint; `candidates` are policies among which are all that may select it. */
export function sideOf(
  snapshot: ClusterSnapshot,
  candidates: readonly CompiledPolicy[],
  endpoint: Endpoint,
  direction: Direction,
): Side {
  const free = {
    direction,
    policies: [],
    isolated: 'no',
    rulesUnknown: false,
    unreadable: false,
  } as const;
  if (endpoint.kind !== 'pods') return { ...free, exempt: 'outside' };
  if (endpoint.hostNetwork) return { ...free, exempt: 'host-network' };
  const policies = candidates.filter(
    ({ isolation, subject }) =>
      isolation[direction].isolates !== 'no' &&
      matchPods(subject.namespaces, subject.pods, endpoint.namespace, endpoint.labels).match !==
        'no',
  );
  const isolated = policies.some((policy) => policy.isolation[direction].isolates === 'yes');
  return {
    direction,
    policies,
    isolated: isolated ? 'yes' : policies.length > 0 ? 'unknown' : 'no',
    rulesUnknown: policies.some((policy) => policy.isolation[direction].isolates === 'unknown'),
    exempt: null,
    unreadable: policiesUnreadIn(snapshot, endpoint.namespace.name).length > 0,
  };
}

/** Where named ports are looked up: the destination, whichever side rules (NP-38). */
export function destinationOf(direction: Direction, own: Endpoint, other: Endpoint): Endpoint {
  return direction === 'ingress' ? own : other;
}

/** Whether some peer of a rule matches the other end; a sure match wins over one in doubt. */
function rulePeerMatch(peers: PeerIndex, rule: CompiledRule, other: Endpoint): Match {
  let match: Match = 'no';
  for (const peer of rule.peers) {
    const result = peers.match(peer.match, other);
    if (result === 'yes') return 'yes';
    if (result === 'unknown') match = 'unknown';
  }
  return match;
}

/** What one rule permits between the side's endpoint and the other (NP-12). */
function ruleBounds(
  snapshot: ClusterSnapshot,
  peers: PeerIndex,
  side: Side,
  rule: CompiledRule,
  own: Endpoint,
  other: Endpoint,
): PortBounds {
  const match = rulePeerMatch(peers, rule, other);
  if (match === 'no') return NOTHING_PASSES;
  const destination = destinationOf(side.direction, own, other);
  const ports = rulePorts(rule.ports, destination, snapshot.profile.flags);
  return match === 'yes' ? ports : { sure: NOTHING_PASSES.sure, atMost: ports.atMost };
}

/** Whether surely nothing passes but what known rules permit, and what stays on the pod's node. */
export function isClosed(snapshot: ClusterSnapshot, side: Side): boolean {
  return (
    side.isolated === 'yes' &&
    !side.unreadable &&
    !side.rulesUnknown &&
    // Where the plugin enforces nothing, a block is only what the objects ask for (GEN-25).
    snapshot.profile.flags.enforces !== 'no'
  );
}

/** What a side lets through when its policies permit this much: isolation blocks the rest (NP-5, NP-11). */
function boundsOf(snapshot: ClusterSnapshot, side: Side, permitted: PortBounds): PortBounds {
  if (side.unreadable) return ANYTHING_MAY_PASS;
  if (side.isolated === 'no') return EVERYTHING_PASSES;
  return isClosed(snapshot, side)
    ? permitted
    : { sure: permitted.sure, atMost: EVERYTHING_PASSES.atMost };
}

/** What one side's policies let through between its endpoint and the other: the union over rules (NP-11). */
export function policyBounds(
  snapshot: ClusterSnapshot,
  peers: PeerIndex,
  side: Side,
  own: Endpoint,
  other: Endpoint,
): PortBounds {
  let permitted = NOTHING_PASSES;
  for (const policy of side.policies)
    for (const rule of policy.rules[side.direction])
      permitted = uniteBounds(permitted, ruleBounds(snapshot, peers, side, rule, own, other));
  return boundsOf(snapshot, side, permitted);
}

/** Whether two endpoints run on the same node: unknown where it differs from pod to pod. */
function onSameNode(a: Endpoint, b: Endpoint): Match {
  const [left, right] = [nodesOf(a), nodesOf(b)];
  if (left.size === 0 || right.size === 0) return 'no';
  const mayMeet = left.has(null) || right.has(null) || [...left].some((node) => right.has(node));
  if (!mayMeet) return 'no';
  return left.size === 1 && right.size === 1 && !left.has(null) && !right.has(null)
    ? 'yes'
    : 'unknown';
}

function isOnHost(endpoint: Endpoint): boolean {
  return endpoint.kind === 'node' || (endpoint.kind === 'pods' && endpoint.hostNetwork);
}

/**
 * Whether a connection is let through because it stays on the pod's node, whatever policies say:
 * towards the pod always (GEN-14), from the pod as the plugin does (GEN-15).
 */
export function nodeExemption(
  snapshot: ClusterSnapshot,
  direction: Direction,
  own: Endpoint,
  other: Endpoint,
): Match {
  if (!isOnHost(other) || isOnHost(own)) return 'no';
  const policed = direction === 'ingress' ? 'no' : snapshot.profile.flags.policesPodToLocalNode;
  if (policed === 'yes') return 'no';
  const same = onSameNode(own, other);
  return same === 'yes' && policed === 'unknown' ? 'unknown' : same;
}

/** Applies the exemption of the local node to what policies let through. */
export function withExemption(bounds: PortBounds, exemption: Match): PortBounds {
  switch (exemption) {
    case 'no':
      return bounds;
    case 'yes':
      return EVERYTHING_PASSES;
    case 'unknown':
      return { sure: bounds.sure, atMost: EVERYTHING_PASSES.atMost };
  }
}
