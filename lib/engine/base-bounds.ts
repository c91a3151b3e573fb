import type { CompiledRule, Direction } from './compiled-policy.ts';
import type { Connectivity } from './connectivity.ts';
import type { PodGroup } from './endpoint.ts';
import { asksForNames, namesSomebody } from './leaves.ts';
import { EVERYTHING_PASSES, type PortBounds } from './rule-ports.ts';
import { isFree, type Side } from './side.ts';
import { policyBounds } from './tier-bounds.ts';

/**
 * What a side does with pods that none of its rules names. It is the same for all of them, so that
 * what default-open pods may do is known, and counted, without a look at any pair.
 */

/** Whoever is named is not meant; rules for all pods and for everybody match. */
const UNNAMED = {
  match: (peer: Parameters<typeof namesSomebody>[0]) => (namesSomebody(peer) ? 'no' : 'yes'),
} as const;

/** By side, where it is the same for all groups that share the side. */
const bases = new WeakMap<Side, PortBounds>();

/**
 * What a group's own side lets through towards (egress) or from (ingress) every pod that no rule of
 * it names, hostNetwork pods apart: those of one node meet whatever policies say (GEN-14). Where rules
 * for everybody ask for ports by name, that is another for each destination (NP-38): then this is for
 * destinations with the ports of the group itself, and others have to be asked about one by one.
 */
export function baseBounds(
  { snapshot }: Connectivity,
  direction: Direction,
  own: PodGroup,
): PortBounds {
  const side = own.sides[direction];
  if (isFree(side)) return EVERYTHING_PASSES;
  const known = bases.get(side);
  if (known !== undefined) return known;
  const bounds = policyBounds({ snapshot, peers: UNNAMED, side, own, other: own });
  if (!rulesForEverybody(side).some(dependsOnEnds)) bases.set(side, bounds);
  return bounds;
}

function rulesForEverybody({ policies, direction }: Side): readonly CompiledRule[] {
  return policies.flatMap((policy) =>
    policy.rules[direction].filter(({ peers }) => peers.some(({ match }) => !namesSomebody(match))),
  );
}

function dependsOnEnds(rule: CompiledRule): boolean {
  return rule.own !== undefined || asksForNames(rule);
}
