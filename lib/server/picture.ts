import type { Connectivity } from '#lib/engine/connectivity.ts';

/** A cluster at one revision, analysed; nothing in it changes. */
export interface Picture {
  readonly connectivity: Connectivity;
  readonly revision: number;
  /** ISO 8601. */
  readonly readAt: string;
}
