import type { CompiledPolicy, Direction } from '#lib/engine/compiled-policy.ts';
import type { Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import type { Side, TierSide } from '#lib/engine/side.ts';
import { policyBounds, ruleBounds } from '#lib/engine/tier-bounds.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { isNetworkPolicy, type RulePlace, subjectGroups } from '#lib/findings/policy-facts.ts';
import { intersectPorts, isEmptyPorts, type PortSet } from '#lib/model/port-set.ts';

/** What rules of NetworkPolicies permit and something that is asked before them does not let through. */

/** How many pairs of groups one rule is tried on; a rule that has more is not judged. */
export const MOST_PAIRS = 2000;

/** The part of a side that is asked before its NetworkPolicies. */
function beforeNetworkPolicies(side: Side): readonly TierSide[] {
  const hasOwn = (level: readonly CompiledPolicy[]) => level.some(isNetworkPolicy);
  const at = side.tiers.findIndex(({ levels }) => levels.some(hasOwn));
  const own = side.tiers[at];
  if (own === undefined) return [];
  const earlier = own.levels.slice(0, own.levels.findIndex(hasOwn));
  const before = side.tiers.slice(0, at);
  if (own.tier.combine !== 'first-match' || earlier.length === 0) return before;
  // CAL-40: policies of the same tier with a lower order; the tier's end comes after the NetworkPolicies.
  return [...before, { ...own, levels: earlier, isolated: 'no' }];
}

function sideWith(side: Side, tiers: readonly TierSide[]): Side {
  return { ...side, tiers, isolated: 'no' };
}

/** Every other end that a rule names. */
export function* othersOf(
  { rule, direction }: RulePlace,
  { connectivity }: LintContext,
): Generator<Endpoint> {
  const { groups, sources, destinations, peers } = connectivity;
  const outside = direction === 'ingress' ? sources : destinations;
  for (const { match } of rule.peers) {
    if (match.kind === 'anyone') yield* [...groups.filter((each) => !each.hostNetwork), ...outside];
    else yield* peers.members(match);
  }
}

/** A rule that comes to nothing, and what takes from it all that it permits. */
export interface Cancelled {
  readonly place: RulePlace;
  readonly own: PodGroup;
  readonly other: Endpoint;
  readonly ports: PortSet;
  /** A policy with a rule that denies, or one with which its tier ends. */
  readonly by: CompiledPolicy;
  readonly how: 'denied' | 'end-of-tier';
}

/** The policy that denies some of the ports; else the tier that ends before them. */
function cause(
  side: Side,
  own: PodGroup,
  other: Endpoint,
  ports: PortSet,
  { connectivity }: LintContext,
): Pick<Cancelled, 'by' | 'how'> | null {
  const { snapshot, peers } = connectivity;
  const meeting = { snapshot, peers, side, own, other };
  for (const { levels, isolated } of side.tiers) {
    const policies = levels.flat();
    const denying = policies.find((policy) =>
      policy.rules[side.direction].some(
        (rule) =>
          rule.action === 'deny' &&
          !isEmptyPorts(intersectPorts(ports, ruleBounds(meeting, policy, rule).sure)),
      ),
    );
    if (denying !== undefined) return { by: denying, how: 'denied' };
    const ending = policies.find(({ isolation }) => isolation[side.direction].isolates === 'yes');
    if (isolated === 'yes' && ending !== undefined) return { by: ending, how: 'end-of-tier' };
  }
  return null;
}

function cancelledPair(
  place: RulePlace,
  own: PodGroup,
  other: Endpoint,
  direction: Direction,
  context: LintContext,
): Omit<Cancelled, 'place'> | 'passes' | 'nothing' {
  const { connectivity } = context;
  const { snapshot, peers } = connectivity;
  const full = own.sides[direction];
  if (full === null || full.unreadable) return 'passes';
  const side = sideWith(full, beforeNetworkPolicies(full));
  if (side.tiers.length === 0) return 'passes';
  const meeting = { snapshot, peers, side, own, other };
  const ports = ruleBounds(meeting, place.facts.policy, place.rule).sure;
  if (isEmptyPorts(ports)) return 'nothing';
  if (!isEmptyPorts(intersectPorts(ports, policyBounds(meeting).atMost))) return 'passes';
  const why = cause(side, own, other, ports, context);
  return why === null ? 'passes' : { own, other, ports, ...why };
}

/** Null as soon as one pair passes: most rules cost one question. */
function cancelled(place: RulePlace, context: LintContext): Cancelled | null {
  let first: Cancelled | null = null;
  let pairs = 0;
  for (const own of subjectGroups(context.connectivity, place.facts.policy) ?? [])
    for (const other of othersOf(place, context)) {
      if (other === own) continue;
      const result = cancelledPair(place, own, other, place.direction, context);
      pairs++;
      if (result === 'passes' || pairs > MOST_PAIRS) return null;
      if (result !== 'nothing') first ??= { place, ...result };
    }
  return first;
}

const known = new WeakMap<LintContext, readonly Cancelled[]>();

/** Every rule of a NetworkPolicy of which nothing is left; several checks ask, by what takes it. */
export function cancelledRules(context: LintContext): readonly Cancelled[] {
  let found = known.get(context);
  if (found === undefined) {
    const places = [...rulesThat('allow', context)];
    found = places
      .filter(({ facts }) => isNetworkPolicy(facts.policy))
      .flatMap((place) => cancelled(place, context) ?? []);
    known.set(context, found);
  }
  return found;
}
