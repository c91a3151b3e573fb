import { type CompiledPolicy, DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named, podCount } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';

/** Layers in which permissions add up. */
function addsUp({ layer }: CompiledPolicy): boolean {
  return layer === 'network-policy' || layer === 'cilium';
}

function isDefaultDeny({ isolation, rules }: CompiledPolicy, direction: Direction): boolean {
  return (
    isolation[direction].isolates === 'yes' &&
    rules[direction].every(({ peers }) => peers.length === 0)
  );
}

function permitsEverything({ rules }: CompiledPolicy, direction: Direction): boolean {
  return rules[direction].some(
    ({ action, peers, ports, conditions = [], qualifiers = [] }) =>
      action === 'allow' &&
      ports === 'all' &&
      conditions.length + qualifiers.length === 0 &&
      peers.some(({ match }) => match.kind === 'anyone'),
  );
}

/** The policies that open every pod of a default deny again; null where one pod stays closed. Linear in its groups. */
function openersOf(policy: CompiledPolicy, direction: Direction, { connectivity }: LintContext) {
  const groups = subjectGroups(connectivity, policy) ?? [];
  const openers = new Set<CompiledPolicy>();
  for (const group of groups) {
    const { policies, perhaps } = group.sides[direction];
    const own = policies.filter(
      (each) => addsUp(each) && !perhaps.has(each) && permitsEverything(each, direction),
    );
    if (own.length === 0) return null;
    for (const each of own) openers.add(each);
  }
  const pods = podCount(groups.flatMap((group) => [...group.pods]));
  return groups.length === 0 ? null : { openers: [...openers], pods };
}

export const defaultDenyUndone: Check = {
  id: 'PIT-REL-3',
  title: 'A default deny that another policy undoes',
  severity: 'warning',
  group: 'interaction',
  rules: ['NP-11', 'CIL-15'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A namespace has a default deny, and somebody added a policy that permits everything while looking for a fault. Permissions add up: the name of the first promises what is not so.',
  evidence:
    'A policy isolates pods in a direction and permits nothing there, and every pod that it selects is also under a policy that permits that direction from or to everybody on every port. Not reported where one pod stays closed: then single workloads were opened.',
  fix: 'Remove the policy that permits everything, or the default deny that no longer is one.',
  *find(context) {
    for (const { policy } of policiesInForce(context))
      for (const direction of DIRECTIONS) {
        const isolation = policy.isolation[direction];
        if (!addsUp(policy) || !isDefaultDeny(policy, direction) || isolation.isolates !== 'yes')
          continue;
        const undone = openersOf(policy, direction, context);
        if (undone === null) continue;
        const { openers, pods } = undone;
        yield {
          object: policy.ref,
          path: isolation.path,
          message: `It closes ${counted(pods, 'pod')} for ${direction}, and ${listed(openers.map(({ ref }) => named(ref)))} ${openers.length === 1 ? 'permits' : 'permit'} everything for ${pods === 1 ? 'it' : 'all of them'}.`,
          related: openers.map(({ ref }) => ref),
        };
      }
  },
};
