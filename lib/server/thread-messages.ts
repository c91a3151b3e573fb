import type { CniProfile } from '#lib/engine/cni-profile.ts';
import type { PluginSearch } from '#lib/snapshot/plugin-tables.ts';
import type { SourceOrigin } from '#lib/sources/cluster-source.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { LogLevel } from './log.ts';
import type { Opening } from './open-source.ts';
import type { Answer, Export, Question } from './question.ts';
import type { ViewChange, WatchedQuestion } from './view-watches.ts';

/** What the main thread and the thread of a cluster tell each other: plain data (ADR 10). */

/** All that a thread needs to hold its cluster. */
export interface ClusterPlan {
  readonly name: string;
  readonly origin: SourceOrigin;
  readonly opening: Opening;
  readonly profile: CniProfile | PluginSearch;
  readonly logLevel: LogLevel;
  /** Of the last picture that a thread before this one showed; 0 for the first. */
  readonly revision: number;
  /** It says so often, in milliseconds, that it is there. */
  readonly aliveMs: number;
}

/** To be answered with a reply that has the id. */
export type Request =
  | { readonly type: 'ask'; readonly question: Question; readonly known: readonly string[] }
  | { readonly type: 'open-export'; readonly asked: Export }
  /** The next piece of an opened export. */
  | { readonly type: 'read-export'; readonly export: number };

export type Reply =
  | Answer
  | {
      readonly kind: 'opened';
      readonly export: number;
      readonly revision: number;
      readonly readAt: string;
    }
  /** Null after the last. */
  | { readonly kind: 'piece'; readonly body: Uint8Array<ArrayBuffer> | null };

export type ToCluster =
  | (Request & { readonly id: number })
  | { readonly type: 'cancel-export'; readonly export: number }
  | { readonly type: 'watch'; readonly watch: number; readonly question: WatchedQuestion }
  | { readonly type: 'unwatch'; readonly watch: number }
  /** Let go of everything, and end. */
  | { readonly type: 'stop' };

export type FromCluster =
  | { readonly type: 'alive' }
  | { readonly type: 'summary'; readonly summary: ClusterSummary }
  | { readonly type: 'changed'; readonly watch: number; readonly change: ViewChange }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply };
