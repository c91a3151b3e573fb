import type { LintReport } from '#lib/findings/lint.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { PlaceOf } from '#lib/server/finding-place.ts';

export interface Linted extends LintReport {
  readonly problems: readonly Problem[];
  readonly placeOf: PlaceOf;
}

/** Writes what was found, piece by piece. */
export type LintFormat = (linted: Linted) => Iterable<string>;

/** The part of docs/findings.md about a check. */
export function checkAnchor(id: string): string {
  return `docs/findings.md#${id.toLowerCase()}`;
}
