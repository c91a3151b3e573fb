import type { CompiledPolicy, CompiledRule, Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { AddressGroup, Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import { type PortBounds, rulePorts } from '#lib/engine/rule-ports.ts';
import { destinationOf, type Side } from '#lib/engine/side.ts';
import { type IpAddress, rangeContains } from '#lib/model/ip-address.ts';
import { labelledSubject } from './policy-facts.ts';

/** What checks ask of verdicts. */

/** Surely isolated, and nothing about its policies is in doubt. */
export function isSurelyIsolated({ sides }: PodGroup, direction: Direction): boolean {
  const { isolated, unreadable } = sides[direction];
  return isolated === 'yes' && !unreadable;
}

/** The policies that isolate a group, in the order in which they are asked. */
export function isolatingPolicies(side: Side): readonly CompiledPolicy[] {
  return side.policies.filter(
    (policy) => policy.isolation[side.direction].isolates === 'yes' && !side.perhaps.has(policy),
  );
}

/** Where a rule that is missing belongs: a policy for these pods rather than for a whole namespace. */
export function policyToMend(side: Side): CompiledPolicy | null {
  const policies = isolatingPolicies(side);
  const isForFew = (policy: CompiledPolicy) => (labelledSubject(policy)?.pods.length ?? 0) > 0;
  return policies.find(isForFew) ?? policies[0] ?? null;
}

/** Rules that let something pass, of all policies around a group. */
export function allowingRules(side: Side): readonly CompiledRule[] {
  return side.policies
    .flatMap((policy) => policy.rules[side.direction])
    .filter(({ action }) => action === 'allow');
}

/** The ports that a rule names, towards whichever end is the destination. */
export function portsOfRule(
  { snapshot }: Connectivity,
  rule: CompiledRule,
  direction: Direction,
  own: Endpoint,
  other: Endpoint,
): PortBounds {
  return rulePorts(rule, destinationOf(direction, own, other), snapshot.profile.flags);
}

/** An address outside the cluster, as a destination that egress rules tell apart. */
export function destinationAt(
  { destinations }: Connectivity,
  address: IpAddress,
): AddressGroup | null {
  return destinations.find(({ range }) => rangeContains(range, address)) ?? null;
}
