import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { AddressGroup, PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { formatRange } from '#lib/model/ip-address.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import type { ListScope } from './connection-list.ts';
import { partsByKey } from './namespace-parts.ts';
import { endpointsOf } from './workload-pairs.ts';

/** What a row speaks of: a workload, one pod of it, or a range of addresses. */

export type ListEnd =
  | {
      readonly name: string;
      readonly endpoint: PodGroup;
      /** The whole group that its pods are of. */
      readonly group: PodGroup;
    }
  | { readonly name: string; readonly endpoint: AddressGroup; readonly group: null };

function endsOf(workload: Workload, { divided }: ListScope): readonly ListEnd[] {
  const endpoints = endpointsOf(workload).flatMap((endpoint, i) => {
    const group = workload.groups[i];
    return group === undefined ? [] : [{ endpoint, group }];
  });
  const name = refKey(workload.ref);
  if (!divided.has(name)) return endpoints.slice(0, 1).map((end) => ({ name, ...end }));
  return endpoints.flatMap(({ endpoint, group }) =>
    endpoint.pods.map((pod) => ({
      name: refKey({ kind: 'Pod', namespace: pod.namespace, name: pod.name }),
      endpoint: { ...endpoint, pods: [pod] as const },
      group,
    })),
  );
}

function rangeEnds(ranges: readonly AddressGroup[], withV6: boolean): readonly ListEnd[] {
  return ranges
    .filter(({ range }) => range.family === 4 || withV6)
    .map((endpoint) => ({ name: formatRange(endpoint.range), endpoint, group: null }));
}

/** The ends on the side whose addresses rules of a direction name: sources for ingress. By name. */
export function listEnds(
  connectivity: Connectivity,
  scope: ListScope,
  direction: Direction,
): readonly ListEnd[] {
  const ranges = connectivity[direction === 'ingress' ? 'sources' : 'destinations'];
  const workloads = partsByKey(connectivity).flatMap((part) => part.workloads);
  return [
    ...workloads.flatMap((workload) => endsOf(workload, scope)),
    ...rangeEnds(ranges, scope.v6.has(direction)),
  ].sort((a, b) => compareText(a.name, b.name));
}
