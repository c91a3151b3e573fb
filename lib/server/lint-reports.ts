import { type LintReport, lint } from '#lib/findings/lint.ts';
import { neededEntries } from '#lib/view/needed-entries.ts';
import type { Picture } from './cluster-host.ts';

/** A report, and the picture that it is about. */
export interface PictureReport {
  readonly report: LintReport;
  readonly picture: Picture;
}

/** A large cluster that changes all the time is not to be linted all the time. */
const PAUSE_FACTOR = 10;

interface Kept extends PictureReport {
  /** Milliseconds of the clock: not before this is it made anew. */
  readonly until: number;
}

/**
 * Lints a cluster's newest picture, or answers with the report on an earlier one while that is no
 * older than ten times as long as it took.
 */
export function createLintReports(clock: () => number = () => performance.now()) {
  const kept = new Map<string, Kept>();
  return (cluster: string, picture: Picture): PictureReport => {
    const known = kept.get(cluster);
    const start = clock();
    if (known !== undefined && (known.picture === picture || start < known.until)) return known;
    const { connectivity, readAt } = picture;
    const entries = neededEntries(connectivity);
    const report = lint(connectivity, { now: new Date(readAt), entries });
    const end = clock();
    const made = { report, picture, until: end + PAUSE_FACTOR * (end - start) };
    kept.set(cluster, made);
    return made;
  };
}
