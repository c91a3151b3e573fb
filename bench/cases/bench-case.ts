import type { Measurement, Skipped } from '#bench/measure/measurement.ts';

/** What a case is run with; each in a process of its own, so that nothing is warm. */
export interface CaseContext {
  readonly seed: number;
  /** Smaller and less often: to see that all is well, not for figures. */
  readonly quick: boolean;
  /** As much as may be checked overnight. */
  readonly full: boolean;
  report(measurement: Measurement): void;
  skip(skipped: Skipped): void;
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  /** How often, each time cold; what stands in the middle counts. */
  readonly runs: number;
  /** After so many seconds of CPU time it is ended, and its goals are missed. */
  readonly seconds: number;
  /** Whether it is part of a quick run. */
  readonly quick: boolean;
  readonly run: (context: CaseContext) => void | Promise<void>;
}

/** Noise between two runs of the same code on one machine, as a share. */
export const NOISE = { build: 0.25, latency: 0.5, memory: 0.1, wall: 0.5, size: 0.05 } as const;
