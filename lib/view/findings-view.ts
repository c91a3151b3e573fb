import type { FindingObject, Severity, Suppression } from '#lib/findings/finding.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/** What the checks say of a cluster. */

export interface FindingsQuery {
  /** Only what concerns it; null for all. */
  readonly namespace: string | null;
  /** The refKey of an object: only what is about it or names it; null for all. */
  readonly about: string | null;
  /** Only these; null for all. */
  readonly severity: Severity | null;
  /** How many at most; the counts are of all. */
  readonly limit: number;
}

export interface FindingView {
  /** Of the check: `PIT-SEL-1`. */
  readonly id: string;
  readonly severity: Severity;
  readonly object: FindingObject;
  readonly path: FieldPath;
  readonly message: string;
  readonly related: readonly FindingObject[];
  readonly patch: string | null;
  /** `shop.yaml:12`; null for what was not read from a file. */
  readonly writtenAt: string | null;
  readonly suppression: Suppression | null;
  /** Somebody accepted it, with a reason. */
  readonly isSuppressed: boolean;
}

/** What a check is, for those that found something. */
export interface CheckView {
  readonly id: string;
  readonly title: string;
  readonly scenario: string;
  readonly evidence: string;
  readonly fix: string;
  readonly rules: readonly string[];
}

export interface FindingCounts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly suppressed: number;
}

export interface FindingsView {
  readonly cluster: string;
  readonly revision: number;
  /** ISO 8601. */
  readonly readAt: string | null;
  /** Gravest first. */
  readonly findings: readonly FindingView[];
  /** Of what was asked for, whatever the severity and the limit. */
  readonly counts: FindingCounts;
  /** By id. */
  readonly checks: readonly CheckView[];
  /** Checks that were not run, and what they lack. */
  readonly notRun: readonly { readonly id: string; readonly lacks: readonly string[] }[];
}
