import type { Measurement } from './measurement.ts';

/** How a run differs from the one that was last accepted: by ratios within each run, never by times. */
export interface Difference {
  readonly id: string;
  readonly what: string;
  readonly before: number;
  readonly now: number;
  /** worse and better: by more than noise explains. */
  readonly change: 'worse' | 'better' | 'same';
}

/** Less is better, but for measurements whose goal is to be large. */
function changeOf(before: number, now: number, { goal, noise }: Measurement): Difference['change'] {
  const [small, large] =
    goal?.bound === 'at-least' ? (['worse', 'better'] as const) : (['better', 'worse'] as const);
  if (now > before * (1 + noise)) return large;
  return now < before / (1 + noise) ? small : 'same';
}

/** Every measurement that both runs have relative to something of their own. */
export function compareRuns(
  accepted: readonly Measurement[],
  run: readonly Measurement[],
): readonly Difference[] {
  const known = new Map(accepted.map((each) => [each.id, each]));
  return run.flatMap((measurement) => {
    const { id, what, relative } = measurement;
    const before = known.get(id)?.relative;
    // what it is measured by may have changed: then there is nothing to compare
    if (!before || relative === null || before.to !== relative.to) return [];
    const change = changeOf(before.ratio, relative.ratio, measurement);
    return { id, what, before: before.ratio, now: relative.ratio, change };
  });
}
