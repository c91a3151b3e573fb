import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { namesSomebody } from '#lib/engine/leaves.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { EVERYTHING_PASSES } from '#lib/engine/rule-ports.ts';
import { isFree } from '#lib/engine/side.ts';
import { formatIp } from '#lib/model/ip-address.ts';
import { namedCounterparts } from './named-groups.ts';
import { type NamespacePart, partsOf } from './namespace-parts.ts';
import { betweenStrangers, mannersOf, mayBeStranger } from './strangers.ts';
import { type PartUnits, type Unit, unitsOf } from './units.ts';
import { endpointsOf, isDnsAlone, type Passage, passageBetween } from './workload-pairs.ts';

/** Pairs of units that have to be looked at, because rules name one end or the nodes decide. */

/** Each of some workloads of one unit with each of another's, save itself. */
export interface UnitPair {
  readonly source: Unit;
  readonly target: Unit;
  readonly from: readonly Workload[];
  readonly to: readonly Workload[];
  /** Null where nothing passes. */
  readonly passage: Passage | null;
}

/** Why a connection is drawn, or left out of the picture. */
export function drawnAs(passage: Passage): 'rules' | 'open' | 'dns' {
  return passage.basis === 'open' ? 'open' : isDnsAlone(passage) ? 'dns' : 'rules';
}

/** How many pairs of different workloads there are. */
export function pairsBetween(from: readonly Workload[], to: readonly Workload[]): number {
  const [few, many] = from.length < to.length ? [from, to] : [to, from];
  const isApart = few === many ? false : few[0]?.namespace !== many[0]?.namespace;
  const same =
    few === many ? few.length : isApart ? 0 : few.filter((each) => many.includes(each)).length;
  return from.length * to.length - same;
}

/** Units with a group that a rule of either side names together with one of these, of those that may be strangers else. */
export function partnersOf(
  connectivity: Connectivity,
  direction: Direction,
  groups: readonly PodGroup[],
): ReadonlySet<Unit> {
  const parts = partsOf(connectivity);
  const found = new Set<Unit>();
  for (const group of groups)
    for (const other of namedCounterparts(connectivity, direction, group)) {
      const part = parts.get(other.namespace.name);
      if (part === undefined) continue;
      for (const each of unitsOf(connectivity, part).ofGroup.get(other) ?? [])
        if (mayBeStranger(each)) found.add(each);
    }
  return found;
}

/** Every workload of one unit with every one of another. */
function* everyPair(connectivity: Connectivity, source: Unit, target: Unit): Generator<UnitPair> {
  // Nobody is a pair with itself.
  if (source === target && source.workloads.length === 1) return;
  if (source.onHosts || target.onHosts) yield* hostPairs(connectivity, source, target);
  else {
    const passage = passageBetween(connectivity, source.groups, target.groups);
    yield { source, target, from: source.workloads, to: target.workloads, passage };
  }
}

/** Units that rules of a unit's own side name. */
function* namedByRules(
  connectivity: Connectivity,
  unit: Unit,
  direction: Direction,
): Generator<Unit> {
  const parts = partsOf(connectivity);
  const matches = unit.groups
    .flatMap((group) => sideAt(connectivity, group, direction).policies)
    .flatMap(({ rules }) => rules[direction])
    .flatMap(({ peers }) => peers)
    .filter(({ match }) => namesSomebody(match));
  for (const { match } of matches)
    for (const group of connectivity.peers.pods(match)) {
      const part = parts.get(group.namespace.name);
      if (part === undefined) continue;
      for (const other of unitsOf(connectivity, part).ofGroup.get(group) ?? [])
        if (mayBeStranger(other)) yield other;
    }
}

/**
 * By source: the units that it is a named pair with, for the whole cluster. Going along the rules is
 * faster than asking for each unit which rules name it.
 */
function namedTargets(connectivity: Connectivity): ReadonlyMap<Unit, ReadonlySet<Unit>> {
  const found = new Map<Unit, Set<Unit>>();
  const add = (source: Unit, target: Unit) => {
    const targets = found.get(source);
    if (targets === undefined) found.set(source, new Set([target]));
    else targets.add(target);
  };
  for (const part of partsOf(connectivity).values())
    for (const unit of unitsOf(connectivity, part).units) {
      if (!mayBeStranger(unit)) continue;
      for (const other of namedByRules(connectivity, unit, 'egress')) add(unit, other);
      for (const other of namedByRules(connectivity, unit, 'ingress')) add(other, unit);
    }
  return found;
}

/** Whether no policy is around a unit in a direction. */
function isUnpoliced(connectivity: Connectivity, direction: Direction, unit: Unit): boolean {
  return unit.groups.every((group) => isFree(sideAt(connectivity, group, direction)));
}

/** Pairs of which one end is on a node's network, one workload at a time where it matters which. */
function* hostPairs(connectivity: Connectivity, source: Unit, target: Unit): Generator<UnitPair> {
  const isSame =
    isUnpoliced(connectivity, 'egress', source) && isUnpoliced(connectivity, 'ingress', target);
  if (isSame) {
    yield { source, target, from: source.workloads, to: target.workloads, passage: OPEN };
    return;
  }
  for (const from of source.workloads)
    for (const to of target.workloads) {
      const passage = hostPassage(connectivity, source, target, from, to);
      yield { source, target, from: [from], to: [to], passage };
    }
}

/** Where no policy is at either end. */
const OPEN: Passage = { bounds: EVERYTHING_PASSES, basis: 'open', looksAtRequests: false };

const places = new WeakMap<Unit, string | null>();

/** Equal for units that differ in nothing that policies elsewhere see of hosts; null for those that policies are around. */
function placeOf(connectivity: Connectivity, unit: Unit): string | null {
  const known = places.get(unit);
  if (known !== undefined) return known;
  const isPlain =
    unit.groups.every(({ hostNetwork }) => hostNetwork) &&
    DIRECTIONS.every((direction) => isUnpoliced(connectivity, direction, unit));
  const seen = unit.groups.map(({ pods }) => [
    [...new Set(pods.map(({ node }) => node))].sort(),
    [...new Set(pods.flatMap(({ addresses }) => addresses.map(formatIp)))].sort(),
    pods[0].ports.map(({ name, protocol, port, container }) => [name, protocol, port, container]),
  ]);
  const place = isPlain ? JSON.stringify(seen) : null;
  places.set(unit, place);
  return place;
}

type Known = Map<string, Map<Workload, Passage | null>>;
const hostPassages = new WeakMap<Connectivity, Readonly<Record<Direction, Known>>>();

/** What passes between a host and somebody; found once for hosts on the same nodes. */
function hostPassage(
  connectivity: Connectivity,
  source: Unit,
  target: Unit,
  from: Workload,
  to: Workload,
): Passage | null {
  const find = () => passageBetween(connectivity, endpointsOf(from), endpointsOf(to));
  if (source.onHosts === target.onHosts) return find();
  const place = placeOf(connectivity, source.onHosts ? source : target);
  if (place === null) return find();
  const all = hostPassages.get(connectivity) ?? { ingress: new Map(), egress: new Map() };
  hostPassages.set(connectivity, all);
  const known = all[source.onHosts ? 'egress' : 'ingress'];
  const own = known.get(place) ?? new Map<Workload, Passage | null>();
  known.set(place, own);
  const other = source.onHosts ? to : from;
  let passage = own.get(other);
  if (passage === undefined) {
    passage = find();
    own.set(other, passage);
  }
  return passage;
}

const hosts = new WeakMap<Connectivity, readonly Unit[]>();

/** Units on the network of nodes. */
function hostUnits(connectivity: Connectivity): readonly Unit[] {
  const known = hosts.get(connectivity);
  if (known !== undefined) return known;
  const found = [...partsOf(connectivity).values()].flatMap((part) => hostsIn(connectivity, part));
  hosts.set(connectivity, found);
  return found;
}

const hostsOfPart = new WeakMap<PartUnits, readonly Unit[]>();

function hostsIn(connectivity: Connectivity, part: NamespacePart): readonly Unit[] {
  if (!part.groups.some(({ hostNetwork }) => hostNetwork)) return [];
  const all = unitsOf(connectivity, part);
  const known = hostsOfPart.get(all);
  if (known !== undefined) return known;
  const found = all.units.filter(({ onHosts }) => onHosts);
  hostsOfPart.set(all, found);
  return found;
}

function nodesOfUnit({ workloads }: Unit): ReadonlySet<string> {
  const nodes = new Set<string>();
  for (const { pods } of workloads) for (const { node } of pods) if (node !== null) nodes.add(node);
  return nodes;
}

/** By node: units with pods there. */
type ByNode = ReadonlyMap<string, readonly Unit[]>;

function byNode(units: Iterable<Unit>): ByNode {
  const found = new Map<string, Unit[]>();
  for (const unit of units)
    for (const node of nodesOfUnit(unit)) {
      const there = found.get(node);
      if (there === undefined) found.set(node, [unit]);
      else there.push(unit);
    }
  return found;
}

