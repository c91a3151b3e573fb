import type { CompiledRule } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import { groupsOf, type RulePlace, subjectGroups } from '#lib/findings/policy-facts.ts';
import { portsOfRule } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { formatPorts, intersectPorts, isEmptyPorts, type PortSet } from '#lib/model/port-set.ts';

interface Bypass {
  readonly by: PolicyRef;
  readonly own: PodGroup;
  readonly other: PodGroup;
  readonly ports: PortSet;
}

function peersOf(rule: CompiledRule, { connectivity }: LintContext): readonly PodGroup[] {
  const found = rule.peers.map(({ match }) =>
    match.kind === 'anyone' ? connectivity.groups : groupsOf(connectivity, match),
  );
  return found.flatMap((groups) => groups ?? []);
}

/** A rule without conditions that permits the same connection, for the first pair that has one. */
function bypassOf(place: RulePlace, context: LintContext): Bypass | null {
  const { facts, direction, rule } = place;
  const { connectivity } = context;
  for (const own of subjectGroups(connectivity, facts.policy) ?? []) {
    const plain = (own.sides[direction]?.policies ?? []).flatMap((policy) =>
      policy.rules[direction]
        .filter(({ action, qualifiers }) => action === 'allow' && qualifiers === undefined)
        .map((each) => ({ policy, rule: each })),
    );
    for (const other of plain.length === 0 ? [] : peersOf(rule, context)) {
      const guarded = portsOfRule(connectivity, rule, direction, own, other).sure;
      for (const each of plain) {
        if (
          !each.rule.peers.some(
            ({ match }) => connectivity.peers.match(match, other, own) === 'yes',
          )
        )
          continue;
        const free = portsOfRule(connectivity, each.rule, direction, own, other).sure;
        const ports = intersectPorts(guarded, free);
        if (!isEmptyPorts(ports)) return { by: each.policy.ref, own, other, ports };
      }
    }
  }
  return null;
}

export const requestRuleBypassed: Check = {
  id: 'PIT-PORT-13',
  title: 'A rule on requests that another rule makes ineffective',
  severity: 'error',
  group: 'ports',
  rules: ['CIL-41'],
  needs: ['pods', 'namespaces'],
  scenario:
    'One policy permits only GET to a port, another permits the port. Without a condition in one of them, no request is looked at: everything passes.',
  evidence:
    'A rule has conditions on requests (HTTP, DNS, Kafka, TLS names), and a rule without any permits the same connection to at least one of the same pods.',
  fix: 'Remove the plain rule, or give it the same conditions.',
  *find(context) {
    for (const place of rulesThat('allow', context)) {
      const { facts, rule } = place;
      const [first] = (rule.qualifiers ?? []).filter(({ kind }) => kind !== 'log');
      if (first === undefined) continue;
      const bypass = bypassOf(place, context);
      if (bypass === null) continue;
      const ends = [bypass.own, bypass.other].flatMap(({ pods }) => [...pods]);
      yield {
        object: facts.policy.ref,
        path: first.path,
        message: `${named(bypass.by)} permits the same connection without conditions, on ${formatPorts(bypass.ports)} between ${listed(workloadsOf(ends).map(named))}: “${first.message}” has no effect there.`,
        related: [bypass.by, ...workloadsOf(ends)],
      };
    }
  },
};
