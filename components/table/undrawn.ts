import type { GraphView } from '#lib/view/graph-view.ts';

/** Whether a picture draws several things as one for want of room. */
function isCut({ nodes }: GraphView): boolean {
  return nodes.some(({ kind }) => kind === 'rest' || kind === 'workloads');
}

/** Which tables list more than such a picture draws. */
export function undrawnLists(view: GraphView): readonly ('namespaces' | 'workloads')[] {
  if (!isCut(view)) return [];
  const isRest = view.nodes.some((node) => node.kind === 'rest' && node.of === 'namespaces');
  return view.namespace === null && isRest ? ['namespaces', 'workloads'] : ['workloads'];
}
