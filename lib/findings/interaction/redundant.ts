import { type CompiledPolicy, type CompiledRule, DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import { onlyNamespace } from '#lib/engine/pod-match.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { Found } from '#lib/findings/finding.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named } from '#lib/findings/objects.ts';
import { senseOf } from '#lib/findings/policy-sense.ts';
import { listed } from '#lib/findings/words.ts';
import { formatPath } from '#lib/model/problem.ts';
import { coveringRules, subjectCovers } from './covers.ts';

interface Placed {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
}

/** Policies whose permissions add up, so that one may say what others say already. */
function additive(context: LintContext): readonly CompiledPolicy[] {
  const { order } = context.snapshot.profile;
  const all = policiesInForce(context).map(({ policy }) => policy);
  // CAL-40: one between the NetworkPolicies may decide before one of them and after another.
  if (
    order === 'calico' &&
    all.some(({ layer, priority }) => layer === 'calico:default' && priority === 1000)
  )
    return [];
  const layers = order === 'cilium' ? ['network-policy', 'cilium'] : ['network-policy'];
  return all.filter(
    ({ layer, rules, isolation }) =>
      layers.includes(layer) &&
      DIRECTIONS.every(
        (each) =>
          isolation[each].isolates !== 'unknown' &&
          rules[each].every(({ action }) => action === 'allow'),
      ),
  );
}

function namespaceOf({ subject }: CompiledPolicy): string | null {
  return subject.kind === 'pods' ? onlyNamespace(subject.match) : null;
}

/** The policies that say all that one says; null where they do not. Their subjects hold all of its pods. */
function saidBy(
  policy: CompiledPolicy,
  others: readonly CompiledPolicy[],
  { snapshot }: LintContext,
): readonly CompiledPolicy[] | null {
  const by = new Set<CompiledPolicy>();
  for (const direction of DIRECTIONS) {
    if (policy.isolation[direction].isolates === 'yes') {
      const isolating = others.find((each) => each.isolation[direction].isolates === 'yes');
      if (isolating === undefined) return null;
      // It is named only where it is not named for its rules.
      if (policy.rules[direction].length === 0) by.add(isolating);
    }
    const candidates = others.flatMap((each) =>
      each.rules[direction].map((rule): Placed => ({ policy: each, rule })),
    );
    for (const rule of policy.rules[direction]) {
      const covering = coveringRules(candidates, rule, snapshot.profile.flags);
      if (covering === null) return null;
      for (const each of covering) by.add(each.policy);
    }
  }
  return [...by];
}

/** Rules that another rule of the same policy makes needless; of two that say the same the later one. */
function* needlessRules(policy: CompiledPolicy, { snapshot }: LintContext): Generator<Found> {
  for (const direction of DIRECTIONS) {
    let kept = policy.rules[direction].map((rule): Placed => ({ policy, rule }));
    for (const placed of [...kept].reverse()) {
      const others = kept.filter((each) => each !== placed);
      const covering = coveringRules(others, placed.rule, snapshot.profile.flags);
      if (covering === null) continue;
      kept = others;
      const paths = covering.map(({ rule }) => formatPath(rule.path));
      yield {
        object: policy.ref,
        path: placed.rule.path,
        message: `What it permits is permitted by ${listed(paths)} too.`,
      };
    }
  }
}

export const redundant: Check = {
  id: 'PIT-REL-1',
  title: 'A policy or rule that changes nothing',
  severity: 'info',
  group: 'interaction',
  rules: ['NP-11', 'NP-21'],
  needs: [],
  scenario:
    'One policy permits web on 8080, another permits everybody on 8080 for the same pods. Without the first nothing changes; who reads it believes that it matters.',
  evidence:
    'Other policies, which select all of its pods whatever pods there are, isolate where it does and permit all that it permits; or another rule of the same policy does. It is told from selectors, blocks and ports as they are written, not from the pods of today. Policies without rules are left out: a default deny is kept for safety.',
  fix: 'Delete it, or narrow the other one if that is what is too wide.',
  *find(context) {
    // Policies of one namespace against each other, and rules only where the subjects agree.
    const policies = additive(context);
    const byNamespace = Map.groupBy(policies, namespaceOf);
    const gone = new Set<CompiledPolicy>();
    // Of those that say the very same PIT-HYG-8 speaks.
    const senses = new Map(policies.map((policy) => [policy, senseOf(policy)]));
    for (const policy of policies) {
      const own = byNamespace.get(namespaceOf(policy)) ?? [];
      const wide = namespaceOf(policy) === null ? [] : (byNamespace.get(null) ?? []);
      const others = [...own, ...wide].filter(
        (each) =>
          senses.get(each) !== senses.get(policy) && !gone.has(each) && subjectCovers(each, policy),
      );
      const hasRules = DIRECTIONS.some((each) => policy.rules[each].length > 0);
      const by = hasRules ? saidBy(policy, others, context) : null;
      if (by === null) yield* needlessRules(policy, context);
      else {
        gone.add(policy);
        yield {
          object: policy.ref,
          path: ['spec'],
          message: `All that it isolates and permits, ${listed(by.map(({ ref }) => named(ref)))} ${by.length === 1 ? 'does' : 'do'} for the same pods.`,
          related: by.map(({ ref }) => ref),
        };
      }
    }
  },
};
