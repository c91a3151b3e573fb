import type { BenchCase } from '#bench/cases/bench-case.ts';
import { isMet, type Measurement, middle, type Skipped } from '#bench/measure/measurement.ts';
import type { CaseRun } from '#bench/start-case.ts';
import type { RunResult } from './run-result.ts';

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

/** By what a thing is called: those of `later` in the place of the same in `earlier`, new ones behind. */
function replaced<T extends { readonly id: string }>(
  earlier: readonly T[],
  later: readonly T[],
): readonly T[] {
  const byId = new Map(later.map((each) => [each.id, each]));
  const known = new Set(earlier.map(({ id }) => id));
  return [
    ...earlier.map((each) => byId.get(each.id) ?? each),
    ...later.filter(({ id }) => !known.has(id)),
  ];
}

/** A run of some cases on top of a run of more: what it has is taken from it, all else stays. */
export function mergeResults(earlier: RunResult, later: RunResult): RunResult {
  const measured = new Set(later.measurements.map(({ id }) => id));
  const skipped = new Set(later.skipped.map(({ id }) => id));
  const ran = new Set(Object.keys(later.profiles));
  const met = (name: string) => later.cases.includes(name) && !ran.has(name);
  return {
    ...later,
    whole: earlier.whole,
    cases: [...new Set([...earlier.cases, ...later.cases])],
    measurements: replaced(
      earlier.measurements.filter(({ id }) => !skipped.has(id)),
      later.measurements,
    ),
    skipped: replaced(
      earlier.skipped.filter(({ id }) => !measured.has(id) && !later.cases.includes(id)),
      later.skipped,
    ),
    profiles: {
      ...Object.fromEntries(Object.entries(earlier.profiles).filter(([name]) => !met(name))),
      ...later.profiles,
    },
  };
}

/** Whether anything has to be looked into. */
export function hasMissed({ measurements, skipped }: CaseResult): boolean {
  return measurements.some((each) => isMet(each) === false) || skipped.some(({ missed }) => missed);
}
