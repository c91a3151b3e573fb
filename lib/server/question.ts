import type { FindingsQuery } from '#lib/view/findings-view.ts';
import type { GraphQuery } from '#lib/view/graph-view.ts';
import type { ExplainQuery, ExportFormat, SearchQuery } from '#lib/view/query.ts';
import type { NamespacesQuery, WorkloadsQuery } from '#lib/view/table-view.ts';
import type { PeersQuery } from '#lib/view/workload-view.ts';

/**
 * What can be asked of a cluster. Plain data: a question travels to the cluster's own thread, and
 * its answer back (ADR 10).
 */
export type Question =
  | { readonly view: 'graph'; readonly query: GraphQuery }
  | {
      readonly view: 'workload';
      readonly namespace: string;
      readonly kind: string;
      readonly name: string;
    }
  | {
      readonly view: 'peers';
      readonly namespace: string;
      readonly kind: string;
      readonly name: string;
      readonly query: PeersQuery;
    }
  | { readonly view: 'namespaces'; readonly query: NamespacesQuery }
  | { readonly view: 'workloads'; readonly query: WorkloadsQuery }
  | { readonly view: 'explanation'; readonly query: ExplainQuery }
  | { readonly view: 'findings'; readonly query: FindingsQuery }
  | { readonly view: 'search'; readonly query: SearchQuery };

/** What can be taken out of a cluster as a file, however large: the list of its connections. */
export interface Export {
  readonly format: ExportFormat;
}

/** What of a cluster an answer is about. */
interface Seen {
  /** Of what the view shows, whatever revision it is of: the same tag, the same view. */
  readonly tag: string;
  /** The view holds for this revision. */
  readonly revision: number;
  /** ISO 8601. */
  readonly readAt: string;
}

/** A view as JSON, ready to be sent; `unchanged` when the asker knows it already. */
export type Answer =
  | (Seen & { readonly kind: 'view'; readonly body: Uint8Array<ArrayBuffer> })
  | (Seen & { readonly kind: 'unchanged' })
  | Refused;

/** Longer than this, in milliseconds, nobody waits for an answer. */
export const ANSWER_MS = 20_000;

/** Why there is no answer. */
export type Refused =
  /** Nothing was read yet, or it took too long, or too much is asked at once: to be tried again. */
  | { readonly kind: 'not-ready' | 'too-slow' | 'busy'; readonly message: string }
  | { readonly kind: 'not-found'; readonly message: string }
  | { readonly kind: 'bad-question'; readonly parameter: string; readonly message: string }
  /** A mistake in here; the message is for the log. */
  | { readonly kind: 'failed'; readonly message: string };
