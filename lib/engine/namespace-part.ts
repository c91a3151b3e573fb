import type { Namespace, Pod } from '#lib/model/cluster.ts';
import { compareText, type ObjectRef, refKey } from '#lib/model/object-ref.ts';
import { type CompiledPolicy, DIRECTIONS } from './compiled-policy.ts';
import type { PodGroup } from './endpoint.ts';
import type { Grouping } from './pod-groups.ts';
import type { Sides } from './side.ts';

/** The pods of one controller, or a bare pod, and the groups they fall into. */
export interface Workload {
  readonly ref: ObjectRef;
  readonly namespace: string;
  /** Pods that take part in traffic; finished ones are left out. */
  readonly pods: readonly [Pod, ...Pod[]];
  /** One, unless policies tell its pods apart. */
  readonly groups: readonly [PodGroup, ...PodGroup[]];
}

/**
 * What an analysis finds in one namespace. Immutable, and the same object from one analysis to the
 * next while nothing in it changes, so that whatever is derived from it may be kept by it.
 */
export interface NamespacePart {
  readonly namespace: Namespace;
  /** Sorted by name, finished ones included. */
  readonly pods: readonly Pod[];
  /** In the order of their first pods. */
  readonly groups: readonly PodGroup[];
  /** By refKey, sorted. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** The workloads that have pods in a group of this namespace. */
  workloadsOf(group: PodGroup): readonly Workload[];
  /** Groups that a policy selects, or may. */
  selectedBy(policy: CompiledPolicy): readonly PodGroup[];
  /** Groups whose labels have a value. */
  labelled(key: string, value: string): readonly PodGroup[];
}

/** Groups one namespace's pods and finds the policies around each group. */
export function namespacePart(
  namespace: Namespace,
  pods: readonly Pod[],
  grouping: Grouping,
  sidesAround: ReturnType<Sides['around']>,
): NamespacePart {
  const groups = grouping.group(pods).map((members, position): PodGroup => {
    const [{ labels, hostNetwork }] = members;
    const group = {
      kind: 'pods',
      namespace,
      position,
      labels,
      hostNetwork,
      pods: members,
    } as const;
    return { ...group, sides: sidesAround(group) };
  });
  return new LazyPart(namespace, pods, groups);
}

/** Most of a large cluster is never looked at closely: what is derived is derived when it is asked for. */
class LazyPart implements NamespacePart {
  readonly namespace: Namespace;
  readonly pods: readonly Pod[];
  readonly groups: readonly PodGroup[];
  #workloads: ReadonlyMap<string, Workload> | null = null;
  #byGroup: readonly (readonly Workload[])[] | null = null;
  #subjects: ReadonlyMap<CompiledPolicy, readonly PodGroup[]> | null = null;
  readonly #labelled = new Map<string, ReadonlyMap<string, readonly PodGroup[]>>();

  constructor(namespace: Namespace, pods: readonly Pod[], groups: readonly PodGroup[]) {
    this.namespace = namespace;
    this.pods = pods;
    this.groups = groups;
  }

  get workloads(): ReadonlyMap<string, Workload> {
    this.#workloads ??= workloadsOf(this.groups);
    return this.#workloads;
  }

  workloadsOf(group: PodGroup): readonly Workload[] {
    if (this.#byGroup === null) {
      const byGroup = this.groups.map((): Workload[] => []);
      for (const workload of this.workloads.values())
        for (const { position } of workload.groups) byGroup[position]?.push(workload);
      this.#byGroup = byGroup;
    }
    return this.#byGroup[group.position] ?? [];
  }

  selectedBy(policy: CompiledPolicy): readonly PodGroup[] {
    this.#subjects ??= subjectsIn(this.groups);
    return this.#subjects.get(policy) ?? [];
  }

  labelled(key: string, value: string): readonly PodGroup[] {
    let byValue = this.#labelled.get(key);
    if (byValue === undefined) {
      byValue = Map.groupBy(
        this.groups.filter(({ labels }) => labels.has(key)),
        ({ labels }) => labels.get(key) ?? '',
      );
      this.#labelled.set(key, byValue);
    }
    return byValue.get(value) ?? [];
  }
}

function workloadsOf(groups: readonly PodGroup[]): ReadonlyMap<string, Workload> {
  const members = new Map<string, { ref: ObjectRef; pods: Pod[]; groups: PodGroup[] }>();
  const keys = new Map<ObjectRef, string>();
  const keyOf = (ref: ObjectRef) => {
    const key = keys.get(ref) ?? refKey(ref);
    keys.set(ref, key);
    return key;
  };
  for (const group of groups)
    for (const pod of group.pods) {
      const key = keyOf(pod.workload);
      const found = members.get(key);
      if (found === undefined)
        members.set(key, { ref: pod.workload, pods: [pod], groups: [group] });
      else {
        found.pods.push(pod);
        if (found.groups.at(-1) !== group) found.groups.push(group);
      }
    }
  const sorted = [...members].sort(([a], [b]) => compareText(a, b));
  return new Map(
    sorted.flatMap(([key, { ref, pods, groups: own }]): readonly [string, Workload][] => {
      const [pod, ...otherPods] = pods;
      const [group, ...others] = own;
      if (pod === undefined || group === undefined) return [];
      const { namespace } = pod;
      return [[key, { ref, namespace, pods: [pod, ...otherPods], groups: [group, ...others] }]];
    }),
  );
}

function subjectsIn(groups: readonly PodGroup[]): ReadonlyMap<CompiledPolicy, readonly PodGroup[]> {
  const subjects = new Map<CompiledPolicy, PodGroup[]>();
  for (const group of groups)
    for (const policy of new Set(DIRECTIONS.flatMap((each) => group.sides[each].policies))) {
      const selected = subjects.get(policy);
      if (selected === undefined) subjects.set(policy, [group]);
      else selected.push(group);
    }
  return subjects;
}
