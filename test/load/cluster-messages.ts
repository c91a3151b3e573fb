import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { Profile, Wave } from './profiles.ts';

/** What the load and the process of the fake API server tell each other. */

export type Command =
  | { readonly do: 'open'; readonly directory: string; readonly profile: Profile }
  | { readonly do: 'churn'; readonly wave: Wave }
  /** What the views should be of what is stored now. */
  | { readonly do: 'picture'; readonly namespaces: readonly string[] }
  | { readonly do: 'close' };

export interface Answers {
  readonly open: Opened;
  readonly churn: Churned;
  readonly picture: ExpectedPicture;
  readonly close: null;
}

export interface Opened {
  readonly kubeconfig: string;
  readonly objects: number;
  /** The namespaces with most pods first. */
  readonly namespaces: readonly string[];
}

export interface Churned {
  readonly events: number;
  readonly milliseconds: number;
}

export interface ExpectedPicture {
  readonly summary: Pick<ClusterSummary, 'counts' | 'coverage'>;
  /** In the order that was asked for. */
  readonly graphs: readonly GraphView[];
}

/**
 * While the cluster changes one namespace more is made now and then: whoever sees so many of them
 * sees everything that happened before.
 */
export interface Mark {
  readonly namespaces: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export type ToCluster = { readonly id: number } & Command;
export type FromCluster =
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };
