import { STATUS_CODES } from 'node:http';
import type { Problem } from '#lib/model/problem.ts';

/** An error as every answer of ours tells it (RFC 9457), with stable codes for scripts. */
export interface ProblemDocument {
  readonly type: 'about:blank';
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** `E_HOST`, `E_PARAM` …: what a script may look at. */
  readonly code: string;
  /** What is wrong, in a sentence; never carries more than a scrap of what was sent. */
  readonly detail: string;
  /** The query parameter that is wrong. */
  readonly parameter?: string;
  /** What is wrong with uploaded manifests. */
  readonly problems?: readonly Problem[];
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problemDocument(
  status: number,
  code: string,
  detail: string,
  more: { readonly parameter?: string; readonly problems?: readonly Problem[] } = {},
): ProblemDocument {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, code, detail, ...more };
}

const SCRAP = 80;

/** At most 80 characters of something that was sent, on one line, to name it in an error. */
export function scrap(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > SCRAP ? `${line.slice(0, SCRAP)}…` : line;
}
