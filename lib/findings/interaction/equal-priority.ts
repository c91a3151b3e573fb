import {
  type CompiledPolicy,
  type CompiledRule,
  DIRECTIONS,
  type Direction,
} from '#lib/engine/compiled-policy.ts';
import type { Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { portsOfRule } from '#lib/findings/traffic.ts';
import { compareText, policyKey } from '#lib/model/object-ref.ts';
import {
  formatPorts,
  intersectPorts,
  isEmptyPorts,
  NO_PORTS,
  type PortSet,
} from '#lib/model/port-set.ts';
import type { FieldPath } from '#lib/model/problem.ts';

interface Clash {
  readonly path: FieldPath;
  readonly actions: readonly [string, string];
  readonly direction: Direction;
  readonly ports: PortSet;
}

/** Endpoints that any of a rule's peers matches or may match. */
function membersOf({ peers }: CompiledRule, { connectivity }: LintContext): ReadonlySet<Endpoint> {
  return new Set(peers.flatMap(({ match }) => [...connectivity.peers.members(match)]));
}

/** The ports that two rules have in common towards an end that both name. */
function commonPorts(
  a: CompiledRule,
  b: CompiledRule,
  direction: Direction,
  own: PodGroup,
  context: LintContext,
): PortSet {
  const { connectivity } = context;
  const members = membersOf(b, context);
  const end = [...membersOf(a, context)].find((each) => members.has(each));
  if (end === undefined) return NO_PORTS;
  const portsOf = (rule: CompiledRule) => portsOfRule(connectivity, rule, direction, own, end).sure;
  return intersectPorts(portsOf(a), portsOf(b));
}

/** The first rules of two policies that match the same and do not do the same. Rules times rules, and their peers. */
function clashOf(
  a: CompiledPolicy,
  b: CompiledPolicy,
  own: PodGroup,
  context: LintContext,
): Clash | null {
  const deciding = ({ action }: CompiledRule) => action !== 'log';
  for (const direction of DIRECTIONS)
    for (const rule of a.rules[direction].filter(deciding))
      for (const other of b.rules[direction].filter(deciding)) {
        if (other.action === rule.action) continue;
        const ports = commonPorts(rule, other, direction, own, context);
        if (!isEmptyPorts(ports))
          return { path: rule.path, actions: [rule.action, other.action], direction, ports };
      }
  return null;
}

export const equalPriority: Check = {
  id: 'PIT-REL-4',
  title: 'Two policies of one priority that say different things',
  severity: 'error',
  group: 'interaction',
  rules: ['CNP-3', 'ANP-7'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Two administrators take the priority 10. One denies what the other permits: which of them decides is nobody’s promise, and may change with the next version of the network plugin.',
  evidence:
    'Two policies of the same tier and priority select a running pod in common, and a rule of each matches a peer in common on a port in common, with different actions. Not reported where the plugin settles it by the names.',
  fix: 'Give them different priorities.',
  *find(context) {
    if (context.snapshot.profile.ties !== 'unspecified') return;
    const administrators = policiesInForce(context)
      .map(({ policy }) => policy)
      .filter(({ layer }) => layer === 'admin' || layer === 'baseline')
      .sort((a, b) => compareText(policyKey(a.ref), policyKey(b.ref)));
    // Pairs of policies within one priority: administrators have few, and rarely two of one number.
    for (const [, level] of Map.groupBy(
      administrators,
      ({ layer, priority }) => `${layer} ${priority}`,
    ))
      for (const [i, policy] of level.entries()) {
        const selected = new Set(subjectGroups(context.connectivity, policy) ?? []);
        for (const other of level.slice(0, i)) {
          const shared = subjectGroups(context.connectivity, other)?.find((group) =>
            selected.has(group),
          );
          const clash = shared === undefined ? null : clashOf(policy, other, shared, context);
          if (shared === undefined || clash === null) continue;
          const { actions, direction, ports, path } = clash;
          yield {
            object: policy.ref,
            path,
            message: `It says ${actions[0]} for ${direction} of ${named(shared.pods[0].workload)} on ${formatPorts(ports)}, and ${other.ref.name}, also of priority ${policy.priority}, says ${actions[1]}: which of them decides is not specified.`,
            related: [other.ref],
          };
        }
      }
  },
};
