import type { GraphView } from '#lib/view/graph-view.ts';

/** More names would not fit into an address, and their workloads not into a picture. */
const MOST_EXPANDED = 60;

/** Whether all namespaces may be expanded at once. */
export function isExpandable({ namespaces, totals }: GraphView): boolean {
  return namespaces.length <= MOST_EXPANDED && totals.namespaces <= MOST_EXPANDED;
}
