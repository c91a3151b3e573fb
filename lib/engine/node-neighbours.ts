import type { Pod } from '#lib/model/cluster.ts';
import type { PodGroup } from './endpoint.ts';

/** Which pods share their nodes with pods on their nodes' network, which they meet whatever policies say (GEN-14, GEN-15). */

/** How many pods there are; a template counts for its replicas. */
export function podsIn(pods: readonly Pod[]): number {
  let sum = 0;
  for (const { replicas } of pods) sum += Math.max(1, replicas);
  return sum;
}

/** Pods by their nodes; those whose node is not known stand under null. */
function podsByNode({ pods }: PodGroup): ReadonlyMap<string | null, number> {
  const found = new Map<string | null, number>();
  for (const { node, replicas } of pods)
    found.set(node, (found.get(node) ?? 0) + Math.max(1, replicas));
  return found;
}

/** How many pairs of pods of a group on hosts and of others are on one node, or may be. */
export interface Neighbours {
  readonly place: number;
  readonly near: number;
  /** Where a node is not known. */
  readonly perhaps: number;
}

function listAt<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key) ?? [];
  lists.set(key, known);
  return known;
}

/** By node: the groups with pods there, and how many. */
type Residents = Map<string, { readonly place: number; readonly pods: number }[]>;

/** By place: how many pairs there are with pods on the same nodes. */
function metOn(
  nodes: ReadonlyMap<string | null, number>,
  residents: Residents,
): ReadonlyMap<number, number> {
  const near = new Map<number, number>();
  for (const [node, count] of nodes)
    for (const { place, pods } of node === null ? [] : (residents.get(node) ?? []))
      near.set(place, (near.get(place) ?? 0) + count * pods);
  return near;
}

/** Where the pods of some groups are. */
interface Homes {
  readonly pods: number;
  readonly nodes: ReadonlyMap<string | null, number>;
}

function residentsOf(homes: ReadonlyMap<number, Homes>): Residents {
  const residents: Residents = new Map();
  for (const [place, { nodes }] of homes)
    for (const [node, pods] of nodes)
      if (node !== null) listAt(residents, node).push({ place, pods });
  return residents;
}

function homesOf(groups: readonly PodGroup[], areHosts: boolean): ReadonlyMap<number, Homes> {
  const homes = new Map<number, Homes>();
  for (const [place, group] of groups.entries())
    if (group.hostNetwork === areHosts)
      homes.set(place, { pods: podsIn(group.pods), nodes: podsByNode(group) });
  return homes;
}

/** By place: whom pods on their nodes' network share their nodes with, and these with those. */
export function neighboursOf(
  groups: readonly PodGroup[],
): ReadonlyMap<number, readonly Neighbours[]> {
  const homes = homesOf(groups, false);
  const residents = residentsOf(homes);
  const homeless = [...homes].flatMap(([place, { nodes }]) => (nodes.has(null) ? [place] : []));
  const found = new Map<number, Neighbours[]>();
  for (const [host, { pods, nodes }] of homesOf(groups, true)) {
    const near = metOn(nodes, residents);
    const lost = nodes.get(null) ?? 0;
    for (const place of lost > 0 ? homes.keys() : new Set([...near.keys(), ...homeless])) {
      const other = homes.get(place);
      const perhaps = lost * (other?.pods ?? 0) + (pods - lost) * (other?.nodes.get(null) ?? 0);
      const counts = { near: near.get(place) ?? 0, perhaps };
      listAt(found, host).push({ place, ...counts });
      listAt(found, place).push({ place: host, ...counts });
    }
  }
  return found;
}

/** The pods of a group on each of its nodes; null when some node is not known. */
function splitByNode({ pods }: PodGroup): ReadonlyMap<string, readonly [Pod, ...Pod[]]> | null {
  const found = new Map<string, [Pod, ...Pod[]]>();
  for (const pod of pods) {
    if (pod.node === null) return null;
    const there = found.get(pod.node);
    if (there === undefined) found.set(pod.node, [pod]);
    else there.push(pod);
  }
  return found;
}

/**
 * The pairs of pods of two groups, those on one node apart from the others: with ends that stand for
 * them. Where nodes are not known, all together.
 */
export function pairsByNode(
  from: PodGroup,
  to: PodGroup,
): readonly (readonly [PodGroup, PodGroup, number])[] {
  const itself = from === to ? podsIn(from.pods) : 0;
  const all = podsIn(from.pods) * podsIn(to.pods) - itself;
  const [sources, destinations] = [splitByNode(from), splitByNode(to)];
  if (sources === null || destinations === null) return [[from, to, all]];
  let near = -itself;
  const found: (readonly [PodGroup, PodGroup, number])[] = [];
  let neighbours: readonly [PodGroup, PodGroup] | null = null;
  for (const [node, here] of sources) {
    const there = destinations.get(node);
    if (there === undefined) continue;
    near += podsIn(here) * podsIn(there);
    neighbours ??= [
      { ...from, pods: here },
      { ...to, pods: there },
    ];
  }
  if (neighbours !== null) found.push([...neighbours, near]);
  const strangers = strangersIn(from, sources, to, destinations);
  if (strangers !== null) found.push([...strangers, all - (neighbours === null ? 0 : near)]);
  return found;
}

/** Pods of two groups that are not on one node; null when there are none. */
function strangersIn(
  from: PodGroup,
  sources: ReadonlyMap<string, readonly [Pod, ...Pod[]]>,
  to: PodGroup,
  destinations: ReadonlyMap<string, readonly [Pod, ...Pod[]]>,
): readonly [PodGroup, PodGroup] | null {
  for (const [node, here] of sources)
    for (const [other, there] of destinations)
      if (other !== node)
        return [
          { ...from, pods: here },
          { ...to, pods: there },
        ];
  return null;
}
