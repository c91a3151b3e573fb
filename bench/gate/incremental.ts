import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { analyse, type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { equalPorts } from '#lib/model/port-set.ts';
import { locate } from './point-checks.ts';

/** An analysis that was made from the one before, held against one made afresh. */

function membersOf(group: PodGroup): string {
  return group.pods.map(({ namespace, name }) => `${namespace}/${name}`).join(' ');
}

/** What differs, in a word each; empty where both say the same of everybody. */
export function differencesFromFresh(
  incremental: Connectivity,
  snapshot: ClusterSnapshot,
): { readonly pairs: number; readonly differences: readonly string[] } {
  const fresh = analyse(snapshot);
  const located = locate(fresh);
  const differences: string[] = [];
  let pairs = 0;
  const twins = incremental.groups.flatMap((group) => {
    const [{ namespace, name }] = group.pods;
    const twin = located.get(`${namespace}/${name}`);
    if (twin !== undefined && membersOf(twin) === membersOf(group)) return [{ group, twin }];
    differences.push(`the group of ${namespace}/${name}`);
    return [];
  });
  if (incremental.groups.length !== fresh.groups.length) differences.push('how many groups');
  for (const from of twins)
    for (const to of twins) {
      pairs += 1;
      const is = connectionBounds(incremental, from.group, to.group);
      const ought = connectionBounds(fresh, from.twin, to.twin);
      if (!equalPorts(is.sure, ought.sure) || !equalPorts(is.atMost, ought.atMost))
        differences.push(`${membersOf(from.group)} → ${membersOf(to.group)}`);
    }
  return { pairs, differences };
}
