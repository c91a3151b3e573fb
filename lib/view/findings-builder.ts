import type { Finding } from '#lib/findings/finding.ts';
import { CHECKS } from '#lib/findings/index.ts';
import { countFindings, isSuppressed, type LintReport } from '#lib/findings/lint.ts';
import { refKey } from '#lib/model/object-ref.ts';
import type { FindingsQuery, FindingsView, FindingView } from './findings-view.ts';

type Context = Pick<FindingsView, 'cluster' | 'revision' | 'readAt'>;
type WrittenAt = (finding: Finding) => string | null;

/** Picks what was asked for from a report; `writtenAt` tells where a finding stands in a file. */
export function findingsView(
  { findings, notRun }: LintReport,
  context: Context,
  { namespace, about, severity, limit }: FindingsQuery,
  writtenAt: WrittenAt,
): FindingsView {
  const inScope = findings.filter(
    (finding) => concerns(finding, namespace) && (about === null || names(finding, about)),
  );
  const asked = inScope.filter((finding) => severity === null || finding.severity === severity);
  const shown = asked.slice(0, limit);
  const ids = new Set(shown.map(({ id }) => id));
  return {
    ...context,
    findings: shown.map((finding) => viewOf(finding, writtenAt)),
    counts: countFindings(inScope),
    checks: CHECKS.filter(({ id }) => ids.has(id)).map(
      ({ id, title, scenario, evidence, fix, rules }) => ({
        id,
        title,
        scenario,
        evidence,
        fix,
        rules,
      }),
    ),
    notRun,
  };
}

/** Whether a finding is about the namespace or something in it. */
export function concerns({ object }: Pick<Finding, 'object'>, namespace: string | null): boolean {
  const { kind, name } = object;
  return namespace === null || (kind === 'Namespace' ? name : object.namespace) === namespace;
}

function names({ object, related }: Finding, key: string): boolean {
  return [object, ...related].some((each) => refKey(each) === key);
}

function viewOf(finding: Finding, writtenAt: WrittenAt): FindingView {
  const { id, severity, object, path, message, related, patch, suppression } = finding;
  return {
    id,
    severity,
    object,
    path,
    message,
    related,
    patch,
    writtenAt: writtenAt(finding),
    suppression,
    isSuppressed: isSuppressed(finding),
  };
}
