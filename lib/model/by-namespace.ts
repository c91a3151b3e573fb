import { compareText } from './object-ref.ts';

/**
 * Something for each namespace, made anew at little cost when a few of them change. Revisions of one
 * lineage share the positions of their namespaces, so that two of them are compared, and one made
 * from the other, without looking a name up.
 */

/** Where namespaces stand; only grows, and is shared by all revisions. */
interface Positions {
  readonly of: Map<string, number>;
  readonly names: string[];
  /** Positions by name, for the names there were when it was made. */
  sorted: readonly number[];
}

function sortedPositions(positions: Positions): readonly number[] {
  const { names } = positions;
  if (positions.sorted.length !== names.length)
    positions.sorted = [...names.keys()].sort((a, b) =>
      compareText(names[a] ?? '', names[b] ?? ''),
    );
  return positions.sorted;
}

/** Immutable; read like any Map, in the order of names (code units). */
export class ByNamespace<T extends object> implements ReadonlyMap<string, T> {
  readonly #positions: Positions;
  readonly #values: readonly (T | undefined)[];
  readonly size: number;

  private constructor(positions: Positions, values: readonly (T | undefined)[], size: number) {
    this.#positions = positions;
    this.#values = values;
    this.size = size;
  }

  static of<T extends object>(entries: Iterable<readonly [string, T]>): ByNamespace<T> {
    const none = new ByNamespace<T>({ of: new Map(), names: [], sorted: [] }, [], 0);
    return none.with(entries);
  }

  /** The next revision; undefined takes a namespace out. Costs a copy of one flat array. */
  with(changes: Iterable<readonly [string, T | undefined]>): ByNamespace<T> {
    const positions = this.#positions;
    const values = this.#values.slice();
    let { size } = this;
    for (const [name, value] of changes) {
      let position = positions.of.get(name);
      if (position === undefined) {
        if (value === undefined) continue;
        position = positions.names.length;
        positions.of.set(name, position);
        positions.names.push(name);
      }
      size += Number(value !== undefined) - Number(values[position] !== undefined);
      values[position] = value;
    }
    return new ByNamespace(positions, values, size);
  }

  /** Namespaces whose value is not the same object as in the other; null when the two are of different lineages. */
  changedSince(before: ReadonlyMap<string, T>): readonly string[] | null {
    if (!(before instanceof ByNamespace) || before.#positions !== this.#positions) return null;
    const changed: string[] = [];
    const length = Math.max(this.#values.length, before.#values.length);
    for (let i = 0; i < length; i++)
      if (this.#values[i] !== before.#values[i]) changed.push(this.#positions.names[i] ?? '');
    return changed;
  }

  get(namespace: string): T | undefined {
    const position = this.#positions.of.get(namespace);
    return position === undefined ? undefined : this.#values[position];
  }

  has(namespace: string): boolean {
    return this.get(namespace) !== undefined;
  }

  *entries(): MapIterator<[string, T]> {
    for (const position of sortedPositions(this.#positions)) {
      const value = this.#values[position];
      if (value !== undefined) yield [this.#positions.names[position] ?? '', value];
    }
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): MapIterator<T> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  forEach(call: (value: T, namespace: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [name, value] of this.entries()) call(value, name, this);
  }
}

/** Namespaces whose value differs between two maps, whatever they are made of. */
export function changedNamespaces<T extends object>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): readonly string[] {
  if (before === after) return [];
  if (after instanceof ByNamespace) {
    const changed = after.changedSince(before);
    if (changed !== null) return changed;
  }
  const changed: string[] = [];
  for (const [name, value] of after) if (before.get(name) !== value) changed.push(name);
  for (const name of before.keys()) if (!after.has(name)) changed.push(name);
  return changed;
}
