import type { BenchCase } from '#bench/cases/bench-case.ts';
import { isMet, type Measurement, middle, type Skipped } from '#bench/measure/measurement.ts';
import type { CaseRun } from '#bench/start-case.ts';

export interface CaseResult {
  readonly measurements: readonly Measurement[];
  readonly skipped: readonly Skipped[];
}

/** Of each measurement the run in the middle; a case that was late missed its goals. */
export function mergeRuns(
  { name, title, seconds }: Pick<BenchCase, 'name' | 'title' | 'seconds'>,
  runs: readonly Pick<CaseRun, 'measurements' | 'skipped' | 'late'>[],
): CaseResult {
  const byId = Map.groupBy(
    runs.flatMap(({ measurements }) => measurements),
    ({ id }) => id,
  );
  const skipped = new Map(runs.flatMap((run) => run.skipped).map((each) => [each.id, each]));
  const late: Skipped[] = runs.some((run) => run.late)
    ? [{ id: name, what: title, why: `not finished within ${seconds} s`, missed: true }]
    : [];
  return {
    measurements: [...byId.values()].map((of) => middle(of)),
    skipped: [...skipped.values(), ...late],
  };
}

/** Whether anything has to be looked into. */
export function hasMissed({ measurements, skipped }: CaseResult): boolean {
  return measurements.some((each) => isMet(each) === false) || skipped.some(({ missed }) => missed);
}
