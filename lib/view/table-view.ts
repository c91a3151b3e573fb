import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { Coverage } from './cluster-view.ts';
import type { IsolationBadge } from './graph-view.ts';

/** Tables of what a picture may be too small for, a page at a time. */

export const NAMESPACE_SORTS = ['name', 'workloads', 'pods', 'open'] as const;
type NamespaceSort = (typeof NAMESPACE_SORTS)[number];
export const WORKLOAD_SORTS = ['name', 'pods', 'open'] as const;
type WorkloadSort = (typeof WORKLOAD_SORTS)[number];

interface PageQuery {
  /** Every word has to be in the name; case does not matter. */
  readonly words: string;
  /** A cursor from the page before; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

export interface NamespacesQuery extends PageQuery {
  /** By name ascending; the others descending. open: pods that are not isolated for ingress. */
  readonly sort: NamespaceSort;
}

export interface WorkloadsQuery extends PageQuery {
  /** Null for those of all namespaces. */
  readonly namespace: string | null;
  /** The key of a bundle of the picture; null for all. */
  readonly bundle: string | null;
  readonly sort: WorkloadSort;
}

export interface NamespaceRow {
  readonly name: string;
  readonly workloads: number;
  readonly ingress: IsolationBadge;
  readonly egress: IsolationBadge;
  readonly coverage: Coverage;
}

export interface WorkloadRow {
  readonly ref: ObjectRef;
  readonly pods: number;
  readonly ingress: IsolationBadge;
  readonly egress: IsolationBadge;
  readonly hostNetwork: boolean;
  /** As in the picture: ports on which a rule admits everybody to an isolated workload. */
  readonly openTo: string | null;
}

interface PageView<Row> {
  readonly cluster: string;
  readonly revision: number;
  readonly readAt: string | null;
  readonly rows: readonly Row[];
  /** How many rows answer the question, on this page or not. */
  readonly total: number;
  /** Where the next page begins; null when this is the last. */
  readonly next: string | null;
}

export type NamespacesView = PageView<NamespaceRow>;
export type WorkloadsView = PageView<WorkloadRow>;
