import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { namingOf } from './named-groups.ts';
import { type NamespacePart, partsOf } from './namespace-parts.ts';
import { endpointsOf } from './workload-pairs.ts';

/** Workloads of one namespace that policies do not tell apart: what is found for one holds for each. */
export interface Unit {
  readonly namespace: string;
  /** In the order of their keys. */
  readonly workloads: readonly [Workload, ...Workload[]];
  /**
   * The groups of one of them. On the network of nodes each is an endpoint of its own, that knows
   * where it runs.
   */
  readonly groups: readonly PodGroup[];
  /** Some of its pods share the network of their nodes: what passes depends on where the others run. */
  readonly onHosts: boolean;
}

export interface PartUnits {
  /** In the order of their first workloads. */
  readonly units: readonly Unit[];
  readonly ofGroup: ReadonlyMap<PodGroup, readonly Unit[]>;
}

interface Kept {
  /** Null where units do not depend on policies elsewhere. */
  readonly policies: readonly CompiledPolicy[] | null;
  readonly units: PartUnits;
}

const kept = new WeakMap<NamespacePart, Kept>();

/** From so many groups on it is worth finding out which of them are alike. */
const MANY_GROUPS = 64;

/** The units of a namespace. */
export function unitsOf(connectivity: Connectivity, part: NamespacePart): PartUnits {
  const known = kept.get(part);
  const { policies } = connectivity.snapshot;
  if (known !== undefined && (known.policies === null || known.policies === policies))
    return known.units;
  const isLarge = part.groups.length >= MANY_GROUPS;
  const alike = isLarge ? alikeGroups(connectivity, part.groups) : null;
  const units = makeUnits(part, (group) => alike?.get(group));
  kept.set(part, { policies: isLarge ? policies : null, units });
  return units;
}

/** The unit of a workload; null when it is not of this cluster. */
export function unitOf(connectivity: Connectivity, { ref, groups }: Workload): Unit | null {
  const part = partsOf(connectivity).get(ref.namespace ?? '');
  if (part === undefined) return null;
  const key = refKey(ref);
  const units = unitsOf(connectivity, part).ofGroup.get(groups[0]) ?? [];
  const isIn = ({ workloads }: Unit) => workloads.some((each) => refKey(each.ref) === key);
  return units.length === 1 ? (units[0] ?? null) : (units.find(isIn) ?? null);
}

const numbers = new WeakMap<object, number>();
let given = 0;

function numberOf(object: object): number {
  const known = numbers.get(object) ?? given++;
  numbers.set(object, known);
  return known;
}

/** Equal for groups that the same policies select and the same rules name, and that have the same named ports. */
export function likeness(connectivity: Connectivity, group: PodGroup): string {
  const [{ ports, addresses }] = group.pods;
  const around = DIRECTIONS.map((direction) => {
    const { policies, perhaps } = sideAt(connectivity, group, direction);
    return policies.map((policy) => `${numberOf(policy)}${perhaps.has(policy) ? '?' : ''}`);
  });
  const own = DIRECTIONS.flatMap((direction) =>
    sideAt(connectivity, group, direction)
      .policies.flatMap((policy) => policy.rules[direction])
      .flatMap((rule) => rule.own ?? [])
      .map(({ match }) => connectivity.peers.match(match, group, group)),
  );
  const named = ports
    .filter(({ name }) => name !== null)
    .map(({ name, protocol, port, container }) => `${name} ${protocol} ${port} ${container}`)
    .sort();
  const families = addresses.map(({ family }) => family);
  return JSON.stringify([around, own, named, families, namingOf(connectivity, group)]);
}

/** By group: the first of those like it. */
function alikeGroups(connectivity: Connectivity, groups: readonly PodGroup[]) {
  const alike = Map.groupBy(groups, (group) =>
    group.hostNetwork ? group : likeness(connectivity, group),
  );
  return new Map([...alike.values()].flatMap((same) => same.map((group) => [group, same[0]])));
}

function makeUnits(
  part: NamespacePart,
  firstLike: (group: PodGroup) => PodGroup | undefined,
): PartUnits {
  const members = Map.groupBy(part.workloads, (workload) => {
    const [group, ...others] = workload.groups;
    return others.length > 0 || group.hostNetwork ? workload : (firstLike(group) ?? group);
  });
  const ofGroup = new Map<PodGroup, Unit[]>();
  const units = [...members.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const { namespace, groups } = first;
    const onHosts = groups.some(({ hostNetwork }) => hostNetwork);
    const unit: Unit = {
      namespace,
      workloads: [first, ...rest],
      groups: onHosts ? endpointsOf(first) : groups,
      onHosts,
    };
    for (const group of new Set(unit.workloads.flatMap((workload) => workload.groups)))
      ofGroup.set(group, [...(ofGroup.get(group) ?? []), unit]);
    return [unit];
  });
  return { units, ofGroup };
}
