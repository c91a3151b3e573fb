import type { Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Pod } from '#lib/model/cluster.ts';
import type { ClusterSummary, Coverage } from './cluster-view.ts';
import type { IsolationBadge } from './graph-view.ts';
import { type NamespacePart, partsOf } from './namespace-parts.ts';

/** Numbers over pods; a template counts for its replicas. */

export function podCount({ pods }: { readonly pods: readonly Pod[] }): number {
  return pods.reduce((sum, pod) => sum + Math.max(1, pod.replicas), 0);
}

/** Share of pods that are surely isolated, in some of a cluster's groups. */
function coverageOf(connectivity: Connectivity, groups: readonly PodGroup[]): Coverage {
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

/** What is counted of a namespace. */
export interface PartFacts {
  readonly workloads: number;
  readonly coverage: Coverage;
  readonly ingress: IsolationBadge;
  readonly egress: IsolationBadge;
}

const NO_PODS: Coverage = { pods: 0, ingress: 0, egress: 0, both: 0 };
const EMPTY: PartFacts = { workloads: 0, coverage: NO_PODS, ingress: 'open', egress: 'open' };

const factsOfParts = new WeakMap<NamespacePart, PartFacts>();

/** The numbers of a namespace; of an empty one where there is none. Counted once as long as nothing in it changes. */
export function partFacts(connectivity: Connectivity, part: NamespacePart | undefined): PartFacts {
  if (part === undefined) return EMPTY;
  const known = factsOfParts.get(part);
  if (known !== undefined) return known;
  const { groups, workloads } = part;
  const facts = {
    workloads: workloads.length,
    coverage: coverageOf(connectivity, groups),
    ingress: isolationBadge(connectivity, groups, 'ingress'),
    egress: isolationBadge(connectivity, groups, 'egress'),
  };
  factsOfParts.set(part, facts);
  return facts;
}

/** The sums of all namespaces. */
export function clusterTotals(
  connectivity: Connectivity,
): Pick<PartFacts, 'workloads' | 'coverage'> {
  const coverage = { ...NO_PODS };
  let workloads = 0;
  for (const part of partsOf(connectivity).values()) {
    const facts = partFacts(connectivity, part);
    workloads += facts.workloads;
    coverage.pods += facts.coverage.pods;
    coverage.ingress += facts.coverage.ingress;
    coverage.egress += facts.coverage.egress;
    coverage.both += facts.coverage.both;
  }
  return { workloads, coverage };
}

/** Counts and coverage of the whole cluster. */
export function clusterFacts(
  connectivity: Connectivity,
): Pick<ClusterSummary, 'counts' | 'coverage'> {
  const { snapshot } = connectivity;
  const { workloads, coverage } = clusterTotals(connectivity);
  return {
    counts: {
      namespaces: snapshot.namespaces.size,
      workloads,
      pods: coverage.pods,
      policies: snapshot.policies.length,
    },
    coverage,
  };
}
