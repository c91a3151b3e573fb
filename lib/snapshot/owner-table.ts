import { parseOwned } from '#lib/manifests/metadata.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { objectName } from './object-key.ts';
import { FaultyObjects, type Table } from './object-table.ts';
import { ParsedObject, parsedOf } from './parsed-object.ts';
import { isSame } from './same-value.ts';
import type { Owners } from './workload-owners.ts';

/**
 * ReplicaSets or Jobs: there are many, a Deployment keeps ten of the former, and all they are good for
 * is who controls them.
 */
export interface OwnerTable extends Table {
  /** Null when they could not be read. */
  owners(): Owners | null;
}

/** `onChange` hears in which namespace somebody else controls something now; null for every one. */
export function createOwnerTable(onChange: (namespace: string | null) => void): OwnerTable {
  const controllers = new Map<string, Map<string, ObjectRef | null>>();
  const faults = new FaultyObjects(true);
  let size = 0;
  let state: ListState = { status: 'syncing', objects: 0 };
  const owners: Owners = {
    controllerOf: (namespace, name) => controllers.get(namespace)?.get(name),
  };
  const isRead = () => state.status === 'live' || state.status === 'stale';

  function put(namespace: string, name: string, controller: ObjectRef | null): boolean {
    const inNamespace = controllers.get(namespace) ?? new Map<string, ObjectRef | null>();
    const former = inNamespace.get(name);
    if (former !== undefined && isSame(former, controller)) return false;
    if (former === undefined) size++;
    controllers.set(namespace, inNamespace.set(name, controller));
    return true;
  }

  function remove(namespace: string, name: string): boolean {
    const inNamespace = controllers.get(namespace);
    if (inNamespace?.delete(name) !== true) return false;
    size--;
    if (inNamespace.size === 0) controllers.delete(namespace);
    return true;
  }

  return {
    get state() {
      return state;
    },
    get size() {
      return size + faults.size;
    },
    owners: () => (isRead() ? owners : null),
    problems: () => faults.problems(),
    apply(changes) {
      for (const change of changes) {
        const { namespace, name } = objectName(change, true);
        const parsed = change.type === 'set' ? parsedOf(change.object, parseOwned) : undefined;
        faults.note(change, parsed);
        const isChanged =
          parsed?.ok === true
            ? put(namespace, name, parsed.value.controller)
            : remove(namespace, name);
        if (isChanged) onChange(namespace);
      }
    },
    prepare: (object) => new ParsedObject(object, parseOwned, true),
    setState(next) {
      const before = isRead();
      state = next;
      if (before !== isRead()) onChange(null);
    },
  };
}
