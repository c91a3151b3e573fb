import type { Parsed } from '#lib/manifests/metadata.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { ListState, ObjectChange, SourceObject } from '#lib/sources/cluster-source.ts';
import { objectKey } from './object-key.ts';
import { type Parse, ParsedObject, parsedOf } from './parsed-object.ts';
import { isSame } from './same-value.ts';

/** What is held of one resource, whatever it is made of. */
export interface Table {
  readonly state: ListState;
  /** How many objects there are, those that cannot be read included. */
  readonly size: number;
  /** Of objects that cannot be read, by namespace and name; the same array until they change. */
  problems(): readonly Problem[];
  apply(changes: readonly ObjectChange[]): void;
  /** Parses an object that will be told, or not. */
  prepare(object: SourceObject): SourceObject;
  setState(state: ListState): void;
}

/** One resource's objects, parsed once as they arrive. */
export interface ObjectTable<T> extends Table {
  /** Parsed objects by namespace and name, in that order; the same array until one of them changes. */
  values(): readonly T[];
}

/** The part of a table that changes one by one must be small, or sorting all of it is cheaper. */
const FEW = 1 / 16;

interface Row<T> {
  readonly key: string;
  readonly value: T;
}

/** `parse` runs once for each version of an object. Of the object itself nothing is kept. */
export function createObjectTable<T>(namespaced: boolean, parse: Parse<T>): ObjectTable<T> {
  const rows = new Map<string, Row<T>>();
  const faults = new FaultyObjects(namespaced);
  let sorted: readonly Row<T>[] = [];
  let values: readonly T[] = [];
  /** Keys of rows that came, went or changed since `sorted` was made. */
  const pending = new Set<string>();
  let state: ListState = { status: 'syncing', objects: 0 };

  function applyOne(change: ObjectChange): void {
    const key = objectKey(change, namespaced);
    const parsed = change.type === 'set' ? parsedOf(change.object, parse) : undefined;
    faults.note(change, parsed);
    if (parsed?.ok === true) {
      const former = rows.get(key);
      if (former !== undefined && isSame(former.value, parsed.value)) return;
      rows.set(key, { key, value: parsed.value });
    } else if (!rows.delete(key)) return;
    pending.add(key);
  }

  function settle(): void {
    if (pending.size === 0) return;
    if (pending.size > sorted.length * FEW) sortAll();
    else patch();
    pending.clear();
  }

  function sortAll(): void {
    sorted = [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    values = sorted.map(({ value }) => value);
  }

  function patch(): void {
    const patched = sorted.slice();
    const changed = values.slice();
    for (const key of pending) {
      const at = lowerBound(patched, key);
      const row = rows.get(key);
      const known = patched[at]?.key === key ? 1 : 0;
      if (row === undefined) {
        patched.splice(at, known);
        changed.splice(at, known);
      } else {
        patched.splice(at, known, row);
        changed.splice(at, known, row.value);
      }
    }
    sorted = patched;
    values = changed;
  }

  return {
    get state() {
      return state;
    },
    get size() {
      return rows.size + faults.size;
    },
    values() {
      settle();
      return values;
    },
    problems: () => faults.problems(),
    apply: (changes) => changes.forEach(applyOne),
    prepare: (object) => new ParsedObject(object, parse, namespaced),
    setState(next) {
      state = next;
    },
  };
}

/** Where the key is, or would be. */
function lowerBound(rows: readonly { readonly key: string }[], key: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Objects that could not be parsed, with the reason. */
export class FaultyObjects {
  readonly #namespaced: boolean;
  readonly #byKey = new Map<string, Problem>();
  #sorted: readonly Problem[] | null = [];

  constructor(namespaced: boolean) {
    this.#namespaced = namespaced;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** `parsed` is what was made of the object; undefined when it was deleted. */
  note(change: ObjectChange, parsed: Parsed<unknown> | undefined): void {
    const problem = parsed?.ok === false ? parsed.problem : null;
    // nearly always
    if (problem === null && this.#byKey.size === 0) return;
    const key = objectKey(change, this.#namespaced);
    if (isSame(this.#byKey.get(key) ?? null, problem)) return;
    if (problem === null) this.#byKey.delete(key);
    else this.#byKey.set(key, problem);
    this.#sorted = null;
  }

  problems(): readonly Problem[] {
    this.#sorted ??= [...this.#byKey]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, problem]) => problem);
    return this.#sorted;
  }
}
