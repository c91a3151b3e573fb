import { printable } from '#cli/output.ts';
import { counted } from '#components/explanation/sentence.ts';
import type { Finding, FindingObject } from '#lib/findings/finding.ts';
import { countFindings, isSuppressed } from '#lib/findings/lint.ts';
import { formatPath } from '#lib/model/problem.ts';
import type { FindingPlace } from '#lib/server/finding-place.ts';
import type { Linted } from './lint-format.ts';

/** For a terminal: what is wrong, where, why, and how to mend it; the counts at the end. */
export function* textFindings(linted: Linted): Generator<string> {
  for (const line of lines(linted)) yield `${printable(line)}\n`;
}

function* lines({ findings, notRun, placeOf }: Linted): Generator<string> {
  for (const finding of findings)
    if (!isSuppressed(finding)) yield* findingLines(finding, placeOf(finding));
  const { error, warning, info, suppressed } = countFindings(findings);
  const counts = [
    counted(error, 'error'),
    counted(warning, 'warning'),
    counted(info, 'note'),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ];
  yield `${counts.join(', ')}.`;
  if (notRun.length > 0)
    yield `${counted(notRun.length, 'check')} not run, for want of what was not read (-o json lists them).`;
}

function* findingLines(finding: Finding, place: FindingPlace | null): Generator<string> {
  const { id, severity, title, object, path, message, fix, patch, suppression } = finding;
  const field = path.length === 0 ? '' : ` ${formatPath(path)}`;
  const at = place === null ? '' : `${place.file}:${place.first}: `;
  yield `${at}${severity} ${id}: ${title}`;
  yield `  ${objectName(object)}${field}`;
  yield `  ${message}`;
  yield `  Fix: ${fix}`;
  for (const line of patch?.split('\n') ?? []) yield `    ${line}`;
  if (suppression !== null)
    yield `  It is named in sightline.dev/ignore of ${objectName(suppression.at)}, and counts all the same: sightline.dev/ignore-reason is missing.`;
  yield '';
}

/** `NetworkPolicy shop/to-api` */
function objectName({ kind, namespace, name }: FindingObject): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}
