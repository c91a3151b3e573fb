import type { Json } from '#lib/model/json.ts';

/** What reading one document gives, whether it was written as YAML or JSON. */

/** What is wrong with a text, and where in it. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** Position in the text, in UTF-16 units. */
  readonly offset: number;
}

export interface ParsedDocument {
  readonly value: Json;
  /** Where each element of the top-level list `items` is written; empty when that is not known. */
  readonly items: readonly (readonly [start: number, end: number])[];
}

export const MAX_DEPTH = 50;
/** In one map. */
export const MAX_KEYS = 20_000;

export function isFault(result: object): result is Fault {
  return 'code' in result;
}

export function tooDeep(offset: number): Fault {
  return {
    code: 'yaml-depth',
    message: `nested more than ${MAX_DEPTH} levels deep`,
    hint: null,
    offset,
  };
}

export function tooManyKeys(offset: number): Fault {
  return {
    code: 'yaml-keys',
    message: `more than ${MAX_KEYS} keys in one map`,
    hint: null,
    offset,
  };
}

export function forbiddenKey(offset: number): Fault {
  return {
    code: 'yaml-key',
    message: 'the key __proto__ is not allowed',
    hint: null,
    offset,
  };
}

export function duplicateKey(name: string, offset: number): Fault {
  return {
    code: 'yaml-duplicate-key',
    message: `the key ${name} appears twice in one map`,
    hint: 'Keep one of them.',
    offset,
  };
}
