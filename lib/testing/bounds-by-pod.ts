import { type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import type { PortBounds } from '#lib/engine/rule-ports.ts';

/** Each pod's bounds towards each other pod, by their names: for clusters whose groups differ. */
export function boundsByPod(connectivity: Connectivity): ReadonlyMap<string, PortBounds> {
  const ends = connectivity.groups.flatMap((group) =>
    group.pods.map((pod) => ({ name: pod.name, end: { ...group, pods: [pod] as const } })),
  );
  return new Map(
    ends.flatMap((from) =>
      ends.map((to) => [
        `${from.name} → ${to.name}`,
        connectionBounds(connectivity, from.end, to.end),
      ]),
    ),
  );
}
