import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import { sideBounds } from '#lib/engine/connectivity.ts';
import type { Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import { NOTHING_PASSES, uniteBounds } from '#lib/engine/rule-ports.ts';
import { ruleBounds } from '#lib/engine/tier-bounds.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { isNetworkPolicy, type RulePlace, subjectGroups } from '#lib/findings/policy-facts.ts';
import { isolatingPolicies } from '#lib/findings/traffic.ts';
import { intersectPorts, isEmptyPorts, type PortSet, subtractPorts } from '#lib/model/port-set.ts';
import { MOST_PAIRS, othersOf } from './tiers-before.ts';

/** A connection that only a policy after the NetworkPolicies of its pod permits (CAL-40). */
export interface Opened {
  readonly place: RulePlace;
  readonly own: PodGroup;
  readonly other: Endpoint;
  readonly ports: PortSet;
  /** A NetworkPolicy that isolates the pod. */
  readonly closing: CompiledPolicy;
}

/** The order of NetworkPolicies among Calico's. */
const NETWORK_POLICY_ORDER = 1000;

function isAfter({ layer, priority }: CompiledPolicy): boolean {
  return layer === 'calico:default' && (priority === null || priority > NETWORK_POLICY_ORDER);
}

/** What the rule permits between two ends, really passes, and no NetworkPolicy permits. */
function openedPair(
  { facts, rule, direction }: RulePlace,
  own: PodGroup,
  other: Endpoint,
  { connectivity }: LintContext,
): Omit<Opened, 'place'> | null {
  const { snapshot, peers } = connectivity;
  const side = own.sides[direction];
  const closing = side === null ? undefined : isolatingPolicies(side).find(isNetworkPolicy);
  if (side === null || closing === undefined) return null;
  const meeting = { snapshot, peers, side, own, other };
  const byNetworkPolicies = side.policies
    .filter(isNetworkPolicy)
    .flatMap((policy) => policy.rules[direction].map((each) => ruleBounds(meeting, policy, each)))
    .reduce(uniteBounds, NOTHING_PASSES);
  const ports = intersectPorts(
    subtractPorts(ruleBounds(meeting, facts.policy, rule).sure, byNetworkPolicies.atMost),
    sideBounds(connectivity, direction, own, other).sure,
  );
  return isEmptyPorts(ports) ? null : { own, other, ports, closing };
}

/** The first pair will do; a rule is tried on a limited number of them. */
function opened(place: RulePlace, context: LintContext): Opened | null {
  let pairs = 0;
  for (const own of subjectGroups(context.connectivity, place.facts.policy) ?? [])
    for (const other of othersOf(place, context)) {
      const found = other === own ? null : openedPair(place, own, other, context);
      if (found !== null) return { place, ...found };
      if (++pairs > MOST_PAIRS) return null;
    }
  return null;
}

export function openedAfterNetworkPolicies(context: LintContext): readonly Opened[] {
  return [...rulesThat('allow', context)]
    .filter(({ facts }) => isAfter(facts.policy))
    .flatMap((place) => opened(place, context) ?? []);
}
