import type { Family } from '#lib/model/ip-address.ts';
import {
  intersectPorts,
  isEmptyPorts,
  NO_PORTS,
  subtractPorts,
  unitePorts,
} from '#lib/model/port-set.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import { dropsNothing } from './cni-profile.ts';
import type { CompiledPolicy, CompiledRule } from './compiled-policy.ts';
import { type Endpoint, familiesBetween } from './endpoint.ts';
import type { Match } from './explanation.ts';
import type { PeerIndex } from './peer-index.ts';
import { matchPeer } from './peer-match.ts';
import {
  ANYTHING_MAY_PASS,
  EVERYTHING_PASSES,
  eitherBounds,
  NOTHING_PASSES,
  type PortBounds,
  rulePorts,
  subtractBounds,
  uniteBounds,
} from './rule-ports.ts';
import { destinationOf, furtherTowards, type Side, type TierSide } from './side.ts';
import { bothMatch, everyMatch } from './three-values.ts';

/** What policies let through between two ends, on one side, tier by tier in three values. */

/** One side and who is at its two ends. */
export interface Meeting {
  readonly snapshot: ClusterSnapshot;
  readonly peers: Pick<PeerIndex, 'match'>;
  readonly side: Side;
  readonly own: Endpoint;
  readonly other: Endpoint;
  /** Of the connection, where it makes a difference (GEN-20). */
  readonly family?: Family | null;
}

/** Whether some peer of a rule matches the other end; a sure match wins over one in doubt. */
function rulePeerMatch({ peers, own, other, family }: Meeting, rule: CompiledRule): Match {
  let match: Match = 'no';
  for (const peer of rule.peers) {
    const result = peers.match(peer.match, other, own, family);
    if (result === 'yes') return 'yes';
    if (result === 'unknown') match = 'unknown';
  }
  return match;
}

/** Whether the rule matches as far as its ends go, and what it asks beside them is known. */
function ruleMatch(meeting: Meeting, rule: CompiledRule): Match {
  const { own: conditionsOnOwn = [], conditions = [] } = rule;
  const byPeer = rulePeerMatch(meeting, rule);
  if (byPeer === 'no' || (conditionsOnOwn.length === 0 && conditions.length === 0)) return byPeer;
  const { own, snapshot, family } = meeting;
  const byOwn = everyMatch(conditionsOnOwn, ({ match }) =>
    matchPeer(match, own, snapshot, own, family),
  );
  const both = bothMatch(byPeer, byOwn.match);
  return both === 'yes' && conditions.length > 0 ? 'unknown' : both;
}

/** The ports on which a rule matches (NP-12, CNP-26): surely, and at most. */
export function ruleBounds(
  meeting: Meeting,
  policy: CompiledPolicy,
  rule: CompiledRule,
): PortBounds {
  const match = ruleMatch(meeting, rule);
  if (match === 'no') return NOTHING_PASSES;
  const { snapshot, side, own, other } = meeting;
  const destination = destinationOf(side.direction, own, other);
  const ports = rulePorts(rule, destination, snapshot.profile.flags);
  return match === 'yes' && !side.perhaps.has(policy)
    ? ports
    : { sure: NO_PORTS, atMost: ports.atMost };
}

/**
 * A rule that denies or passes, with a peer that is not understood: a plugin that does not
 * understand it either denies everything there, another does not (CNP-15).
 */
export function mayFailClosed({ action, peers }: CompiledRule): boolean {
  return (
    (action === 'deny' || action === 'pass') &&
    peers.some(({ match }) => match.kind === 'not-understood')
  );
}

/**
 * What passes from a rule on: on the ports it surely matches what its action says, on those it
 * surely does not match `after`, on the others what holds either way.
 */
function fromRule(
  meeting: Meeting,
  policy: CompiledPolicy,
  rule: CompiledRule,
  after: PortBounds,
  nextTier: PortBounds,
): PortBounds {
  if (rule.action === 'log') return after;
  const matched = ruleBounds(meeting, policy, rule);
  if (matched === NOTHING_PASSES) return after;
  const action = { allow: EVERYTHING_PASSES, deny: NOTHING_PASSES, pass: nextTier }[rule.action];
  const atMost = unitePorts(
    intersectPorts(action.atMost, matched.atMost),
    subtractPorts(after.atMost, matched.sure),
  );
  if (mayFailClosed(rule)) return { sure: NO_PORTS, atMost };
  const sure = [
    intersectPorts(action.sure, matched.sure),
    subtractPorts(after.sure, matched.atMost),
    intersectPorts(action.sure, after.sure),
  ].reduce(unitePorts);
  return { sure, atMost };
}

/** What passes from some policies on, asked one after the other (CNP-4). */
function fromPolicies(
  meeting: Meeting,
  policies: readonly CompiledPolicy[],
  after: PortBounds,
  nextTier: PortBounds,
): PortBounds {
  return policies.reduceRight(
    (bounds, policy) =>
      policy.rules[meeting.side.direction].reduceRight(
        (rest, rule) => fromRule(meeting, policy, rule, rest, nextTier),
        bounds,
      ),
    after,
  );
}

