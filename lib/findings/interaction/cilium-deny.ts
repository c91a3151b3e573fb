import { type CompiledPolicy, type CompiledRule, DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import { policiesInForce, rulesThat } from '#lib/findings/in-force.ts';
import { named } from '#lib/findings/objects.ts';
import { ruleCoversPeer, subjectCovers } from './covers.ts';

interface Denial {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
}

export const denyOverridesAllow: Check = {
  id: 'PIT-REL-11',
  title: 'A broader deny takes an allow back',
  severity: 'warning',
  group: 'interaction',
  rules: ['CIL-15', 'CIL-16'],
  needs: [],
  scenario:
    'egressDeny names a network, and an allow beside it one address in there, as an exception. In Cilium a deny always wins, however narrow the allow is.',
  evidence:
    'The plugin is Cilium; a peer of a rule that permits is within a peer of a rule that denies, on all of its ports, in a policy that selects at least all of its pods. It is told from how they are written.',
  fix: 'Leave the exception out of what is denied, with except or a narrower selector.',
  *find(context) {
    const { order, flags } = context.snapshot.profile;
    if (order !== 'cilium') return;
    // Every rule that permits against the few that deny.
    const denials = policiesInForce(context)
      .filter(({ policy }) => policy.layer === 'cilium')
      .flatMap(({ policy }) =>
        DIRECTIONS.map((direction) => ({
          direction,
          rules: policy.rules[direction]
            .filter(({ action }) => action === 'deny')
            .map((rule): Denial => ({ policy, rule })),
        })),
      );
    const byDirection = {
      ingress: denials.flatMap(({ direction, rules }) => (direction === 'ingress' ? rules : [])),
      egress: denials.flatMap(({ direction, rules }) => (direction === 'egress' ? rules : [])),
    };
    for (const { facts, direction, rule } of rulesThat('allow', context)) {
      if (facts.policy.layer !== 'cilium' && facts.policy.layer !== 'network-policy') continue;
      for (const peer of rule.peers) {
        const denial = byDirection[direction].find(
          (each) =>
            ruleCoversPeer(each.rule, rule, peer.match, flags) &&
            subjectCovers(each.policy, facts.policy),
        );
        if (denial === undefined) continue;
        const { ref } = denial.policy;
        yield {
          object: facts.policy.ref,
          path: peer.path,
          message: `${ref === facts.policy.ref ? 'The same policy' : named(ref)} denies all that it permits here; a deny wins over every allow.`,
          related: ref === facts.policy.ref ? [] : [ref],
        };
      }
    }
  },
};
