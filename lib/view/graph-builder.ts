import type { Connectivity } from '#lib/engine/connectivity.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { clusterTotals, partFacts } from './cluster-facts.ts';
import { READABLE } from './graph-budget.ts';
import { drawPicture } from './graph-drawing.ts';
import type { GraphQuery, GraphView } from './graph-view.ts';
import { partsOf } from './namespace-parts.ts';
import { drawnAs, pairsBetween, pairsOfCluster } from './unit-pairs.ts';

/** What every view says of where it is from. */
export interface ViewContext {
  readonly cluster: string;
  readonly revision: number;
  readonly readAt: string | null;
}

/** Whether the whole cluster can be read with every workload drawn. */
function isReadable(connectivity: Connectivity): boolean {
  if (clusterTotals(connectivity).workloads > READABLE.nodes) return false;
  let drawn = 0;
  for (const { from, to, passage } of pairsOfCluster(connectivity))
    if (passage !== null && drawnAs(passage) === 'rules') drawn += pairsBetween(from, to);
  return drawn <= READABLE.edges;
}

/** Which namespaces are to be drawn with their workloads, as far as there is room; the first ones first. */
function namespacesToExpand(connectivity: Connectivity, query: GraphQuery): readonly string[] {
  const { namespace, expanded } = query;
  const names = connectivity.snapshot.namespaces;
  const scope = namespace === null ? [] : [namespace];
  if (expanded !== null)
    return [...new Set([...scope, ...expanded.filter((name) => names.has(name))])];
  return scope.length > 0 || !isReadable(connectivity) ? scope : [...names.keys()];
}

/**
 * The picture of a cluster, or of one namespace with its neighbours: never more than a budget
 * (graph-budget.ts), with what does not fit gathered. Null when the namespace asked for is not there.
 */
export function graphView(
  connectivity: Connectivity,
  context: ViewContext,
  query: GraphQuery,
): GraphView | null {
  const { namespace: scope } = query;
  const { namespaces } = connectivity.snapshot;
  if (scope !== null && !namespaces.has(scope)) return null;
  const picture = drawPicture(connectivity, query, namespacesToExpand(connectivity, query));
  const { workloads, coverage } =
    scope === null
      ? clusterTotals(connectivity)
      : partFacts(connectivity, partsOf(connectivity).get(scope));
  return {
    ...context,
    namespace: scope,
    ...picture,
    coverage,
    namespaces: picture.nodes
      .flatMap((node) => (node.kind === 'namespace' ? [node] : []))
      .map(({ namespace, collapsed }) => ({ name: namespace, expanded: !collapsed }))
      .sort((a, b) => compareText(a.name, b.name)),
    totals: {
      namespaces: scope === null ? namespaces.size : 1,
      workloads,
      pods: coverage.pods,
    },
  };
}
