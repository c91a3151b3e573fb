import { compareText, policyKey } from '#lib/model/object-ref.ts';
import { type ClusterSnapshot, policiesUnreadIn } from './cluster-snapshot.ts';
import type { CompiledPolicy, Direction } from './compiled-policy.ts';
import { type Endpoint, nodesOf } from './endpoint.ts';
import type { Match } from './explanation.ts';
import { EVERYTHING_PASSES, matchPods, type PortBounds } from './peer-match.ts';
import type { Tier } from './tiers.ts';

/** The policies of one tier around an endpoint. */
export interface TierSide {
  readonly tier: Tier;
  /**
   * Policies that stand equal: of a tier of first matches those of one priority, lower ones first;
   * where some have none, nothing says which comes first, and all are one level.
   */
  readonly levels: readonly (readonly CompiledPolicy[])[];
  /** Unknown where only an invalid policy selects it, or whether one does is not known. */
  readonly isolated: Match;
  /** A policy that selects the endpoint is invalid: what it was meant to say is not known (AMB-20). */
  readonly rulesUnknown: boolean;
}

/** What the policies around one endpoint say in one direction, before the other end is known. */
export interface Side {
  readonly direction: Direction;
  /** Policies that select the endpoint in this direction, in the order in which they are asked. */
  readonly policies: readonly CompiledPolicy[];
  /** Those of them of which it is not known whether they select it. */
  readonly perhaps: ReadonlySet<CompiledPolicy>;
  /** Those tiers that have policies here, in the order in which they decide. */
  readonly tiers: readonly TierSide[];
  /** By a policy that blocks what no rule permits. */
  readonly isolated: Match;
  /** Why policies do not apply here at all; null for pods that they can select. */
  readonly exempt: 'host-network' | 'outside' | null;
  /** Policies could not be read: whatever is known may not be all. */
  readonly unreadable: boolean;
}

const NOBODY: ReadonlySet<CompiledPolicy> = new Set();

function evaluationOrder(a: CompiledPolicy, b: CompiledPolicy): number {
  return (
    a.tier.order - b.tier.order ||
    (a.priority ?? 0) - (b.priority ?? 0) ||
    compareText(policyKey(a.ref), policyKey(b.ref))
  );
}

function levelsOf(tier: Tier, policies: readonly CompiledPolicy[]) {
  const isOneLevel =
    tier.combine === 'union-of-allows' || policies.some(({ priority }) => priority === null);
  return isOneLevel ? [policies] : [...Map.groupBy(policies, ({ priority }) => priority).values()];
}

function tierSide(
  policies: readonly [CompiledPolicy, ...CompiledPolicy[]],
  perhaps: ReadonlySet<CompiledPolicy>,
  direction: Direction,
): TierSide {
  const [{ tier }] = policies;
  const isolates = (policy: CompiledPolicy) => policy.isolation[direction].isolates;
  const surely = policies.some((each) => isolates(each) === 'yes' && !perhaps.has(each));
  const mayIsolate = policies.some((each) => isolates(each) !== 'no');
  return {
    tier,
    levels: levelsOf(tier, policies),
    isolated:
      tier.onNoMatch === 'next-tier' ? 'no' : surely ? 'yes' : mayIsolate ? 'unknown' : 'no',
    rulesUnknown: policies.some((each) => isolates(each) === 'unknown'),
  };
}

function tiersOf(
  policies: readonly CompiledPolicy[],
  perhaps: ReadonlySet<CompiledPolicy>,
  direction: Direction,
): readonly TierSide[] {
  return [...Map.groupBy(policies, ({ tier }) => tier).values()].flatMap(([head, ...rest]) =>
    head === undefined ? [] : [tierSide([head, ...rest], perhaps, direction)],
  );
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
    perhaps: NOBODY,
    tiers: [],
    isolated: 'no',
    unreadable: false,
  } as const;
  if (endpoint.kind !== 'pods') return { ...free, exempt: 'outside' };
  if (endpoint.hostNetwork) return { ...free, exempt: 'host-network' };
  const { enforcesAdminTiers } = snapshot.profile.flags;
  const policies: CompiledPolicy[] = [];
  const perhaps = new Set<CompiledPolicy>();
  for (const policy of candidates) {
    const { isolation, rules, subject, tier } = policy;
    const isAdmin = tier.combine === 'first-match';
    if (isAdmin && enforcesAdminTiers === 'no') continue;
    // CNP-10: without rules and without isolation a direction is left alone.
    if (isolation[direction].isolates === 'no' && rules[direction].length === 0) continue;
    const { namespace, labels } = endpoint;
    const { match } = matchPods(subject.namespaces, subject.pods, namespace, labels);
    if (match === 'no') continue;
    policies.push(policy);
    if (match === 'unknown' || (isAdmin && enforcesAdminTiers === 'unknown')) perhaps.add(policy);
  }
  policies.sort(evaluationOrder);
  const tiers = tiersOf(policies, perhaps, direction);
  const isolations = new Set(tiers.map(({ isolated }) => isolated));
  return {
    direction,
    policies,
    perhaps,
    tiers,
    isolated: isolations.has('yes') ? 'yes' : isolations.has('unknown') ? 'unknown' : 'no',
    exempt: null,
    unreadable: policiesUnreadIn(snapshot, endpoint.namespace.name).length > 0,
  };
}

/** Where named ports are looked up: the destination, whichever side rules (NP-38). */
export function destinationOf(direction: Direction, own: Endpoint, other: Endpoint): Endpoint {
  return direction === 'ingress' ? own : other;
}

/** Whether surely nothing passes but what known rules permit, and what stays on the pod's node. */
export function isClosed(snapshot: ClusterSnapshot, side: Side): boolean {
  return (
    side.isolated === 'yes' &&
    !side.unreadable &&
    !side.tiers.some(({ rulesUnknown }) => rulesUnknown) &&
    // Where the plugin enforces nothing, a block is only what the objects ask for (GEN-25).
    snapshot.profile.flags.enforces !== 'no'
  );
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
