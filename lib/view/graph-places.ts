import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { MOST_SINGLE } from './graph-budget.ts';
import { bundleId, bundleNode, namespaceId, workloadNode } from './graph-nodes.ts';
import type { BundleNode, WorkloadNode } from './graph-view.ts';
import type { NamespacePart } from './namespace-parts.ts';
import { type Unit, unitsOf } from './units.ts';

/** Where workloads stand in a picture: in a node each, in one with those like them, or in that of their namespace. */

/** Some workloads of a unit, and the node they are drawn in. */
export interface Place {
  readonly id: string;
  readonly workloads: readonly Workload[];
}

/** Namespaces that are drawn with what is in them, and what of it is drawn one by one. */
export interface Opening {
  readonly expanded: ReadonlySet<string>;
  /** Keys of bundles. */
  readonly opened: ReadonlySet<string>;
}

/** The key of the bundle that a unit is drawn as; null where its workloads stand alone. */
function bundleOf(part: NamespacePart, { workloads }: Unit, { opened }: Opening): string | null {
  const key = refKey(workloads[0].ref);
  const isBundle = part.workloads.length > MOST_SINGLE && workloads.length > 1;
  return isBundle && !opened.has(key) ? key : null;
}

/** Gives the places of some of a unit's workloads. */
export function placing(parts: ReadonlyMap<string, NamespacePart>, opening: Opening) {
  /** The node that a unit is drawn in; null where each workload has its own. */
  const nodes = new Map<Unit, string | null>();
  const nodeOf = (unit: Unit): string | null => {
    const { namespace } = unit;
    const part = parts.get(namespace);
    if (part === undefined || !opening.expanded.has(namespace)) return namespaceId(namespace);
    const bundle = bundleOf(part, unit, opening);
    return bundle === null ? null : bundleId(bundle);
  };
  return (unit: Unit, workloads: readonly Workload[]): readonly Place[] => {
    let id = nodes.get(unit);
    if (id === undefined) {
      id = nodeOf(unit);
      nodes.set(unit, id);
    }
    if (id !== null) return [{ id, workloads }];
    return workloads.map((workload) => ({ id: refKey(workload.ref), workloads: [workload] }));
  };
}

/** What stands in a namespace's frame: a workload, or a bundle of them. */
export interface InnerPlace extends Place {
  readonly unit: Unit;
}

/** By their first workloads. */
export function innerPlaces(
  connectivity: Connectivity,
  part: NamespacePart,
  opening: Opening,
): readonly InnerPlace[] {
  return unitsOf(connectivity, part)
    .units.flatMap((unit): readonly (InnerPlace & { key: string })[] => {
      const { workloads } = unit;
      const key = bundleOf(part, unit, opening);
      if (key !== null) return [{ key, id: bundleId(key), unit, workloads }];
      return workloads.map((workload) => {
        const own = refKey(workload.ref);
        return { key: own, id: own, unit, workloads: [workload] };
      });
    })
    .sort((a, b) => compareText(a.key, b.key));
}

export function innerNode(
  connectivity: Connectivity,
  { id, unit, workloads }: InnerPlace,
  inside: number,
): WorkloadNode | BundleNode {
  const [workload] = workloads;
  return workload === undefined || workloads.length > 1 || id !== refKey(workload.ref)
    ? bundleNode(connectivity, unit, inside)
    : workloadNode(connectivity, workload, namespaceId(unit.namespace));
}
