import type { ObjectRef } from './object-ref.ts';

/** Where an object was written. */
export interface ObjectOrigin {
  /** Path relative to what was opened, or `stdin`. */
  readonly file: string;
  /** The line its document starts at, 1-based. */
  readonly line: number;
  /** The document as it was written, comments included. */
  readonly text: string;
}

/** Steps from the root of an object to a field: `['spec', 'ingress', 0, 'from']`. */
export type FieldPath = readonly (string | number)[];

/** `spec.ingress[0].from`, as the API server writes paths in its errors. */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `["${step}"]`;
  }
  return text;
}

/**
 * Something that was read and could not be understood. The rest is still computed; a problem with
 * a policy makes the verdicts it touches unknown (see CompiledPolicy.isolates).
 */
export interface Problem {
  /** Stable, for tests and links: `yaml-syntax`, `policy-invalid`, `duplicate-object` … */
  readonly code: string;
  /** error: an answer may be missing or unknown because of it; warning: the answer stands. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** How to mend it, or null. */
  readonly hint: string | null;
  readonly object: ObjectRef | null;
  readonly path: FieldPath;
  readonly origin: ObjectOrigin | null;
}
