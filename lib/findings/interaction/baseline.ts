import { type CompiledPolicy, DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { podCount } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { counted } from '#lib/findings/words.ts';

/** A tier before the policy's own decides all that comes to it. */
function isDecidedBefore(policy: CompiledPolicy, group: PodGroup, direction: Direction): boolean {
  const side = group.sides[direction];
  const at = side.tiers.findIndex(({ levels }) => levels.some((each) => each.includes(policy)));
  return (
    at >= 0 &&
    !side.unreadable &&
    side.tiers
      .slice(0, at)
      .some(
        ({ isolated, levels }) =>
          isolated === 'yes' &&
          levels
            .flat()
            .every(({ rules }) => rules[direction].every(({ action }) => action !== 'pass')),
      )
  );
}

export const baselineNeverReached: Check = {
  id: 'PIT-REL-5',
  title: 'A baseline policy that is never reached',
  severity: 'warning',
  group: 'interaction',
  rules: ['CNP-8', 'ANP-9'],
  needs: ['pods', 'namespaces'],
  scenario:
    'An administrator denies something in the tier Baseline. Every pod it is meant for has NetworkPolicies of its own, which decide everything before.',
  evidence:
    'A policy of the tier Baseline has rules for a direction, selects at least one running pod, and every pod that it selects is isolated in that direction by NetworkPolicies.',
  fix: 'Move the rules to the tier Admin where they have to hold for these pods; delete them where they have not.',
  *find(context) {
    for (const { policy } of policiesInForce(context)) {
      const groups =
        policy.layer === 'baseline' ? subjectGroups(context.connectivity, policy) : null;
      if (groups === null || groups.length === 0) continue;
      for (const direction of DIRECTIONS) {
        const [first] = policy.rules[direction];
        const isDead = groups.every((each) => isDecidedBefore(policy, each, direction));
        if (first === undefined || !isDead) continue;
        const pods = podCount(groups.flatMap((group) => [...group.pods]));
        yield {
          object: policy.ref,
          path: ['spec', direction],
          message: `${pods === 1 ? 'The 1 pod' : `All ${counted(pods, 'pod')}`} that it selects ${pods === 1 ? 'is' : 'are'} isolated for ${direction} by NetworkPolicies, which decide before it.`,
        };
      }
    }
  },
};
