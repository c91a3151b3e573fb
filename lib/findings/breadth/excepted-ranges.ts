import type { CompiledRule } from '#lib/engine/compiled-policy.ts';
import { sideBounds } from '#lib/engine/connectivity.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { named } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { portsOfRule } from '#lib/findings/traffic.ts';
import { type AddressRange, formatRangeShort, rangeCovers } from '#lib/model/ip-address.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { formatPorts, intersectPorts, isEmptyPorts, type PortSet } from '#lib/model/port-set.ts';
import { type BlockPlace, blockPlaces, blocksOf } from './blocks.ts';

/** Who permits an excepted range all the same, and on which ports. */
interface Undone {
  readonly by: PolicyRef;
  readonly ports: PortSet;
}

/** The policy that permits the whole range, of those around a pod of the subject. */
function permittedBy(
  place: BlockPlace,
  range: AddressRange,
  { connectivity }: LintContext,
): Undone | null {
  const { facts, direction, rule } = place;
  const outside = direction === 'ingress' ? connectivity.sources : connectivity.destinations;
  const part = outside.find((group) => rangeCovers(range, group.range));
  // Every group of the subject once, and every rule around it: never pairs of pods.
  for (const group of subjectGroups(connectivity, facts.policy) ?? []) {
    const side = group.sides[direction];
    if (side === null || part === undefined) continue;
    for (const policy of side.policies)
      for (const other of policy.rules[direction]) {
        if (other.action !== 'allow' || !permitsWhole(other, range)) continue;
        const ports = [
          portsOfRule(connectivity, rule, direction, group, part).sure,
          portsOfRule(connectivity, other, direction, group, part).sure,
          sideBounds(connectivity, direction, group, part).sure,
        ].reduce(intersectPorts);
        if (!isEmptyPorts(ports)) return { by: policy.ref, ports };
      }
  }
  return null;
}

/** A block in which the excepted range is a part; one within it is an exception to the exception. */
function permitsWhole({ peers }: CompiledRule, range: AddressRange) {
  return peers.some(({ match }) =>
    blocksOf(match).some(
      ({ block, except }) =>
        rangeCovers(block, range) &&
        !except.some((each) => each.last >= range.first && each.first <= range.last),
    ),
  );
}

export const exceptionUndone: Check = {
  id: 'PIT-IP-4',
  title: 'An excepted range is permitted elsewhere',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-31a', 'NP-11'],
  needs: ['pods'],
  scenario:
    'A rule permits 0.0.0.0/0 except 10.0.0.0/8, and another policy for the same pods permits 0.0.0.0/0. An exception denies nothing: it only is not permitted here, and the other rule permits it.',
  evidence:
    'For at least one pod of the policy, the block of another rule holds the whole of an excepted range, and all policies together let connections with it pass on ports that both rules name. A block within the excepted range is taken for meant.',
  fix: 'Except the range in every rule that holds it, or deny it with a kind of policy that can deny.',
  *find(context) {
    for (const place of blockPlaces(context))
      for (const range of place.match.except) {
        const undone = permittedBy(place, range, context);
        if (undone === null) continue;
        const { ref } = place.facts.policy;
        yield {
          object: ref,
          path: place.path,
          message: `${formatRangeShort(range)} is excepted here and permitted by ${undone.by === ref ? 'another block of this policy' : named(undone.by)} on ${formatPorts(undone.ports)}.`,
          related: undone.by === ref ? [] : [undone.by],
        };
      }
  },
};
