import type { JsonObject } from '#lib/model/json.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import type { Resource } from '#lib/model/resource.ts';

/** One object as it was read. */
export interface SourceObject {
  /** The pruned object; always has `metadata.name`. */
  readonly body: JsonObject;
  /** Where it was written; null when it came from an API. */
  readonly origin: ObjectOrigin | null;
}

/** Objects are identified by namespace and name within their resource; a new uid under an old name is a delete and an add. */
export type ObjectChange =
  | { readonly type: 'set'; readonly object: SourceObject }
  | { readonly type: 'delete'; readonly namespace: string | null; readonly name: string };

/**
 * Present when the cluster as a whole may not be read: only these namespaces were, and what lies in
 * any other is unknown, not absent. Never empty; sorted.
 */
export type ReadableNamespaces = readonly [string, ...string[]];

/**
 * How much of a resource is known. Absence is an answer: `forbidden` and `not-installed` never
 * read as "there are none".
 */
export type ListState =
  /**
   * The first list is under way: what was published of it is a part. `objects`: how many were read so
   * far; `expected`: how many there will be, where that is known.
   */
  | {
      readonly status: 'syncing';
      readonly objects: number;
      readonly expected?: number | null;
    }
  /** Complete, and changes arrive (or, for manifests, complete). */
  | { readonly status: 'live'; readonly namespaces?: ReadableNamespaces }
  /** Was complete at `since` (ISO 8601); the connection is being retried. */
  | {
      readonly status: 'stale';
      readonly since: string;
      readonly cause: string;
      readonly attempt: number;
      readonly namespaces?: ReadableNamespaces;
    }
  /** The reader may not list it. */
  | { readonly status: 'forbidden'; readonly message: string }
  /** The API does not serve it. */
  | { readonly status: 'not-installed' }
  /** Not yet read, and reading fails; it is being retried. */
  | { readonly status: 'failed'; readonly message: string; readonly attempt: number };

/** What a source tells. Calls are synchronous; an exception thrown by a sink must not stop the source. */
export interface SourceSink {
  /**
   * For each object of a list that is being read, before anything of it is told: gives what is to be
   * held until then, and told in its place. A sink that makes something else of an object can do so
   * here, and let the object go. Objects that were prepared are perhaps never told.
   */
  prepare?(resource: Resource, object: SourceObject): SourceObject;
  /**
   * A batch that belongs together: the first list, the difference a relist found, or the events
   * that arrived together. A first list is told once all of it was read; a large one comes in several
   * batches, all of them before its state is another than `syncing`. When a resource becomes forbidden or not-installed, the state is told
   * first and then its objects are deleted, so that nothing reads as "there are none".
   */
  changed(resource: Resource, changes: readonly ObjectChange[]): void;
  stateChanged(resource: Resource, state: ListState): void;
  /** Replaces every problem the source reported before; manifests only. */
  problemsChanged(problems: readonly Problem[]): void;
}

/** Where the objects come from, for people to read. */
export type SourceOrigin =
  | { readonly kind: 'kubernetes-api'; readonly context: string; readonly server: string }
  | { readonly kind: 'manifests'; readonly path: string }
  | { readonly kind: 'demo' };

/**
 * Reads a cluster's objects. Whatever it is made of, a source passes the one contract suite
 * (cluster-source.contract.ts).
 */
export interface ClusterSource {
  readonly origin: SourceOrigin;
  /** Starts reading; returns at once. Called once. Every resource gets a stateChanged before long. */
  start(resources: readonly Resource[], sink: SourceSink): void;
  /** Idempotent; afterwards the sink is never called again and no socket or timer is left. */
  stop(): Promise<void>;
}
