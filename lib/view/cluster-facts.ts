import type { Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Pod } from '#lib/model/cluster.ts';
import type { ClusterSummary, Coverage } from './cluster-view.ts';
import type { IsolationBadge } from './graph-view.ts';

/** Numbers over pods; a template counts for its replicas. */

export function podCount({ pods }: { readonly pods: readonly Pod[] }): number {
  return pods.reduce((sum, pod) => sum + Math.max(1, pod.replicas), 0);
}

/** Share of pods that are surely isolated, in some of a cluster's groups. */
export function coverageOf(connectivity: Connectivity, groups: readonly PodGroup[]): Coverage {
  const coverage = { pods: 0, ingress: 0, egress: 0, both: 0 };
  for (const group of groups) {
    const pods = podCount(group);
    const isolated = (direction: Direction) => {
      const side = sideAt(connectivity, group, direction);
      return side.isolated === 'yes' && !side.unreadable;
    };
    const [ingress, egress] = [isolated('ingress'), isolated('egress')];
    coverage.pods += pods;
    if (ingress) coverage.ingress += pods;
    if (egress) coverage.egress += pods;
    if (ingress && egress) coverage.both += pods;
  }
  return coverage;
}

/** The badge of some groups together. */
export function isolationBadge(
  connectivity: Connectivity,
  groups: readonly PodGroup[],
  direction: Direction,
): IsolationBadge {
  const states = new Set(
    groups.map((group) => {
      const side = sideAt(connectivity, group, direction);
      return side.unreadable ? 'unknown' : side.isolated;
    }),
  );
  if (states.has('unknown')) return 'unknown';
  if (states.size > 1) return 'mixed';
  return states.has('yes') ? 'isolated' : 'open';
}

/** Counts and coverage of the whole cluster. */
export function clusterFacts(
  connectivity: Connectivity,
): Pick<ClusterSummary, 'counts' | 'coverage'> {
  const { snapshot, groups, workloads } = connectivity;
  const coverage = coverageOf(connectivity, groups);
  return {
    counts: {
      namespaces: snapshot.namespaces.size,
      workloads: workloads.size,
      pods: coverage.pods,
      policies: snapshot.policies.length,
    },
    coverage,
  };
}
