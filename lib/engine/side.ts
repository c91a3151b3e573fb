import { compareText, policyKey } from '#lib/model/object-ref.ts';
import { type ClusterSnapshot, type Gap, gapsIn } from './cluster-snapshot.ts';
import { asks, type CniFlag, type CniProfile, dropsNothing } from './cni-profile.ts';
import type { CompiledPolicy, Direction } from './compiled-policy.ts';
import { type Endpoint, isOnHost, onSameNode, type PodGroup } from './endpoint.ts';
import type { Match } from './explanation.ts';
import { matchHost } from './peer-match.ts';
import { labelledGroup, matchPods } from './pod-match.ts';
import { EVERYTHING_PASSES, type PortBounds } from './rule-ports.ts';
import { subjectIndex } from './subject-index.ts';
import { arrangement, compareTiers, LAST_ORDER, type Place, type Tier } from './tiers.ts';

/** The policies of one tier around an endpoint. */
export interface TierSide {
  readonly tier: Tier;
  /**
   * Policies that stand equal: of a tier of first matches those of one priority, lower ones first;
   * where some have none and nothing else says which comes first, all are one level.
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
  /** Those of them of which it is not known whether they apply. */
  readonly perhaps: ReadonlySet<CompiledPolicy>;
  /** Those tiers that have policies here, in the order in which they decide. */
  readonly tiers: readonly TierSide[];
  /** By a policy that blocks what no rule permits. */
  readonly isolated: Match;
  /** Why policies do not apply here at all; null for endpoints that they can select. */
  readonly exempt: 'host-network' | 'outside' | null;
  /** Whatever is known may not be all: policies could not be read, or it is not known how the plugin takes them. */
  readonly unreadable: boolean;
  /** Flags that leave open how policies of several kinds go together. */
  readonly undecided: readonly CniFlag[];
  /** The lists of policies because of which it is not readable. */
  readonly unread: readonly Gap[];
  /** Kinds of another layer that may stop here what policies let through. */
  readonly further: readonly Gap[];
}

type Policies = readonly [CompiledPolicy, ...CompiledPolicy[]];
type PlaceOf = (policy: CompiledPolicy) => Place;

function evaluationOrder(placeOf: PlaceOf, { order }: CniProfile) {
  // CAL-4: Calico compares name, then namespace, then kind.
  const tieKey = ({ ref }: CompiledPolicy) =>
    order === 'calico' ? `${ref.name}/${ref.namespace ?? ''}/${ref.kind}` : policyKey(ref);
  return (a: CompiledPolicy, b: CompiledPolicy): number => {
    const [left, right] = [placeOf(a), placeOf(b)];
    return (
      (left.tier === right.tier ? 0 : compareTiers(left.tier, right.tier)) ||
      priorityOf(left) - priorityOf(right) ||
      compareText(tieKey(a), tieKey(b)) ||
      // Two API groups have a NetworkPolicy.
      compareText(policyKey(a.ref), policyKey(b.ref))
    );
  };
}

/** CAL-4: without one it comes last. */
function priorityOf({ priority }: Place): number {
  return priority ?? LAST_ORDER;
}

function levelsOf(
  { combine }: Tier,
  policies: readonly CompiledPolicy[],
  placeOf: PlaceOf,
  { ties }: CniProfile,
) {
  if (combine !== 'first-match') return [policies];
  if (ties === 'by-name') return policies.map((policy) => [policy]);
  return policies.some((policy) => placeOf(policy).priority === null)
    ? [policies]
    : [...Map.groupBy(policies, (policy) => placeOf(policy).priority).values()];
}

function tierSide(
  tier: Tier,
  policies: Policies,
  levels: TierSide['levels'],
  perhaps: ReadonlySet<CompiledPolicy>,
  direction: Direction,
): TierSide {
  const isolates = (policy: CompiledPolicy) => policy.isolation[direction].isolates;
  const surely = policies.some((each) => isolates(each) === 'yes' && !perhaps.has(each));
  const mayIsolate = policies.some((each) => isolates(each) !== 'no');
  return {
    tier,
    levels,
    isolated:
      tier.onNoMatch === 'next-tier' ? 'no' : surely ? 'yes' : mayIsolate ? 'unknown' : 'no',
    rulesUnknown: policies.some((each) => isolates(each) === 'unknown'),
  };
}

/** Whether a policy applies to the endpoint, as far as its subject and the plugin are known. */
function applies(snapshot: ClusterSnapshot, policy: CompiledPolicy, endpoint: Endpoint): Match {
  const { flags } = snapshot.profile;
  const { subject, enforcedIf } = policy;
  if (subject.kind === 'nodes') {
    if (!isOnHost(endpoint) || flags.hostPolicies === 'no') return 'no';
    const { match } = matchHost(subject, endpoint, snapshot);
    return match === 'yes' && flags.hostPolicies === 'unknown' ? 'unknown' : match;
  }
  if (endpoint.kind !== 'pods' || endpoint.hostNetwork) return 'no';
  const { match } = matchPods(subject.match, labelledGroup(endpoint));
  return match === 'yes' && asks(snapshot.profile, enforcedIf) === 'unknown' ? 'unknown' : match;
}

