import type { ObjectRef } from '#lib/model/object-ref.ts';

/** Answers of the search box, best first. */
export interface SearchHit {
  readonly kind: 'namespace' | 'workload' | 'pod' | 'service' | 'policy';
  readonly ref: ObjectRef;
  /** The namespace's workload that the hit belongs to, for pods; else null. */
  readonly workload: ObjectRef | null;
}

export interface SearchView {
  readonly query: string;
  readonly hits: readonly SearchHit[];
  /** How many there are, shown or not. */
  readonly total: number;
}
