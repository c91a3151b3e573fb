import { countText, numberText } from '#components/status/count-text.ts';
import type { GraphView, RestNode } from '#lib/view/graph-view.ts';
import type { TableRows } from './use-map-url.ts';

/** What a picture leaves out, in words and as a table. */

/** The table that lists what a node gathers; null for addresses, which have none. */
export function restTable({ of }: RestNode): TableRows | null {
  return of === 'outside' ? null : of;
}

/** `400 of 10,000 namespaces drawn`, one by one; null when everything is. */
export function restWords({ nodes, totals, namespace }: GraphView): string | null {
  const rest = nodes.filter((node) => node.kind === 'rest');
  const namespaces = rest.find(({ of }) => of === 'namespaces')?.count ?? 0;
  if (namespaces > 0)
    return `${numberText(totals.namespaces - namespaces)} of ${countText(totals.namespaces, 'namespace')} drawn`;
  const workloads = rest.reduce((sum, { of, count }) => sum + (of === 'workloads' ? count : 0), 0);
  const bundled = nodes.reduce(
    (sum, node) => sum + (node.kind === 'workloads' ? node.count : 0),
    0,
  );
  if (namespace !== null && workloads + bundled > 0)
    return `${numberText(totals.workloads - workloads - bundled)} of ${countText(totals.workloads, 'workload')} drawn`;
  return null;
}