function isAskedFor(policy: CompiledPolicy, direction: Direction, profile: CniProfile): boolean {
  const { isolation, rules, enforcedIf, staged } = policy;
  if (staged !== undefined) return false;
  if (asks(profile, enforcedIf) === 'no') return false;
  // CNP-10: without rules and without isolation a direction is left alone.
  return isolation[direction].isolates !== 'no' || rules[direction].length > 0;
}

/** Kinds that change how all others are taken: whether they do has to be known. */
const REARRANGING = { enforcesCilium: 'cilium', enforcesCalico: 'calico' } as const;

function undecidedFlags(
  policies: readonly CompiledPolicy[],
  { flags, order }: CniProfile,
): readonly CniFlag[] {
  return [
    ...new Set(
      policies.flatMap(({ enforcedIf }): readonly CniFlag[] => {
        if (enforcedIf !== 'enforcesCilium' && enforcedIf !== 'enforcesCalico') return [];
        const isSettled = flags[enforcedIf] === 'yes' && order === REARRANGING[enforcedIf];
        return isSettled ? [] : [enforcedIf];
      }),
    ),
  ];
}

/** CIL-11: a plugin may isolate pods that no policy selects. */
function withPluginIsolation(
  tiers: readonly TierSide[],
  isolates: Match,
  placeOf: Arrangement,
): readonly TierSide[] {
  if (isolates === 'no') return tiers;
  const { tier } = placeOf({ layer: 'network-policy', priority: null });
  const there = tiers.find((each) => each.tier === tier);
  if (there === undefined)
    return [...tiers, { tier, levels: [], isolated: isolates, rulesUnknown: false }].sort((a, b) =>
      compareTiers(a.tier, b.tier),
    );
  const isolated = there.isolated === 'yes' ? 'yes' : isolates;
  return tiers.map((each) => (each === there ? { ...each, isolated } : each));
}

type Arrangement = ReturnType<typeof arrangement>;

/** Sides of endpoints, for one snapshot. */
export interface Sides {
  /** The side of a node or address; `candidates` are policies among which are all that may select it. */
  of(candidates: readonly CompiledPolicy[], endpoint: Endpoint, direction: Direction): Side;
  /** Both sides of groups of pods of one namespace; groups that the same policies select share them. */
  around(candidates: readonly CompiledPolicy[]): (group: PodsUnderPolicy) => PodGroup['sides'];
}

/** A group of pods whose sides are being found. */
type PodsUnderPolicy = Omit<PodGroup, 'sides'>;

function exemptionOf(endpoint: Endpoint, candidates: readonly CompiledPolicy[]): Side['exempt'] {
  if (endpoint.kind === 'addresses') return 'outside';
  if (!isOnHost(endpoint)) return null;
  if (candidates.some(({ subject }) => subject.kind === 'nodes')) return null;
  return endpoint.kind === 'pods' ? 'host-network' : 'outside';
}

interface Applying {
  readonly policy: CompiledPolicy;
  readonly match: Match;
}