/** Policies of one level that match, when which of them comes first may make a difference (CNP-3). */
export function rivals(
  meeting: Meeting,
  level: readonly CompiledPolicy[],
): readonly CompiledPolicy[] {
  if (level.length < 2) return [];
  const matching = level.map((policy) => ({
    policy,
    actions: policy.rules[meeting.side.direction]
      .filter(
        (rule) => rule.action !== 'log' && !isEmptyPorts(ruleBounds(meeting, policy, rule).atMost),
      )
      .map(({ action }) => action),
  }));
  const differ = new Set(matching.flatMap(({ actions }) => actions)).size > 1;
  const found = matching.filter(({ actions }) => actions.length > 0);
  return differ && found.length > 1 ? found.map(({ policy }) => policy) : [];
}

/** What passes from one level on: any of its policies may be asked first (AMB-4). */
function fromLevel(
  meeting: Meeting,
  level: readonly CompiledPolicy[],
  after: PortBounds,
  nextTier: PortBounds,
): PortBounds {
  const competing = rivals(meeting, level);
  if (competing.length === 0) return fromPolicies(meeting, level, after, nextTier);
  // Whatever the order, the first policy that matches decides: with each in front once, all is said.
  return competing
    .map((_, i) => [...competing.slice(i), ...competing.slice(0, i)])
    .map((order) => fromPolicies(meeting, order, after, nextTier))
    .reduce(eitherBounds);
}

/** What some rule of a tier with this action matches. */
function matchedBy(meeting: Meeting, { levels }: TierSide, action: CompiledRule['action']) {
  let matched = NOTHING_PASSES;
  for (const level of levels)
    for (const policy of level)
      for (const rule of policy.rules[meeting.side.direction])
        if (rule.action === action)
          matched = uniteBounds(matched, ruleBounds(meeting, policy, rule));
  return matched;
}

/** What holds where the tier isolates, where it does not, or of both where that is not known. */
function byIsolation(isolated: Match, closed: PortBounds, open: PortBounds): PortBounds {
  if (isolated === 'unknown') return eitherBounds(closed, open);
  return isolated === 'yes' ? closed : open;
}

/** NP-11: what some rule permits; where no policy isolates, whatever the next tier lets through. */
function unionOfAllows(meeting: Meeting, tier: TierSide, nextTier: PortBounds): PortBounds {
  const permitted = matchedBy(meeting, tier, 'allow');
  const bounds = byIsolation(tier.isolated, permitted, nextTier);
  return tier.rulesUnknown ? { sure: bounds.sure, atMost: EVERYTHING_PASSES.atMost } : bounds;
}

/** CIL-9: where policies of the tier select a pod and none isolates it, they permit all that they do not deny. */
export function permitsTheRest({ side }: Meeting, { tier, levels }: TierSide): boolean {
  return (
    tier.combine === 'deny-overrides' && levels.flat().some((policy) => !side.perhaps.has(policy))
  );
}

/** CIL-15: what some rule permits and none denies, however broad or narrow they are (CIL-16). */
function denyOverrides(meeting: Meeting, tier: TierSide, nextTier: PortBounds): PortBounds {
  const permitted = matchedBy(meeting, tier, 'allow');
  const denied = matchedBy(meeting, tier, 'deny');
  const open = permitsTheRest(meeting, tier)
    ? EVERYTHING_PASSES
    : eitherBounds(uniteBounds(permitted, nextTier), EVERYTHING_PASSES);
  const bounds = subtractBounds(byIsolation(tier.isolated, permitted, open), denied);
  return tier.rulesUnknown ? subtractBounds(ANYTHING_MAY_PASS, denied) : bounds;
}

/** CNP-2, CAL-5: the first rule that matches decides; what none matches is blocked where policies isolate (CAL-7). */
function firstMatch(meeting: Meeting, tier: TierSide, nextTier: PortBounds): PortBounds {
  if (tier.rulesUnknown) return ANYTHING_MAY_PASS;
  const unmatched = byIsolation(tier.isolated, NOTHING_PASSES, nextTier);
  return tier.levels.reduceRight(
    (after, level) => fromLevel(meeting, level, after, nextTier),
    unmatched,
  );
}

const BY_COMBINATION = {
  'union-of-allows': unionOfAllows,
  'deny-overrides': denyOverrides,
  'first-match': firstMatch,
} as const;

/**
 * What one side's policies let through between its endpoint and the other (CNP-1). What no tier
 * decides passes (GEN-3).
 */
export function policyBounds(meeting: Meeting): PortBounds {
  return boundsByFamily(meeting).reduce(eitherBounds);
}

/** One for each family that a connection may be of, where that makes a difference. */
export function boundsByFamily(meeting: Meeting): readonly [PortBounds, ...PortBounds[]] {
  const [first = null, ...others] = familiesBetween(meeting.own, meeting.other);
  return [
    boundsOfFamily({ ...meeting, family: first }),
    ...others.map((family) => boundsOfFamily({ ...meeting, family })),
  ];
}

function boundsOfFamily(meeting: Meeting): PortBounds {
  const { snapshot, side, other } = meeting;
  if (side.unreadable) return ANYTHING_MAY_PASS;
  const bounds = side.tiers.reduceRight(
    (nextTier, tier) => BY_COMBINATION[tier.tier.combine](meeting, tier, nextTier),
    EVERYTHING_PASSES,
  );
  // IST-1, OVN-2: what another layer has to let through as well is not sure to pass.
  const isSure = furtherTowards(side, other).length === 0;
  // Where the plugin enforces nothing, a block is only what the objects ask for (GEN-25).
  const isSettled = dropsNothing(snapshot.profile) === null;
  return {
    sure: isSure ? bounds.sure : NO_PORTS,
    atMost: isSettled ? bounds.atMost : EVERYTHING_PASSES.atMost,
  };
}
