import type { GraphQuery } from './graph-view.ts';

/** How much a picture may hold: what a canvas draws within a frame, and what is worth sending. */

export interface GraphBudget {
  readonly nodes: number;
  readonly edges: number;
}

/** Of a whole cluster, and of one namespace with its neighbours. */
export const GRAPH_BUDGET = {
  cluster: { nodes: 400, edges: 1000 },
  namespace: { nodes: 200, edges: 500 },
} as const satisfies Record<string, GraphBudget>;

export function budgetOf({ namespace }: GraphQuery): GraphBudget {
  return namespace === null ? GRAPH_BUDGET.cluster : GRAPH_BUDGET.namespace;
}

/** Up to here a whole cluster is readable with every workload drawn; beyond, namespaces are collapsed. */
export const READABLE = { nodes: 100, edges: 150 } as const;

/** Namespaces of more workloads are drawn with those that are alike as one. */
export const MOST_SINGLE = 100;

/** The share of a picture's nodes that the workloads of expanded namespaces may take before all others. */
const SHARE_OF_INNER = 0.75;

export function roomForInner({ nodes }: GraphBudget): number {
  return Math.floor(nodes * SHARE_OF_INNER);
}