/** Finds sides. Pure, but for what it remembers of the policies. */
export function sidesOf(snapshot: ClusterSnapshot): Sides {
  const { profile } = snapshot;
  const placeOf = arrangement(profile, snapshot.tiers);
  const compare = evaluationOrder(placeOf, profile);

  function tiersOf(
    policies: readonly CompiledPolicy[],
    perhaps: ReadonlySet<CompiledPolicy>,
    direction: Direction,
  ): readonly TierSide[] {
    return [...Map.groupBy(policies, (policy) => placeOf(policy).tier)].flatMap(
      ([tier, [head, ...rest]]) => {
        if (head === undefined) return [];
        const own: Policies = [head, ...rest];
        return [tierSide(tier, own, levelsOf(tier, own, placeOf, profile), perhaps, direction)];
      },
    );
  }

  /** The side that policies make which are known to apply, or may; in the order in which they are asked. */
  function sideOf(applying: readonly Applying[], endpoint: Endpoint, direction: Direction): Side {
    const asked = applying.filter(({ policy }) => isAskedFor(policy, direction, profile));
    const policies = asked.map(({ policy }) => policy);
    const perhaps = new Set(
      asked.flatMap(({ policy, match }) => (match === 'unknown' ? [policy] : [])),
    );
    const isPod = endpoint.kind === 'pods' && !endpoint.hostNetwork;
    const tiers = withPluginIsolation(
      tiersOf(policies, perhaps, direction),
      isPod ? profile.flags.isolatesEverything : 'no',
      placeOf,
    );
    const isolations = new Set(tiers.map(({ isolated }) => isolated));
    const undecided = undecidedFlags(policies, profile);
    const unread = isPod ? gapsIn(snapshot, endpoint.namespace.name, ['policies']) : [];
    return {
      direction,
      policies,
      perhaps,
      tiers,
      isolated: isolations.has('yes') ? 'yes' : isolations.has('unknown') ? 'unknown' : 'no',
      exempt: exemptionOf(endpoint, policies),
      unreadable: undecided.length > 0 || unread.length > 0,
      undecided,
      unread,
      further: isPod ? furtherIn(snapshot, endpoint, direction) : [],
    };
  }

  /** Those that select the endpoint, or may. */
  function applying(candidates: Iterable<CompiledPolicy>, endpoint: Endpoint): Applying[] {
    const found: Applying[] = [];
    for (const policy of candidates) {
      const match = applies(snapshot, policy, endpoint);
      if (match !== 'no') found.push({ policy, match });
    }
    return found;
  }

  return {
    of: (candidates, endpoint, direction) =>
      sideOf(
        applying(candidates, endpoint).sort((a, b) => compare(a.policy, b.policy)),
        endpoint,
        direction,
      ),
    around(candidates) {
      const sorted = [...candidates].sort(compare);
      const ranks = new Map(sorted.map((policy, rank) => [policy, rank]));
      const mayBeAbout = subjectIndex(sorted);
      const known = new Map<string, PodGroup['sides']>();
      return (group) => {
        const endpoint: PodGroup = { ...group, sides: NOT_YET };
        const found = applying(mayBeAbout(group.labels), endpoint);
        let key = group.hostNetwork ? 'host' : '';
        for (const { policy, match } of found) key += ` ${ranks.get(policy)}${match}`;
        const shared = known.get(key);
        if (shared !== undefined) return shared;
        const sides = {
          ingress: sideOf(found, endpoint, 'ingress'),
          egress: sideOf(found, endpoint, 'egress'),
        };
        known.set(key, sides);
        return sides;
      };
    },
  };
}

/** Nothing about its own sides decides which policies select a group. */
const NOT_YET: PodGroup['sides'] = {
  get ingress(): Side {
    throw new TypeError('sides are being found');
  },
  get egress(): Side {
    throw new TypeError('sides are being found');
  },
};

function furtherIn(
  snapshot: ClusterSnapshot,
  { namespace }: PodGroup,
  direction: Direction,
): readonly Gap[] {
  const effects: readonly Gap['affects'][] =
    direction === 'egress' ? ['further-policies', 'further-egress'] : ['further-policies'];
  return gapsIn(snapshot, namespace.name, effects);
}

/** Those further kinds that have a say about the other end. */
export function furtherTowards({ further }: Side, other: Endpoint): readonly Gap[] {
  return further.filter(
    ({ affects }) => affects === 'further-policies' || other.kind === 'addresses',
  );
}

/** Whether a side lets everything through, and nothing leaves that in doubt. */
export function isFree({ tiers, unreadable, further }: Side): boolean {
  return tiers.length === 0 && !unreadable && further.length === 0;
}

/** Where named ports are looked up: the destination, whichever side rules (NP-38). */
export function destinationOf(direction: Direction, own: Endpoint, other: Endpoint): Endpoint {
  return direction === 'ingress' ? own : other;
}

/** Whether a tier surely lets nothing through but what its rules permit. */
function isShut({ isolated, levels }: TierSide, direction: Direction): boolean {
  return (
    isolated === 'yes' &&
    !levels.flat().some(({ rules }) => rules[direction].some(({ action }) => action === 'pass'))
  );
}

/** Whether surely nothing passes but what known rules permit, and what stays on the pod's node. */
export function isClosed(snapshot: ClusterSnapshot, side: Side): boolean {
  return (
    side.tiers.some((tier) => isShut(tier, side.direction)) &&
    !side.unreadable &&
    !side.tiers.some(({ rulesUnknown }) => rulesUnknown) &&
    // Where the plugin enforces nothing, a block is only what the objects ask for (GEN-25).
    dropsNothing(snapshot.profile) === null
  );
}

const OPPOSITE = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;

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
  const exempt = localExemption(snapshot, direction);
  if (exempt === 'no') return 'no';
  const same = onSameNode(own, other);
  return same === 'yes' ? exempt : same;
}

/** The same for a pod and what shares the network of its own node. */
export function localExemption({ profile }: ClusterSnapshot, direction: Direction): Match {
  const { nodeReachesItsPods, policesPodToLocalNode } = profile.flags;
  return direction === 'ingress' ? nodeReachesItsPods : OPPOSITE[policesPodToLocalNode];
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
