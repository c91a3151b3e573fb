import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/**
 * error: an object does not do what it says, or traffic is very likely broken or open. warning:
 * probably not meant. info: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'info';
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Whom a finding is about; policies carry their API group, which tells kinds of one name apart. */
export interface FindingObject extends ObjectRef {
  readonly group?: string;
}

/** What a check found, before anything is known of suppressions. */
export interface Found {
  readonly object: FindingObject;
  /** The field at fault; empty for the object as a whole. */
  readonly path: FieldPath;
  /** What is the case, with the names and counts that show it. */
  readonly message: string;
  /** Other objects that take part. */
  readonly related?: readonly FindingObject[];
  /** Where it is otherwise than the check's own. */
  readonly severity?: Severity;
  /** What to write instead, in YAML, where it can be told. */
  readonly patch?: string;
}

/** An annotation that names a check for an object. */
export interface Suppression {
  /** The object that carries it: the finding's own, or its namespace. */
  readonly at: ObjectRef;
  /** Null when none is given: then the finding counts all the same. */
  readonly reason: string | null;
}

export interface Finding extends Required<Omit<Found, 'patch'>> {
  /** Of the check: `PIT-SEL-1`. */
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly fix: string;
  readonly patch: string | null;
  readonly suppression: Suppression | null;
}
