import type { ObjectRef, PolicyRef } from '#lib/model/object-ref.ts';

/** Answers of the search box, best first. */
export interface SearchHit {
  readonly kind: 'namespace' | 'workload' | 'pod' | 'service' | 'node' | 'policy';
  /** Of a policy with its group, which tells kinds of the same name apart. */
  readonly ref: ObjectRef | PolicyRef;
  /** The namespace's workload that the hit belongs to, for pods; else null. */
  readonly workload: ObjectRef | null;
}

export interface SearchView {
  readonly query: string;
  readonly hits: readonly SearchHit[];
  /** How many there are, shown or not. */
  readonly total: number;
}
