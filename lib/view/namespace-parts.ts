import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { NamespacePart as EnginePart, Workload } from '#lib/engine/namespace-part.ts';
import type { Pod } from '#lib/model/cluster.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';

/** What a namespace holds; the same object as long as nothing in it changes. */
export interface NamespacePart {
  readonly namespace: string;
  /** Sorted by name; finished ones too. */
  readonly pods: readonly Pod[];
  readonly groups: readonly PodGroup[];
  /** Sorted by key. */
  readonly workloads: readonly Workload[];
}

const known = new WeakMap<Connectivity, ReadonlyMap<string, NamespacePart>>();

/** By name, every namespace there is. */
export function partsOf(connectivity: Connectivity): ReadonlyMap<string, NamespacePart> {
  const parts = known.get(connectivity) ?? makeParts(connectivity);
  known.set(connectivity, parts);
  return parts;
}

/** What is made of a part of the analysis stays as long as that does. */
const made = new WeakMap<object, NamespacePart>();

function makeParts({ snapshot, parts }: Connectivity) {
  return new Map(
    [...snapshot.namespaces].map(([name, namespace]): readonly [string, NamespacePart] => {
      const part = parts.get(name);
      const key = part ?? namespace;
      const known = made.get(key) ?? viewOf(name, part);
      made.set(key, known);
      return [name, known];
    }),
  );
}

const sorted = new WeakMap<ReadonlyMap<string, NamespacePart>, readonly NamespacePart[]>();

/** As the keys of what is in them are sorted, in which a slash follows the namespace. */
export function partsByKey(connectivity: Connectivity): readonly NamespacePart[] {
  const parts = partsOf(connectivity);
  const known = sorted.get(parts);
  if (known !== undefined) return known;
  const found = [...parts.values()].sort((a, b) =>
    compareText(`${a.namespace}/`, `${b.namespace}/`),
  );
  sorted.set(parts, found);
  return found;
}

function viewOf(namespace: string, part: EnginePart | undefined): NamespacePart {
  let workloads: readonly Workload[] | null = null;
  return {
    namespace,
    pods: part?.pods ?? [],
    groups: part?.groups ?? [],
    get workloads() {
      workloads ??= [...(part?.workloads.values() ?? [])];
      return workloads;
    },
  };
}

/** The workload of a key; null when there is none. */
export function workloadOfKey(connectivity: Connectivity, key: string): Workload | null {
  const part = partsOf(connectivity).get(key.slice(0, key.indexOf('/')));
  return part?.workloads.find(({ ref }) => refKey(ref) === key) ?? null;
}
