/** What a benchmark found, and what it ought to have. */

/** J is the CPU time of JSON.parse over the same pages of objects: it holds on any machine. */
export type Unit = 'ms' | 's' | 'bytes' | 'times' | 'count';

export interface Goal {
  /** `value` as measured, or `ratio` to what the measurement is relative to. */
  readonly of: 'value' | 'ratio';
  readonly bound: 'at-most' | 'at-least';
  readonly limit: number;
}

export interface Measurement {
  /** Two runs are compared by it. */
  readonly id: string;
  /** In words, for the table. */
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** The same in terms of something else that the same process measured; runs are compared by this alone. */
  readonly relative: { readonly to: string; readonly ratio: number } | null;
  readonly goal: Goal | null;
  /** How much of a difference between two runs means nothing, as a share. */
  readonly noise: number;
  readonly detail?: string;
  /** One of several sizes of the same: how cost grows. */
  readonly point?: { readonly series: string; readonly size: number };
}

/** Something that was not measured, and why: never left out in silence. */
export interface Skipped {
  readonly id: string;
  readonly what: string;
  readonly why: string;
  /** A goal that was not reached because of it, such as a time limit that passed. */
  readonly missed: boolean;
}

export function atMost(limit: number, of: Goal['of'] = 'value'): Goal {
  return { of, bound: 'at-most', limit };
}

export function atLeast(limit: number, of: Goal['of'] = 'value'): Goal {
  return { of, bound: 'at-least', limit };
}

/** Null where there is no goal. */
export function isMet({ goal, value, relative }: Measurement): boolean | null {
  if (goal === null) return null;
  const measured = goal.of === 'value' ? value : relative?.ratio;
  if (measured === undefined) return false;
  return goal.bound === 'at-most' ? measured <= goal.limit : measured >= goal.limit;
}

/** Of several cold runs the one in the middle, by ratio where there is one. */
export function middle(runs: readonly Measurement[]): Measurement {
  const by = (run: Measurement) => run.relative?.ratio ?? run.value;
  const sorted = runs.toSorted((a, b) => by(a) - by(b));
  const found = sorted[Math.floor((sorted.length - 1) / 2)];
  if (found === undefined) throw new RangeError('no runs');
  return found;
}
