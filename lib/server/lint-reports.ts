import { setImmediate } from 'node:timers/promises';
import { type LintReport, lintSteps } from '#lib/findings/lint.ts';
import { neededEntries } from '#lib/view/needed-entries.ts';
import { findingPlaces, type PlaceOf } from './finding-place.ts';
import type { Picture } from './picture.ts';

/** A report, the picture that it is about, and where what it found is written. */
export interface PictureReport {
  readonly report: LintReport;
  readonly picture: Picture;
  readonly placeOf: PlaceOf;
}

/** A large cluster that changes all the time is not to be linted all the time. */
const PAUSE_FACTOR = 10;

interface Kept {
  readonly picture: Picture;
  readonly made: Promise<PictureReport>;
  /** Milliseconds of the clock: not before this is it made anew; never while it is being made. */
  until: number;
}

/** After so long other questions are answered before it goes on. */
const SLICE_MS = 15;

/** One check that looks long without finding anything holds up the others as long. */
async function reportOn(picture: Picture): Promise<PictureReport> {
  const { connectivity, readAt } = picture;
  const entries = neededEntries(connectivity);
  const steps = lintSteps(connectivity, { now: new Date(readAt), entries });
  let since = performance.now();
  let step = steps.next();
  while (!step.done) {
    if (performance.now() - since >= SLICE_MS) {
      await setImmediate();
      since = performance.now();
    }
    step = steps.next();
  }
  return { report: step.value, picture, placeOf: findingPlaces(connectivity.snapshot) };
}

/**
 * Lints a cluster's newest picture, or answers with the report on an earlier one while that is no
 * older than ten times as long as it took.
 */
export function createLintReports(clock: () => number = () => performance.now()) {
  let known: Kept | null = null;
  return (picture: Picture): Promise<PictureReport> => {
    const start = clock();
    if (known !== null && (known.picture === picture || start < known.until)) return known.made;
    const entry: Kept = { picture, made: reportOn(picture), until: Number.POSITIVE_INFINITY };
    known = entry;
    entry.made.then(
      () => {
        const end = clock();
        entry.until = end + PAUSE_FACTOR * (end - start);
      },
      // Whoever asked is told; the next one tries again.
      () => {
        if (known === entry) known = null;
      },
    );
    return entry.made;
  };
}
