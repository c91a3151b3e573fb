import type { CompiledPolicy, CompiledRule } from '#lib/engine/compiled-policy.ts';
import type { LintContext } from './context.ts';
import { type PolicyFacts, type RulePlace, rulesIn } from './policy-facts.ts';

/** Policies that take part: no previews, and none of a kind that the plugin passes over. */

function isInForce({ staged, enforcedIf }: CompiledPolicy, { snapshot }: LintContext): boolean {
  return staged === undefined && snapshot.profile.flags[enforcedIf] !== 'no';
}

export function policiesInForce(context: LintContext): readonly PolicyFacts[] {
  return context.policies.filter(({ policy }) => isInForce(policy, context));
}

/** Every rule with that action which takes part. */
export function* rulesThat(
  action: CompiledRule['action'],
  context: LintContext,
): Generator<RulePlace> {
  for (const place of rulesIn(policiesInForce(context)))
    if (place.rule.action === action) yield place;
}
