import { sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { destinationAt, isSurelyIsolated } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import { formatRangeShort, parseIp } from '#lib/model/ip-address.ts';
import { hasPort } from '#lib/model/port-set.ts';
import { type BlockPlace, blockPlaces, isIn, isSingle } from './blocks.ts';

const METADATA = '169.254.169.254';
const ADDRESS = parseIp(METADATA);

/** The groups that reach it, of those that the rule is for. A question for each group. */
function reaching({ facts }: BlockPlace, { connectivity }: LintContext): readonly PodGroup[] {
  const endpoint = ADDRESS === null ? null : destinationAt(connectivity, ADDRESS);
  if (endpoint === null) return [];
  return (subjectGroups(connectivity, facts.policy) ?? []).filter(
    (group) =>
      isSurelyIsolated(group, 'egress') &&
      hasPort(sideBounds(connectivity, 'egress', group, endpoint).sure, 'TCP', 80),
  );
}

export const metadataReachable: Check = {
  id: 'PIT-WIDE-3',
  title: 'The cloud’s metadata service is reachable',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-31'],
  needs: ['pods'],
  scenario:
    'Egress to the internet is opened with 0.0.0.0/0. In it is 169.254.169.254, where clouds hand out the credentials of the node to whoever asks.',
  evidence:
    'A block of a rule for egress, wider than that one address, holds 169.254.169.254, which is not excepted; and at least one isolated pod may connect to it on TCP 80, all policies taken together.',
  fix: 'Except 169.254.169.254/32 from the block. It is harmless where no cloud answers there.',
  *find(context) {
    if (ADDRESS === null) return;
    for (const place of blockPlaces(context)) {
      const { direction, match, facts, path } = place;
      if (direction !== 'egress' || !isIn(match, ADDRESS) || isSingle(match.block)) continue;
      const groups = reaching(place, context);
      if (groups.length === 0) continue;
      const workloads = workloadsOf(groups.flatMap(({ pods }) => [...pods]));
      const cidr = formatRangeShort(match.block);
      const except = [...match.except.map(formatRangeShort), `${METADATA}/32`].join(', ');
      yield {
        object: facts.policy.ref,
        path,
        message: `${cidr} holds ${METADATA}: ${listed(workloads.map(named))} may fetch the credentials of a cloud’s node there.`,
        related: workloads,
        patch: `ipBlock:\n  cidr: ${cidr}\n  except: [${except}]`,
      };
    }
  },
};
