import type { Connectivity } from '#lib/engine/connectivity.ts';
import {
  type AddressRange,
  formatRange,
  parseRange,
  partitionAddresses,
  rangeCovers,
} from '#lib/model/ip-address.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { isEmptyPorts, NO_PORTS, type PortSet, portsKey } from '#lib/model/port-set.ts';
import {
  type ConnectionRow,
  connectionList,
  type ListScope,
  listScope,
} from './connection-list.ts';

/** What differs between the connections of two clusters, whatever their policies look like. */

/** What may pass between two ends; both empty where nothing may. */
export interface Passing {
  readonly allowed: PortSet;
  readonly unknown: PortSet;
}

export interface ConnectionChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** As in the list of connections. */
  readonly src: string;
  readonly dst: string;
  readonly before: Passing;
  readonly after: Passing;
}

const NOTHING: Passing = { allowed: NO_PORTS, unknown: NO_PORTS };

function passingKey({ allowed, unknown }: Passing): string {
  return `${portsKey(allowed)}|${portsKey(unknown)}`;
}

function isNothing({ allowed, unknown }: Passing): boolean {
  return isEmptyPorts(allowed) && isEmptyPorts(unknown);
}

/** What must be told apart in either cluster is told apart in both. */
function commonScope(before: ListScope, after: ListScope): ListScope {
  return {
    divided: new Set([...before.divided, ...after.divided]),
    v6: new Set([...before.v6, ...after.v6]),
  };
}

/** One source's rows in both clusters. */
interface OfSource {
  readonly src: string;
  readonly before: readonly ConnectionRow[];
  readonly after: readonly ConnectionRow[];
}

/** Rows as they come, sorted by source, gathered by source. */
function* bySource(
  rows: Iterable<ConnectionRow>,
): Generator<readonly [string, readonly ConnectionRow[]]> {
  let own: ConnectionRow[] = [];
  for (const row of rows) {
    const [first] = own;
    if (first !== undefined && first.src !== row.src) {
      yield [first.src, own];
      own = [];
    }
    own.push(row);
  }
  const [first] = own;
  if (first !== undefined) yield [first.src, own];
}

/** Walks two sorted lists side by side, so that neither is ever held whole. */
function* sideBySide(
  before: Iterable<ConnectionRow>,
  after: Iterable<ConnectionRow>,
): Generator<OfSource> {
  const [olds, news] = [bySource(before), bySource(after)];
  let [old, young] = [olds.next().value, news.next().value];
  while (old || young) {
    const [of, is] = [old?.[0], young?.[0]];
    const order = of === undefined ? 1 : is === undefined ? -1 : compareText(of, is);
    yield {
      src: (order <= 0 ? of : is) ?? '',
      before: (order <= 0 && old?.[1]) || [],
      after: (order >= 0 && young?.[1]) || [],
    };
    if (order <= 0) old = olds.next().value;
    if (order >= 0) young = news.next().value;
  }
}

/** Rows between the same two ends, all addresses outside being one end. */
interface Pair {
  readonly src: string | null;
  readonly dst: string | null;
  readonly before: Part[];
  readonly after: Part[];
}

interface Part {
  /** Null between workloads. */
  readonly range: AddressRange | null;
  readonly passing: Passing;
}

function pairsOf(before: readonly ConnectionRow[], after: readonly ConnectionRow[]): Pair[] {
  const pairs = new Map<string, Pair>();
  const add = (row: ConnectionRow, side: 'before' | 'after') => {
    const [from, to] = [parseRange(row.src), parseRange(row.dst)];
    const key = `${from === null ? row.src : ''} ${to === null ? row.dst : ''}`;
    const pair = pairs.get(key) ?? {
      src: from === null ? row.src : null,
      dst: to === null ? row.dst : null,
      before: [],
      after: [],
    };
    pairs.set(key, pair);
    pair[side].push({ range: from ?? to, passing: row });
  };
  for (const row of before) add(row, 'before');
  for (const row of after) add(row, 'after');
  return [...pairs.values()];
}

/** What passes at a part of the addresses; parts are asked for in ascending order. */
function lookup(parts: readonly Part[]): (part: AddressRange) => Passing {
  const sorted = parts
    .flatMap(({ range, passing }) => (range === null ? [] : [{ range, passing }]))
    .sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  let at = 0;
  return (part) => {
    while ((sorted[at]?.range.last ?? part.first) < part.first) at += 1;
    const found = sorted[at];
    return found !== undefined && rangeCovers(found.range, part) ? found.passing : NOTHING;
  };
}

type Changed = Pick<ConnectionChange, 'change' | 'before' | 'after'>;

function changeOf(before: Passing, after: Passing): Changed | null {
  if (passingKey(before) === passingKey(after)) return null;
  const change = isNothing(before) ? 'added' : isNothing(after) ? 'removed' : 'changed';
  return { change, before: plain(before), after: plain(after) };
}

function plain({ allowed, unknown }: Passing): Passing {
  return { allowed, unknown };
}

function alike(a: Changed | null, b: Changed | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    passingKey(a.before) === passingKey(b.before) && passingKey(a.after) === passingKey(b.after)
  );
}

/** The changes of a pair; neighbouring addresses that change alike are one range. */
function changesOf({ src, dst, before, after }: Pair): readonly ConnectionChange[] {
  if (src !== null && dst !== null) {
    const changed = changeOf(before[0]?.passing ?? NOTHING, after[0]?.passing ?? NOTHING);
    return changed === null ? [] : [{ ...changed, src, dst }];
  }
  return ([4, 6] as const).flatMap((family) => {
    const own = ({ range }: Part) => range?.family === family;
    const [was, is] = [lookup(before.filter(own)), lookup(after.filter(own))];
    const pieces: { range: AddressRange; readonly changed: Changed | null }[] = [];
    const ranges = [...before, ...after].flatMap(({ range }) => range ?? []);
    for (const range of partitionAddresses(family, ranges)) {
      const changed = changeOf(was(range), is(range));
      const previous = pieces.at(-1);
      if (previous !== undefined && alike(previous.changed, changed))
        previous.range = { ...previous.range, last: range.last };
      else pieces.push({ range, changed });
    }
    return pieces.flatMap(({ range, changed }) => {
      const ends = { src: src ?? formatRange(range), dst: dst ?? formatRange(range) };
      return changed === null ? [] : [{ ...changed, ...ends }];
    });
  });
}

/** The changes among the rows of both clusters, sorted. */
function changesAmong(
  before: readonly ConnectionRow[],
  after: readonly ConnectionRow[],
): readonly ConnectionChange[] {
  return pairsOf(before, after)
    .flatMap(changesOf)
    .sort((a, b) => compareText(a.src, b.src) || compareText(a.dst, b.dst));
}

/**
 * The connections that two clusters do not have in common: those of each workload, sorted by source
 * and destination in code units, then those from addresses outside. Ranges are compared as functions
 * of the address: how a list cuts them means nothing.
 */
export function* connectionDiff(
  before: Connectivity,
  after: Connectivity,
): Generator<ConnectionChange> {
  const scope = commonScope(listScope(before), listScope(after));
  const outside: Record<'before' | 'after', ConnectionRow[]> = { before: [], after: [] };
  for (const own of sideBySide(connectionList(before, scope), connectionList(after, scope))) {
    if (parseRange(own.src) === null) {
      yield* changesAmong(own.before, own.after);
    } else {
      outside.before.push(...own.before);
      outside.after.push(...own.after);
    }
  }
  yield* changesAmong(outside.before, outside.after);
}
