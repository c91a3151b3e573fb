import {
  type CompiledPolicy,
  type CompiledRule,
  DIRECTIONS,
  type Direction,
} from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { listed } from '#lib/findings/words.ts';
import { formatPath } from '#lib/model/problem.ts';
import { coveringRules, subjectCovers } from './covers.ts';

interface Placed {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
}

/** Policies of which the first rule that matches decides. */
function isOrdered({ layer }: CompiledPolicy): boolean {
  return layer === 'admin' || layer === 'baseline' || layer.startsWith('calico:');
}

/** The policies of its tier that are surely asked before it, for every pod that it selects. */
function policiesBefore(
  policy: CompiledPolicy,
  direction: Direction,
  { connectivity }: LintContext,
): readonly CompiledPolicy[] {
  // The order is the same for all pods; one of them is enough to see it.
  const [group] = subjectGroups(connectivity, policy) ?? [];
  const side = group?.sides[direction];
  const tier = side?.tiers.find(({ levels }) => levels.some((level) => level.includes(policy)));
  if (side === undefined || tier === undefined || side.perhaps.has(policy)) return [];
  const at = tier.levels.findIndex((level) => level.includes(policy));
  return tier.levels
    .slice(0, at)
    .flat()
    .filter((each) => !side.perhaps.has(each) && subjectCovers(each, policy));
}

const DOES = { allow: 'permits', deny: 'denies', pass: 'passes on', log: 'logs' } as const;

function described({ policy, rule }: Placed, own: CompiledPolicy): string {
  const where = policy === own ? 'before it' : `of ${named(policy.ref)}`;
  return `${formatPath(rule.path)} ${where}, which ${DOES[rule.action]}`;
}

export const shadowed: Check = {
  id: 'PIT-REL-2',
  title: 'A rule that is never reached',
  severity: 'warning',
  group: 'interaction',
  rules: ['CNP-2', 'CNP-4', 'CAL-5'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A policy denies everything from a namespace, and a rule after it permits one workload of it. The first rule that matches decides, so the second never does.',
  evidence:
    'Rules that are asked before it in the same tier, for all pods that it is for, match all that it matches and end the search: each of its peers is within a peer of theirs, and its ports within theirs. Of policies with one priority neither is before the other, unless the plugin says which.',
  fix: 'Put the narrower rule first, or delete it.',
  *find(context) {
    // For each rule those of its tier that are before it; administrators have few policies.
    for (const { policy } of policiesInForce(context).filter((facts) => isOrdered(facts.policy)))
      for (const direction of DIRECTIONS) {
        if (policy.rules[direction].length === 0) continue;
        const before = policiesBefore(policy, direction, context).flatMap((each) =>
          each.rules[direction].map((rule): Placed => ({ policy: each, rule })),
        );
        const own = policy.rules[direction].map((rule): Placed => ({ policy, rule }));
        for (const [i, { rule }] of own.entries()) {
          if (rule.action === 'log') continue;
          const earlier = [...before, ...own.slice(0, i)].filter(
            (each) => each.rule.action !== 'log',
          );
          const covering = coveringRules(earlier, rule, context.snapshot.profile.flags);
          if (covering === null) continue;
          const others = covering
            .map((each) => each.policy.ref)
            .filter((ref) => ref !== policy.ref);
          yield {
            object: policy.ref,
            path: rule.path,
            message: `All that it matches is decided by ${listed(covering.map((each) => described(each, policy)))}.`,
            related: [...new Set(others)],
          };
        }
      }
  },
};
