import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { isolationBadge, partFacts, podCount } from './cluster-facts.ts';
import type { ViewContext } from './graph-builder.ts';
import { workloadNode } from './graph-nodes.ts';
import { type NamespacePart, partsOf } from './namespace-parts.ts';
import { type Keyed, pageOf, wordsIn } from './page.ts';
import type {
  NamespaceRow,
  NamespacesQuery,
  NamespacesView,
  WorkloadRow,
  WorkloadsQuery,
  WorkloadsView,
} from './table-view.ts';
import { unitsOf } from './units.ts';

function namespaceRow(
  connectivity: Connectivity,
  name: string,
  sort: NamespacesQuery['sort'],
): Keyed<NamespaceRow> {
  const facts = partFacts(connectivity, partsOf(connectivity).get(name));
  const { pods, ingress } = facts.coverage;
  const values = { name: 0, workloads: facts.workloads, pods, open: pods - ingress };
  return { key: name, value: values[sort], row: () => ({ name, ...facts }) };
}

/** A page of the namespaces, empty ones included. */
export function namespacesView(
  connectivity: Connectivity,
  context: ViewContext,
  query: NamespacesQuery,
): NamespacesView {
  const isFound = wordsIn(query.words);
  const rows = [...connectivity.snapshot.namespaces.keys()]
    .filter(isFound)
    .map((name) => namespaceRow(connectivity, name, query.sort));
  return { ...context, ...pageOf(rows, query) };
}

function workloadRow(
  connectivity: Connectivity,
  workload: Workload,
  key: string,
  sort: WorkloadsQuery['sort'],
): Keyed<WorkloadRow> {
  const isOpen = () => isolationBadge(connectivity, workload.groups, 'ingress') !== 'isolated';
  const value = {
    name: () => 0,
    pods: () => podCount(workload),
    open: () => (isOpen() ? podCount(workload) : 0),
  }[sort]();
  const row = (): WorkloadRow => {
    const { ref, pods, ingress, egress, hostNetwork, openTo } = workloadNode(
      connectivity,
      workload,
      null,
    );
    return { ref, pods, ingress, egress, hostNetwork, openTo };
  };
  return { key, value, row };
}

/** The workloads of a namespace, or those that its picture draws as one with the bundle's first. */
function workloadsIn(
  connectivity: Connectivity,
  part: NamespacePart,
  bundle: string | null,
): readonly Workload[] {
  if (bundle === null) return part.workloads;
  const { units } = unitsOf(connectivity, part);
  const unit = units.find(({ workloads }) => workloads.some(({ ref }) => refKey(ref) === bundle));
  return unit?.workloads ?? [];
}

/** A page of the workloads; null when the namespace asked for is not there. */
export function workloadsView(
  connectivity: Connectivity,
  context: ViewContext,
  query: WorkloadsQuery,
): WorkloadsView | null {
  const { namespace, bundle, words, sort } = query;
  const parts = partsOf(connectivity);
  if (namespace !== null && !connectivity.snapshot.namespaces.has(namespace)) return null;
  const part = namespace === null ? undefined : parts.get(namespace);
  const chosen = namespace === null ? [...parts.values()] : part === undefined ? [] : [part];
  const isFound = wordsIn(words);
  const rows: Keyed<WorkloadRow>[] = [];
  for (const each of chosen)
    for (const workload of workloadsIn(connectivity, each, bundle)) {
      const key = refKey(workload.ref);
      if (isFound(key)) rows.push(workloadRow(connectivity, workload, key, sort));
    }
  return { ...context, ...pageOf(rows, query) };
}
