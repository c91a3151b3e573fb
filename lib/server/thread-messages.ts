import type { CniProfile } from '#lib/engine/cni-profile.ts';
import type { PluginSearch } from '#lib/snapshot/plugin-tables.ts';
import type { SourceOrigin } from '#lib/sources/cluster-source.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { LogLevel } from './log.ts';
import type { Opening } from './open-source.ts';
import type { Answer, Question } from './question.ts';

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
}

export type ToCluster =
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly question: Question;
      readonly known: readonly string[];
    }
  /** Let go of everything, and end. */
  | { readonly type: 'stop' };

export type FromCluster =
  | { readonly type: 'summary'; readonly summary: ClusterSummary }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer };
