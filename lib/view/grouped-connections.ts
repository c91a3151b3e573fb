import type { Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, connectionBounds, sideAt } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts } from '#lib/engine/explain.ts';
import type { UnknownCause } from '#lib/engine/explanation.ts';
import { NOTHING_PASSES, type PortBounds, unsurePorts } from '#lib/engine/rule-ports.ts';
import { isFree } from '#lib/engine/side.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { isEmptyPorts, type PortSet, portsKey } from '#lib/model/port-set.ts';
import { listScope } from './connection-list.ts';
import { entryRows } from './entry-rows.ts';
import { type ListEnd, listEnds } from './list-ends.ts';
import { namedCounterparts } from './named-groups.ts';
import { betweenStrangers, type Manner, type Manners, mannersOfGroup } from './strangers.ts';
import { likeness } from './units.ts';

/**
 * The list of connections as a person can read it of a large cluster: a row for sets of ends that
 * are treated alike. What holds between everybody comes first; what rules say of particular ends
 * follows, and takes precedence.
 */

/** Some ends of the list; equal sets are one object. */
export interface EndSet {
  /** As in the list, sorted. */
  readonly names: readonly string[];
  /** All there are that no policy isolates in the direction of the row. */
  readonly isEverybody: boolean;
}

export interface GroupedRow {
  readonly sources: EndSet;
  readonly targets: EndSet;
  /** Both empty where nothing passes, although a row before says so of everybody. */
  readonly allowed: PortSet;
  readonly unknown: PortSet;
  readonly causes: readonly UnknownCause[];
}

type Ends = readonly [ListEnd, ...ListEnd[]];

/** Ends that policies do not tell apart. */
interface Kind {
  readonly ends: Ends;
  /** Null for ranges and for pods on the network of nodes, which are never strangers: each is a kind. */
  readonly manners: Manners | null;
}

function kindsOf(connectivity: Connectivity, ends: readonly ListEnd[]): readonly Kind[] {
  const keys = new Map<PodGroup, string>();
  const keyOf = (group: PodGroup) => {
    const key = keys.get(group) ?? `${group.namespace.name} ${likeness(connectivity, group)}`;
    keys.set(group, key);
    return key;
  };
  const alike = Map.groupBy(ends, (end) =>
    end.group === null || end.group.hostNetwork ? end : keyOf(end.group),
  );
  return [...alike.values()].flatMap(([first, ...rest]): readonly Kind[] => {
    if (first === undefined) return [];
    const isApart = first.group === null || first.group.hostNetwork;
    const manners = isApart ? null : mannersOfGroup(connectivity, first.group);
    return [{ ends: [first, ...rest], manners }];
  });
}

class EndSets {
  readonly #sets = new Map<string, EndSet>();

  of(ends: Iterable<ListEnd>, isEverybody = false): EndSet {
    const names = [...ends].map(({ name }) => name).sort();
    const key = `${isEverybody} ${names.join(' ')}`;
    const set = this.#sets.get(key) ?? { names, isEverybody };
    this.#sets.set(key, set);
    return set;
  }
}

function boundsKey({ sure, atMost }: PortBounds): string {
  return `${portsKey(sure)}|${portsKey(atMost)}`;
}

/** Ends of one manner. */
interface Crowd {
  readonly manner: Manner;
  readonly ends: readonly ListEnd[];
}

function crowdsOf(kinds: readonly Kind[], direction: Direction): readonly Crowd[] {
  const crowds = new Map<string, { manner: Manner; ends: ListEnd[] }>();
  for (const { ends, manners } of kinds) {
    if (manners === null) continue;
    const manner = manners[direction];
    const crowd = crowds.get(manner.key) ?? { manner, ends: [] };
    crowds.set(manner.key, crowd);
    crowd.ends.push(...ends);
  }
  return [...crowds.values()];
}

/** Those together that are treated alike by all of the others. */
function alikeCrowds(
  crowds: readonly Crowd[],
  treatment: (crowd: Crowd) => string,
): readonly (readonly [Crowd, ...Crowd[]])[] {
  return [...Map.groupBy(crowds, treatment).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [[first, ...rest] as const],
  );
}

/** A row for each two crowds between which something passes, as strangers. */
function* rowsOfEverybody(
  connectivity: Connectivity,
  sets: EndSets,
  sources: readonly Crowd[],
  targets: readonly Crowd[],
): Generator<GroupedRow> {
  const between = ({ manner }: Crowd, other: Crowd) =>
    betweenStrangers(connectivity, manner, other.manner)?.bounds ?? NOTHING_PASSES;
  const setOf = (crowds: readonly Crowd[], all: readonly Crowd[]) => {
    const isFreeOne = ({ manner }: Crowd) => manner.isFree;
    const isEverybody = crowds.every(isFreeOne) && crowds.length === all.filter(isFreeOne).length;
    return sets.of(
      crowds.flatMap(({ ends }) => ends),
      isEverybody,
    );
  };
  const treated = alikeCrowds(targets, (target) =>
    sources.map((source) => boundsKey(between(source, target))).join(' '),
  );
  const treating = alikeCrowds(sources, (source) =>
    targets.map((target) => boundsKey(between(source, target))).join(' '),
  );
  for (const from of treating)
    for (const to of treated) {
      const bounds = between(from[0], to[0]);
      if (isEmptyPorts(bounds.atMost)) continue;
      const [source, target] = [from[0].ends[0], to[0].ends[0]];
      if (source === undefined || target === undefined) continue;
      const [some, others] = [setOf(from, sources), setOf(to, targets)];
      // One end alone has nobody to connect to.
      if (some.names.length === 1 && others.names.length === 1 && source.name === target.name)
        continue;
      yield row(connectivity, some, others, { bounds, source, target });
    }
}

/** What passes between two ends, for all that are like them. */
interface Passage {
  readonly source: ListEnd;
  readonly target: ListEnd;
  readonly bounds: PortBounds;
}

function row(
  connectivity: Connectivity,
  sources: EndSet,
  targets: EndSet,
  { source, target, bounds }: Passage,
): GroupedRow {
  const unknown = unsurePorts(bounds);
  const causes = isEmptyPorts(unknown)
    ? []
    : connectionDoubts(connectivity, source.endpoint, target.endpoint);
  return { sources, targets, allowed: bounds.sure, unknown, causes };
}

interface Particular extends Passage {
  readonly from: Ends;
  readonly to: Ends;
}

/** Pairs of kinds that differ from what holds for everybody. */
function* particulars(
  connectivity: Connectivity,
  sources: readonly Kind[],
  targets: readonly Kind[],
): Generator<Particular> {
  const kindOf = new Map<PodGroup, Kind>();
  for (const kind of targets)
    for (const { group } of kind.ends) if (group !== null) kindOf.set(group, kind);
  const apart = targets.filter(({ manners }) => manners === null);
  for (const source of sources) {
    const [{ group }] = source.ends;
    const isApart = source.manners === null || group === null;
    const named = isApart ? [] : [...namedCounterparts(connectivity, 'egress', group)];
    const found = new Set(isApart ? targets : apart);
    for (const kind of named.flatMap((other) => kindOf.get(other) ?? [])) found.add(kind);
    for (const target of found) yield* between(connectivity, source, target);
  }
}

function isOnHost({ endpoint }: ListEnd): boolean {
  return endpoint.kind === 'pods' && endpoint.hostNetwork;
}

function isPoliced({ endpoint }: ListEnd, connectivity: Connectivity, direction: Direction) {
  return !isFree(sideAt(connectivity, endpoint, direction));
}

function* between(connectivity: Connectivity, source: Kind, target: Kind): Generator<Particular> {
  const [from] = source.ends;
  const [to] = target.ends;
  if (from.group === null && to.group === null) return;
  const isByNode =
    (isOnHost(from) && isPoliced(to, connectivity, 'ingress')) ||
    (isOnHost(to) && isPoliced(from, connectivity, 'egress'));
  if (!isByNode) {
    yield* differing(connectivity, source, target, source.ends, target.ends);
    return;
  }
  // The node decides as well, and with it which of the workloads it is.
  for (const one of source.ends)
    for (const other of target.ends) yield* differing(connectivity, source, target, [one], [other]);
}

function* differing(
  connectivity: Connectivity,
  { manners: own }: Kind,
  { manners: others }: Kind,
  from: Ends,
  to: Ends,
): Generator<Particular> {
  const [source] = from;
  const [target] = to;
  if (from.length === 1 && to.length === 1 && source.name === target.name) return;
  const bounds = connectionBounds(connectivity, source.endpoint, target.endpoint);
  const strangers =
    own === null || others === null
      ? null
      : betweenStrangers(connectivity, own.egress, others.ingress);
  if (boundsKey(bounds) !== boundsKey(strangers?.bounds ?? NOTHING_PASSES))
    yield { source, target, bounds, from, to };
}

/** Sources of the same targets as one, then targets of the same sources. */
function* rowsOfParticulars(
  connectivity: Connectivity,
  sets: EndSets,
  all: Iterable<Particular>,
): Generator<GroupedRow> {
  const byTarget = new Map<ListEnd, Map<string, { passage: Particular; from: ListEnd[] }>>();
  for (const each of all) {
    const known = byTarget.get(each.target) ?? new Map();
    byTarget.set(each.target, known);
    const key = `${boundsKey(each.bounds)} ${each.to.length}`;
    const gathered = known.get(key) ?? { passage: each, from: [] };
    known.set(key, gathered);
    gathered.from.push(...each.from);
  }
  const bySources = new Map<EndSet, Map<string, { passage: Particular; to: ListEnd[] }>>();
  for (const gathered of byTarget.values())
    for (const { passage, from } of gathered.values()) {
      const sources = sets.of(from);
      const known = bySources.get(sources) ?? new Map();
      bySources.set(sources, known);
      const key = boundsKey(passage.bounds);
      const together = known.get(key) ?? { passage, to: [] };
      known.set(key, together);
      together.to.push(...passage.to);
    }
  const rows = [...bySources].flatMap(([sources, gathered]) =>
    [...gathered.values()].map(({ passage, to }) =>
      row(connectivity, sources, sets.of(to), passage),
    ),
  );
  yield* rows.sort(
    (a, b) =>
      compareText(a.sources.names[0] ?? '', b.sources.names[0] ?? '') ||
      compareText(a.targets.names[0] ?? '', b.targets.names[0] ?? ''),
  );
}

/** The rows in the order in which they hold: each takes precedence over those before it. */
export function* groupedConnections(connectivity: Connectivity): Generator<GroupedRow> {
  const scope = listScope(connectivity);
  const sources = kindsOf(connectivity, listEnds(connectivity, scope, 'ingress'));
  const targets = kindsOf(connectivity, listEnds(connectivity, scope, 'egress'));
  const sets = new EndSets();
  const crowds = [crowdsOf(sources, 'egress'), crowdsOf(targets, 'ingress')] as const;
  yield* rowsOfEverybody(connectivity, sets, ...crowds);
  yield* rowsOfParticulars(connectivity, sets, particulars(connectivity, sources, targets));
  for (const { src, dst, ...passing } of entryRows(connectivity, scope.divided)) {
    const alone = (name: string) => ({ names: [name], isEverybody: false });
    yield { sources: alone(src), targets: alone(dst), ...passing };
  }
}
