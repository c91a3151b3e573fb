import { parsePod } from '#lib/manifests/pod.ts';
import { ByNamespace } from '#lib/model/by-namespace.ts';
import type { Pod } from '#lib/model/cluster.ts';
import type { ListState, ObjectChange } from '#lib/sources/cluster-source.ts';
import { NamespacePods } from './namespace-pods.ts';
import { objectName } from './object-key.ts';
import { FaultyObjects, type Table } from './object-table.ts';
import { ParsedObject, parsedOf } from './parsed-object.ts';
import type { OwnerLookup } from './workload-owners.ts';

/** All pods of a cluster, where a change costs what it touches. */
export interface PodTable extends Table {
  /** Each array is the same until a pod of its namespace changes, and the map until any does. */
  byNamespace(): ReadonlyMap<string, readonly Pod[]>;
  /** The namespaces that have pods; the same object until one gets its first or loses its last. */
  namespaces(): ReadonlySet<string>;
  /** The workloads have to be looked up again: of one namespace, or of all (null). */
  reown(namespace: string | null): void;
}

export function createPodTable(owners: () => OwnerLookup): PodTable {
  const pods = new Map<string, NamespacePods>();
  const faults = new FaultyObjects(true);
  const touched = new Set<string>();
  let reowned: Set<string> | 'all' = new Set();
  let revision = ByNamespace.of<readonly Pod[]>([]);
  let names: ReadonlySet<string> | null = null;
  let size = 0;
  let state: ListState = { status: 'syncing', objects: 0 };

  function put(pod: Pod): boolean {
    const { namespace } = pod;
    let inNamespace = pods.get(namespace);
    if (inNamespace === undefined) {
      inNamespace = new NamespacePods();
      pods.set(namespace, inNamespace);
      names = null;
    }
    const before = inNamespace.size;
    const isChanged = inNamespace.set(pod, owners());
    size += inNamespace.size - before;
    return isChanged;
  }

  function remove(namespace: string, name: string): boolean {
    const inNamespace = pods.get(namespace);
    if (inNamespace?.delete(name) !== true) return false;
    size--;
    if (inNamespace.size === 0) {
      pods.delete(namespace);
      names = null;
    }
    return true;
  }

  function applyOne(change: ObjectChange): void {
    const parsed = change.type === 'set' ? parsedOf(change.object, parsePod) : undefined;
    faults.note(change, parsed);
    const { namespace, name } = objectName(change, true);
    const isChanged = parsed?.ok === true ? put(parsed.value) : remove(namespace, name);
    if (isChanged) touched.add(namespace);
  }

  function reownAll(): void {
    for (const namespace of reowned === 'all' ? pods.keys() : reowned)
      if (pods.get(namespace)?.reown(owners()) === true) touched.add(namespace);
    reowned = new Set();
  }

  return {
    get state() {
      return state;
    },
    get size() {
      return size + faults.size;
    },
    byNamespace() {
      reownAll();
      if (touched.size > 0)
        revision = revision.with([...touched].map((name) => [name, pods.get(name)?.show()]));
      touched.clear();
      return revision;
    },
    namespaces() {
      names ??= new Set(pods.keys());
      return names;
    },
    reown(namespace) {
      if (namespace === null) reowned = 'all';
      else if (reowned !== 'all') reowned.add(namespace);
    },
    problems: () => faults.problems(),
    apply: (changes) => changes.forEach(applyOne),
    prepare: (object) => new ParsedObject(object, parsePod, true),
    setState(next) {
      state = next;
    },
  };
}
