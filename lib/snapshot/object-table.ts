import type { Parsed } from '#lib/manifests/metadata.ts';
import { namespacedName } from '#lib/model/cluster.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import type { ListState, ObjectChange, SourceObject } from '#lib/sources/cluster-source.ts';

/** One resource's objects, parsed once as they arrive. */
export interface ObjectTable<T> {
  readonly state: ListState;
  readonly size: number;
  /** Parsed objects by namespace and name, in that order; invalid ones are left out. */
  values(): readonly T[];
  /** Parsed objects with what they were parsed from. */
  entries(): readonly { readonly value: T; readonly object: SourceObject }[];
  problems(): readonly Problem[];
  apply(changes: readonly ObjectChange[]): void;
  setState(state: ListState): void;
}

interface Entry<T> {
  readonly object: SourceObject;
  readonly parsed: Parsed<T>;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function keyOf(object: SourceObject, namespaced: boolean): string {
  const metadata = object.body.metadata;
  const fields = typeof metadata === 'object' && metadata !== null ? metadata : {};
  const { name, namespace } = fields as { name?: unknown; namespace?: unknown };
  return namespacedName(namespaced ? (text(namespace) ?? 'default') : '', text(name) ?? '');
}

/** `parse` runs once for each version of an object. */
export function createObjectTable<T>(
  namespaced: boolean,
  parse: (body: unknown, origin: ObjectOrigin | null) => Parsed<T>,
): ObjectTable<T> {
  const entries = new Map<string, Entry<T>>();
  let sorted: readonly Entry<T>[] | null = null;
  let state: ListState = { status: 'syncing', objects: 0 };
  const inOrder = () => {
    sorted ??= [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
    return sorted;
  };
  return {
    get state() {
      return state;
    },
    get size() {
      return entries.size;
    },
    values: () => inOrder().flatMap(({ parsed }) => (parsed.ok ? [parsed.value] : [])),
    entries: () =>
      inOrder().flatMap(({ parsed, object }) =>
        parsed.ok ? [{ value: parsed.value, object }] : [],
      ),
    problems: () => inOrder().flatMap(({ parsed }) => (parsed.ok ? [] : [parsed.problem])),
    apply(changes) {
      sorted = null;
      for (const change of changes) {
        if (change.type === 'set')
          entries.set(keyOf(change.object, namespaced), {
            object: change.object,
            parsed: parse(change.object.body, change.object.origin),
          });
        else
          entries.delete(
            namespacedName(namespaced ? (change.namespace ?? 'default') : '', change.name),
          );
      }
    },
    setState(next) {
      state = next;
    },
  };
}
