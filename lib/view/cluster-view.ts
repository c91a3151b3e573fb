import type { Gap } from '#lib/engine/cluster-snapshot.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { PluginSummary } from './plugin-summary.ts';

/** What a browser is told about clusters. Every view crosses to the client as JSON: plain data only. */

/** How current the answers are. */
export type Freshness =
  /**
   * The first lists are under way, or are read and being analysed. `objects` were read so far, of
   * `expected` where that is known.
   */
  | {
      readonly status: 'syncing';
      readonly phase: 'reading' | 'analysing';
      readonly objects: number;
      readonly expected: number | null;
    }
  | { readonly status: 'live' }
  /** The last state read is shown; `since` is ISO 8601. */
  | { readonly status: 'stale'; readonly since: string; readonly cause: string }
  /** Nothing was read yet, and reading fails; it is being retried. */
  | { readonly status: 'unreachable'; readonly cause: string; readonly attempt: number };

/** Share of pods that policies isolate. */
export interface Coverage {
  readonly pods: number;
  readonly ingress: number;
  readonly egress: number;
  readonly both: number;
}

/** One resource's list, for the status panel. */
export interface ResourceStatus {
  /** `networkpolicies.networking.k8s.io` */
  readonly resource: string;
  readonly status: 'syncing' | 'live' | 'stale' | 'forbidden' | 'not-installed' | 'failed';
  readonly objects: number;
  /** While it is read for the first time: how many there will be, where that is known; else null. */
  readonly expected: number | null;
  readonly message: string | null;
}

export interface ClusterSummary {
  /** As in URLs: `/c/<name>`. */
  readonly name: string;
  readonly origin:
    | { readonly kind: 'kubernetes-api'; readonly context: string; readonly server: string }
    | { readonly kind: 'manifests'; readonly path: string }
    | { readonly kind: 'demo' };
  readonly freshness: Freshness;
  /** Grows with every change of what views show; 0 before the first state. */
  readonly revision: number;
  /** When the state shown was read, ISO 8601; null before the first. */
  readonly readAt: string | null;
  readonly counts: {
    readonly namespaces: number;
    readonly workloads: number;
    readonly pods: number;
    readonly policies: number;
  };
  readonly coverage: Coverage;
  /** Null before the first state. */
  readonly plugin: PluginSummary | null;
  readonly resources: readonly ResourceStatus[];
  readonly gaps: readonly Gap[];
  readonly problems: readonly Problem[];
}
