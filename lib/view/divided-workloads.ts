import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import type { AddressGroup, PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { NOTHING_PASSES, type PortBounds } from '#lib/engine/rule-ports.ts';
import { portsKey } from '#lib/model/port-set.ts';
import { namedCounterparts } from './named-groups.ts';
import { type NamespacePart, partsOf } from './namespace-parts.ts';
import { betweenStrangers, type Manner, mannersOfGroup } from './strangers.ts';
import { endpointsOf } from './workload-pairs.ts';

/** Workloads whose pods get different answers. */

type End = PodGroup | AddressGroup;

const OPPOSITE = { ingress: 'egress', egress: 'ingress' } as const;

function boundsKey(bounds: PortBounds = NOTHING_PASSES): string {
  return `${portsKey(bounds.sure)}|${portsKey(bounds.atMost)}`;
}

/** Groups by how they treat strangers in a direction: how many there are of each manner. */
interface Groups {
  readonly manners: Readonly<Record<Direction, ReadonlyMap<string, GroupsOfManner>>>;
  readonly onHosts: readonly PodGroup[];
}

interface GroupsOfManner {
  readonly manner: Manner;
  readonly count: number;
}

const ofParts = new WeakMap<NamespacePart, Groups>();
const ofClusters = new WeakMap<Connectivity, Groups>();

function groupsIn(connectivity: Connectivity, part: NamespacePart): Groups {
  const known = ofParts.get(part);
  if (known !== undefined) return known;
  const plain = part.groups.filter(({ hostNetwork }) => !hostNetwork);
  const count = (direction: Direction) =>
    added(
      plain.map((group) => {
        const manner = mannersOfGroup(connectivity, group)[direction];
        return { manner, count: 1 };
      }),
    );
  const groups = {
    manners: { ingress: count('ingress'), egress: count('egress') },
    onHosts: part.groups.filter(({ hostNetwork }) => hostNetwork),
  };
  ofParts.set(part, groups);
  return groups;
}

function added(all: Iterable<GroupsOfManner>): ReadonlyMap<string, GroupsOfManner> {
  const sums = new Map<string, GroupsOfManner>();
  for (const { manner, count } of all)
    sums.set(manner.key, { manner, count: count + (sums.get(manner.key)?.count ?? 0) });
  return sums;
}

function groupsOf(connectivity: Connectivity): Groups {
  const known = ofClusters.get(connectivity);
  if (known !== undefined) return known;
  const parts = [...partsOf(connectivity).values()].map((part) => groupsIn(connectivity, part));
  const sum = (direction: Direction) =>
    added(parts.flatMap(({ manners }) => [...manners[direction].values()]));
  const groups = {
    manners: { ingress: sum('ingress'), egress: sum('egress') },
    onHosts: parts.flatMap(({ onHosts }) => onHosts),
  };
  ofClusters.set(connectivity, groups);
  return groups;
}

/** The same pods narrowed to those of one workload, and the whole group that they are of. */
interface Own {
  readonly endpoint: PodGroup;
  readonly group: PodGroup;
}

type Two = readonly [Own, Own];

/** Whether those that no rule names together with one of the two answer both alike. */
function strangersAnswerAlike(
  connectivity: Connectivity,
  direction: Direction,
  two: Two,
  known: ReadonlySet<PodGroup>,
): boolean {
  const left = new Map(
    [...groupsOf(connectivity).manners[OPPOSITE[direction]]].map(([key, { count }]) => [
      key,
      count,
    ]),
  );
  for (const group of known) {
    if (group.hostNetwork) continue;
    const { key } = mannersOfGroup(connectivity, group)[OPPOSITE[direction]];
    left.set(key, (left.get(key) ?? 0) - 1);
  }
  const answer = ({ group }: Own, manner: Manner) => {
    const own = mannersOfGroup(connectivity, group)[direction];
    const [from, to] = direction === 'egress' ? [own, manner] : [manner, own];
    return boundsKey(betweenStrangers(connectivity, from, to)?.bounds);
  };
  return [...groupsOf(connectivity).manners[OPPOSITE[direction]].values()].every(
    ({ manner }) =>
      (left.get(manner.key) ?? 0) === 0 || answer(two[0], manner) === answer(two[1], manner),
  );
}

/** Whether two groups get the same answers in a direction, from or to everybody but each other. */
function answersAlike(connectivity: Connectivity, direction: Direction, two: Two): boolean {
  const isSame = (other: End) => {
    const [a, b] = two.map(({ endpoint }) =>
      direction === 'egress'
        ? connectionBounds(connectivity, endpoint, other)
        : connectionBounds(connectivity, other, endpoint),
    );
    return boundsKey(a) === boundsKey(b);
  };
  const groups = two.map(({ group }) => group);
  const isOther = (group: PodGroup) => !groups.includes(group);
  const ranges = connectivity[direction === 'egress' ? 'destinations' : 'sources'];
  if (!ranges.every(isSame)) return false;
  if (groups.some(({ hostNetwork }) => hostNetwork))
    return [...partsOf(connectivity).values()].every((part) =>
      part.groups.filter(isOther).every(isSame),
    );
  const known = new Set([...groups, ...groupsOf(connectivity).onHosts]);
  for (const group of groups)
    for (const other of namedCounterparts(connectivity, direction, group)) known.add(other);
  return (
    [...known].filter(isOther).every(isSame) &&
    strangersAnswerAlike(connectivity, direction, two, known)
  );
}

/** Whether the pods of a workload get different answers, so that each has rows of its own. */
export function isDivided(connectivity: Connectivity, workload: Workload): boolean {
  if (workload.groups.length === 1) return false;
  const endpoints = endpointsOf(workload);
  const [first, ...rest] = workload.groups.flatMap((group, i): readonly Own[] => {
    const endpoint = endpoints[i];
    return endpoint === undefined ? [] : [{ endpoint, group }];
  });
  return (
    first !== undefined &&
    !rest.every((other) =>
      DIRECTIONS.every((direction) => answersAlike(connectivity, direction, [first, other])),
    )
  );
}
