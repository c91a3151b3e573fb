import { refKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import type { CheckView, FindingsView, FindingView } from '#lib/view/findings-view.ts';

/** Findings as the page shows them: by check, the gravest first. */

export interface FindingGroup {
  readonly check: CheckView;
  /** The gravest among them. */
  readonly severity: FindingView['severity'];
  readonly findings: readonly FindingView[];
}

/** The same for the same mistake, whatever else is found; in a link it is percent-encoded. */
export function findingAnchor({ id, object, path }: FindingView): string {
  return `${id}/${refKey(object)}/${formatPath(path)}`;
}

function matches(finding: FindingView, title: string, words: readonly string[]): boolean {
  const { id, object, message, path } = finding;
  const text = `${id} ${title} ${refKey(object)} ${formatPath(path)} ${message}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Those that have every word of `filter`, by check, in the order of the view. */
export function findingGroups(
  { findings, checks }: Pick<FindingsView, 'findings' | 'checks'>,
  filter: string,
  showSuppressed: boolean,
): readonly FindingGroup[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const byId = new Map(checks.map((check) => [check.id, check]));
  const shown = findings.filter(
    (finding) =>
      (showSuppressed || !finding.isSuppressed) &&
      matches(finding, byId.get(finding.id)?.title ?? '', words),
  );
  return [...Map.groupBy(shown, ({ id }) => id)].flatMap(([id, members]) => {
    const check = byId.get(id);
    const [first] = members;
    return check === undefined || first === undefined
      ? []
      : [{ check, severity: first.severity, findings: members }];
  });
}
