import type { Writable } from 'node:stream';
import { counted } from '#components/explanation/sentence.ts';
import type { ClusterSnapshot, Gap } from '#lib/engine/cluster-snapshot.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { formatPath, type Problem } from '#lib/model/problem.ts';
import { EXIT } from './exit-codes.ts';
import { printable } from './output.ts';

/** What was wrong with what was read, for people and for scripts. */

/** What may not be read is a problem like what cannot be understood. */
export function problemsOf({ problems, gaps }: ClusterSnapshot): readonly Problem[] {
  return [...problems, ...gaps.map(gapProblem)];
}

function gapProblem({ resource, message, affects }: Gap): Problem {
  return {
    code: 'not-readable',
    severity: affects === 'context' ? 'warning' : 'error',
    message: `${resource}: ${message}`,
    hint: null,
    object: null,
    path: [],
    origin: null,
  };
}

/** A problem as scripts read it. */
export interface ProblemLine {
  readonly code: string;
  readonly severity: Problem['severity'];
  readonly message: string;
  readonly hint: string | null;
  /** `shop/web[Deployment]` */
  readonly object: string | null;
  /** `spec.ingress[0].from` */
  readonly path: string;
  readonly file: string | null;
  readonly line: number | null;
}

export function problemLine(problem: Problem): ProblemLine {
  const { code, severity, message, hint, object, path, origin } = problem;
  return {
    code,
    severity,
    message,
    hint,
    object: object === null ? null : refKey(object),
    path: formatPath(path),
    file: origin?.file ?? null,
    line: origin?.line ?? null,
  };
}

function inWords(problem: Problem): string {
  const { file, line, object, path, message, hint } = problemLine(problem);
  const place = file === null ? '' : `${file}:${line}: `;
  const field = path === '' ? '' : ` ${path}`;
  // The field and the object say whose problem it is; a message about the object says so itself.
  const subject = object === null || message.includes(object) ? '' : `${object}${field}: `;
  return `${place}${subject}${message}${hint === null ? '' : ` (${hint})`}`;
}

/** All problems in one line: how many there are, and the gravest in full. Null when there are none. */
function summary(problems: readonly Problem[]): string | null {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.length - errors.length;
  const first = errors[0] ?? problems[0];
  if (first === undefined) return null;
  const counts = [
    ...(errors.length > 0 ? [counted(errors.length, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(' and ');
  const more = problems.length > 1 ? ' (-o json lists all)' : '';
  return printable(`${counts} in what was read${more}: ${inWords(first)}`).replaceAll('\n', ' ');
}

/** Says in one line what was wrong, if anything was, and gives the exit code that follows from it. */
export function reportProblems(
  problems: readonly Problem[],
  strict: boolean,
  stderr: Writable,
): number {
  const line = summary(problems);
  if (line !== null) stderr.write(`${line}\n`);
  const counts = problems.some(({ severity }) => strict || severity === 'error');
  return counts ? EXIT.incomplete : EXIT.answered;
}
