import type { Connectivity, Workload } from '#lib/engine/connectivity.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { coverageOf, podCount } from './cluster-facts.ts';
import { type EdgeBasis, EdgeGathering } from './edge-gathering.ts';
import { namespaceId, namespaceNode, workloadNode } from './graph-nodes.ts';
import type { GraphNode, GraphQuery, GraphView } from './graph-view.ts';
import { drawOutside } from './outside-nodes.ts';
import { counterpartsOf, isDnsAlone, pairOf, type WorkloadPair } from './workload-pairs.ts';

/** Up to here a whole cluster is readable with every workload drawn; beyond, namespaces are collapsed. */
const READABLE = { nodes: 100, edges: 150 } as const;

/** What every view says of where it is from. */
export interface ViewContext {
  readonly cluster: string;
  readonly revision: number;
  readonly readAt: string | null;
}

interface Pair extends WorkloadPair {
  readonly drawnAs: EdgeBasis;
}

/** Every pair of the cluster, or those with an end in the namespace. */
function pairsInScope(connectivity: Connectivity, namespace: string | null): readonly Pair[] {
  const isIn = (workload: Workload) => namespace === null || workload.namespace === namespace;
  return [...connectivity.workloads.values()].flatMap((source) =>
    counterpartsOf(connectivity, 'egress', source).flatMap((target): readonly Pair[] => {
      if (!isIn(source) && !isIn(target)) return [];
      const pair = pairOf(connectivity, source, target);
      if (pair === null) return [];
      const drawnAs = pair.basis === 'open' ? 'open' : isDnsAlone(pair) ? 'dns' : 'rules';
      return [{ ...pair, drawnAs }];
    }),
  );
}

function isDrawn({ drawnAs, source, target }: Pair, query: GraphQuery): boolean {
  switch (drawnAs) {
    case 'rules':
      return true;
    case 'dns':
      if (query.showDns) return true;
      break;
    case 'open':
      if (query.showOpen) return true;
      break;
  }
  return (
    query.focus !== null &&
    (refKey(source.ref) === query.focus || refKey(target.ref) === query.focus)
  );
}

/** Which namespaces are drawn with their workloads. */
function expandedNamespaces(
  query: GraphQuery,
  names: readonly string[],
  workloads: number,
  pairs: readonly Pair[],
): ReadonlySet<string> {
  if (query.expanded !== null) {
    const asked = new Set(query.expanded.filter((name) => names.includes(name)));
    if (query.namespace !== null) asked.add(query.namespace);
    return asked;
  }
  if (query.namespace !== null) return new Set([query.namespace]);
  const drawn = pairs.filter((pair) => pair.drawnAs === 'rules').length;
  const readable = workloads <= READABLE.nodes && drawn <= READABLE.edges;
  return new Set(readable ? names : []);
}

/**
 * The picture of a cluster, or of one namespace with its neighbours. Null when the namespace asked
 * for is not there.
 */
export function graphView(
  connectivity: Connectivity,
  context: ViewContext,
  query: GraphQuery,
): GraphView | null {
  const { namespace: scope } = query;
  const names = [...connectivity.snapshot.namespaces.keys()];
  if (scope !== null && !names.includes(scope)) return null;
  const all = [...connectivity.workloads.values()];
  const pairs = pairsInScope(connectivity, scope);
  const drawn = pairs.filter((pair) => isDrawn(pair, query));
  const expanded = expandedNamespaces(query, names, all.length, pairs);
  const nodeOf = (workload: Workload) =>
    expanded.has(workload.namespace) ? refKey(workload.ref) : namespaceId(workload.namespace);

  const edges = new EdgeGathering();
  for (const { source, target, bounds, drawnAs, looksAtRequests } of drawn)
    edges.add(nodeOf(source), nodeOf(target), bounds, drawnAs, looksAtRequests);
  const scoped = all.filter((workload) => scope === null || workload.namespace === scope);
  const outside = drawOutside(connectivity, scoped, nodeOf, edges);

  const neighbours = new Set(
    drawn.flatMap(({ source, target }) => [source.namespace, target.namespace]),
  );
  const grouped = Map.groupBy(all, (workload) => workload.namespace);
  const inside = Map.groupBy(
    pairs.filter(
      ({ drawnAs, source, target }) => drawnAs === 'rules' && source.namespace === target.namespace,
    ),
    ({ source }) => source.namespace,
  );
  const nodes = names.flatMap((name): readonly GraphNode[] => {
    const workloads = grouped.get(name) ?? [];
    const isShown = scope === null ? workloads.length > 0 : name === scope || neighbours.has(name);
    if (!isShown) return [];
    const isExpanded = expanded.has(name);
    const frame = namespaceNode(
      connectivity,
      name,
      workloads,
      !isExpanded,
      inside.get(name)?.length ?? 0,
    );
    if (!isExpanded) return [frame];
    return [frame, ...workloads.map((workload) => workloadNode(connectivity, workload, frame.id))];
  });
  const leftOut = (basis: EdgeBasis) =>
    pairs.filter((pair) => pair.drawnAs === basis).length -
    drawn.filter((pair) => pair.drawnAs === basis).length;
  return {
    ...context,
    namespace: scope,
    nodes: [...nodes, ...outside],
    edges: edges.edges(),
    leftOut: { open: leftOut('open'), dns: leftOut('dns') },
    coverage: coverageOf(
      connectivity,
      connectivity.groups.filter((group) => scope === null || group.namespace.name === scope),
    ),
    namespaces: nodes
      .flatMap((node) => (node.kind === 'namespace' ? [node] : []))
      .map(({ namespace, collapsed }) => ({ name: namespace, expanded: !collapsed }))
      .sort((a, b) => compareText(a.name, b.name)),
    totals: {
      namespaces: scope === null ? names.length : 1,
      workloads: scoped.length,
      pods: scoped.reduce((sum, workload) => sum + podCount(workload), 0),
    },
  };
}
