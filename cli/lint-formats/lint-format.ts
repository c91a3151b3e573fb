import type { PlaceOf } from '#cli/finding-place.ts';
import { type Finding, SEVERITIES, type Severity } from '#lib/findings/finding.ts';
import { isSuppressed, type LintReport } from '#lib/findings/lint.ts';
import type { Problem } from '#lib/model/problem.ts';

export interface Linted extends LintReport {
  readonly problems: readonly Problem[];
  readonly placeOf: PlaceOf;
}

/** Writes what was found, piece by piece. */
export type LintFormat = (linted: Linted) => Iterable<string>;

/** How many findings of each severity count, and how many were accepted. */
export function findingCounts(
  findings: readonly Finding[],
): Readonly<Record<Severity | 'suppressed', number>> {
  const open = findings.filter((finding) => !isSuppressed(finding));
  const [error = 0, warning = 0, info = 0] = SEVERITIES.map(
    (severity) => open.filter((finding) => finding.severity === severity).length,
  );
  return { error, warning, info, suppressed: findings.length - open.length };
}

/** The part of docs/findings.md about a check. */
export function checkAnchor(id: string): string {
  return `docs/findings.md#${id.toLowerCase()}`;
}