const hostsByNode = new WeakMap<Connectivity, ByNode>();
const guestsByNode = new WeakMap<Connectivity, ByNode>();

function kept(all: WeakMap<Connectivity, ByNode>, connectivity: Connectivity, make: () => ByNode) {
  const known = all.get(connectivity) ?? make();
  all.set(connectivity, known);
  return known;
}

/** Units on the nodes of a unit: hosts, or for a host those that are none. */
function neighboursOf(connectivity: Connectivity, unit: Unit): ReadonlySet<Unit> {
  const there = unit.onHosts
    ? kept(guestsByNode, connectivity, () =>
        byNode(
          [...partsOf(connectivity).values()].flatMap((part) =>
            unitsOf(connectivity, part).units.filter(({ onHosts }) => !onHosts),
          ),
        ),
      )
    : kept(hostsByNode, connectivity, () => byNode(hostUnits(connectivity)));
  const found = new Set<Unit>();
  if (there.size === 0) return found;
  for (const node of nodesOfUnit(unit)) for (const other of there.get(node) ?? []) found.add(other);
  return found;
}

const policed = new WeakMap<Connectivity, readonly Unit[]>();

/** Hosts with policies of their own. */
function policedHosts(connectivity: Connectivity): readonly Unit[] {
  const known = policed.get(connectivity);
  if (known !== undefined) return known;
  const found = hostUnits(connectivity).filter((host) => !mayBeStranger(host));
  policed.set(connectivity, found);
  return found;
}

/**
 * Units that have to be looked at together with a unit because one of the two is on a node's
 * network: those on the same node, which meet in spite of policies, and hosts with policies of their own.
 */
export function hostsToLookAt(
  connectivity: Connectivity,
  direction: Direction,
  unit: Unit,
): ReadonlySet<Unit> {
  if (!mayBeStranger(unit))
    return new Set(
      [...partsOf(connectivity).values()].flatMap((part) => unitsOf(connectivity, part).units),
    );
  const found = new Set(policedHosts(connectivity));
  const opposite = direction === 'egress' ? 'ingress' : 'egress';
  if (unit.onHosts) {
    for (const guest of neighboursOf(connectivity, unit))
      if (!isUnpoliced(connectivity, opposite, guest)) found.add(guest);
  } else if (!isUnpoliced(connectivity, direction, unit))
    for (const host of neighboursOf(connectivity, unit)) found.add(host);
  return found;
}

/** What would pass between the two if no rule named them and they were on other nodes; null where nothing would, and for those who are never counted so. */
export function asStrangers(connectivity: Connectivity, { source, target }: UnitPair) {
  if (!mayBeStranger(source) || !mayBeStranger(target)) return null;
  const { egress } = mannersOf(connectivity, source);
  return betweenStrangers(connectivity, egress, mannersOf(connectivity, target).ingress);
}

/** All that has to be looked at from (egress) or to (ingress) the units of a namespace; all others are strangers. */
export function* leavingPairs(
  connectivity: Connectivity,
  part: NamespacePart,
  direction: Direction,
): Generator<UnitPair> {
  for (const unit of unitsOf(connectivity, part).units) {
    const named = mayBeStranger(unit) ? partnersOf(connectivity, direction, unit.groups) : [];
    const others = new Set([...named, ...hostsToLookAt(connectivity, direction, unit)]);
    for (const other of others)
      yield* direction === 'egress'
        ? everyPair(connectivity, unit, other)
        : everyPair(connectivity, other, unit);
  }
}

/** All that has to be looked at with an end in the namespace, each pair once. */
export function* pairsOfNamespace(
  connectivity: Connectivity,
  part: NamespacePart,
): Generator<UnitPair> {
  // Those that stay inside are met on their way out.
  for (const direction of DIRECTIONS)
    for (const pair of leavingPairs(connectivity, part, direction))
      if (direction === 'egress' || pair.source.namespace !== part.namespace) yield pair;
}

/** All that has to be looked at in the cluster, each pair once. */
export function* pairsOfCluster(connectivity: Connectivity): Generator<UnitPair> {
  const named = namedTargets(connectivity);
  for (const part of partsOf(connectivity).values())
    for (const unit of unitsOf(connectivity, part).units) {
      const targets = new Set(named.get(unit));
      for (const other of hostsToLookAt(connectivity, 'egress', unit)) targets.add(other);
      for (const target of targets) yield* everyPair(connectivity, unit, target);
    }
}
