import type { Pod } from '#lib/model/cluster.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import { isSame } from './same-value.ts';
import { type OwnerLookup, workloadOf } from './workload-owners.ts';

/**
 * The pods of one namespace, sorted by name. A pod shares what it says with its neighbours: those of
 * one workload stand side by side and differ in their name, address and node alone. Sharing with
 * neighbours needs no pool that would grow with every pod that ever was.
 */
export class NamespacePods {
  #pods: Pod[] = [];
  /** By the position of the pod: whom the pod itself names, from which its workload follows. */
  readonly #controllers: ObjectRef[] = [];
  /** The array was given away: it is copied before the next change. */
  #isShown = false;

  get size(): number {
    return this.#pods.length;
  }

  /** The same array until something changes. */
  show(): readonly Pod[] {
    this.#isShown = true;
    return this.#pods;
  }

  /** `pod` as it was parsed, with its controller for a workload. True when it says something new. */
  set(pod: Pod, owners: OwnerLookup): boolean {
    const at = this.#position(pod.name);
    const former = this.#pods[at]?.name === pod.name ? this.#pods[at] : undefined;
    const next = former === undefined ? at : at + 1;
    const before = this.#pods[at - 1];
    const after = this.#pods[next];
    const controllers = this.#controllers;
    const controller =
      sameRef(pod.workload, controllers[at]) ??
      sameRef(pod.workload, controllers[at - 1]) ??
      sameRef(pod.workload, controllers[next]) ??
      pod.workload;
    const workload = workloadOf(pod, controller, owners);
    const held = withShared(
      pod,
      before?.namespace ?? pod.namespace,
      sameRef(workload, former?.workload) ??
        sameRef(workload, before?.workload) ??
        sameRef(workload, after?.workload) ??
        workload,
    );
    if (former !== undefined && controller === controllers[at] && isSame(former, held))
      return false;
    const replaced = former === undefined ? 0 : 1;
    controllers.splice(at, replaced, controller);
    this.#own().splice(at, replaced, held);
    return true;
  }

  delete(name: string): boolean {
    const at = this.#position(name);
    if (this.#pods[at]?.name !== name) return false;
    this.#own().splice(at, 1);
    this.#controllers.splice(at, 1);
    return true;
  }

  /** Looks the workloads of all pods up again. True when one is another now. */
  reown(owners: OwnerLookup): boolean {
    let any = false;
    for (const [at, controller] of this.#controllers.entries()) {
      const pod = this.#pods[at];
      if (pod === undefined) continue;
      const workload = workloadOf(pod, controller, owners);
      if (isSameRef(workload, pod.workload)) continue;
      this.#own()[at] = {
        ...pod,
        workload: sameRef(workload, this.#pods[at - 1]?.workload) ?? workload,
      };
      any = true;
    }
    return any;
  }

  #own(): Pod[] {
    if (this.#isShown) this.#pods = this.#pods.slice();
    this.#isShown = false;
    return this.#pods;
  }

  /** Where the pod is, or would be. Lists come sorted: it is mostly the end. */
  #position(name: string): number {
    let low = 0;
    let high = this.#pods.length;
    if ((this.#pods[high - 1]?.name ?? '') < name) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pods[middle]?.name ?? '') < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Nobody else has seen the pod yet: it is not copied to say the same with other objects. */
function withShared(
  pod: { -readonly [Field in keyof Pod]: Pod[Field] },
  namespace: string,
  workload: ObjectRef,
): Pod {
  pod.namespace = namespace;
  pod.workload = workload;
  return pod;
}

/** The other where it is a reference to the same object. */
function sameRef(ref: ObjectRef, other: ObjectRef | undefined): ObjectRef | undefined {
  return other !== undefined && isSameRef(ref, other) ? other : undefined;
}

function isSameRef(a: ObjectRef, b: ObjectRef): boolean {
  return a === b || (a.name === b.name && a.kind === b.kind && a.namespace === b.namespace);
}
