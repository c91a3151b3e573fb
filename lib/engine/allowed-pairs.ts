import { DIRECTIONS, type Direction } from './compiled-policy.ts';
import { type Connectivity, connectionBounds } from './connectivity.ts';
import type { PodGroup } from './endpoint.ts';
import type { Match } from './explanation.ts';
import { type Neighbours, neighboursOf, pairsByNode, podsIn } from './node-neighbours.ts';
import { type AllowedPairs, Tally, type Verdict, Verdicts, verdictOf } from './pair-tally.ts';
import { localExemption, withExemption } from './side.ts';
import { BoundsNumbers, type Row, RowMaker } from './side-rows.ts';

/**
 * Counts the pairs of pods between which something may pass, without visiting pairs: what two pods
 * may do that no rule names follows from what their sides do with anybody, and those that rules name
 * are few. One row of rules at a time, so that it can be sliced and given up.
 */

/** How far a count has come, in rows of egress rules; how many there are is not known at first. */
export interface CountProgress {
  readonly done: number;
  readonly of: number;
}

/** Pods that sources or destinations may be, by what their rows say of whom they do not name. */
class Bases {
  readonly #pods = new Map<number, { base: number; hostBase: number; pods: number }>();

  add({ base, hostBase }: Row, pods: number): void {
    // Numbers of bounds are small.
    const key = base * 2 ** 26 + hostBase;
    const known = this.#pods.get(key);
    if (known === undefined) this.#pods.set(key, { base, hostBase, pods });
    else known.pods += pods;
  }

  all(): Iterable<{ readonly base: number; readonly hostBase: number; readonly pods: number }> {
    return this.#pods.values();
  }
}

/** One count, row by row. */
class Counting {
  readonly #numbers: BoundsNumbers;
  readonly #verdicts: Verdicts;
  readonly #tally: Tally;
  readonly #groups: readonly PodGroup[];
  readonly #weights: Float64Array;
  readonly #ingress: readonly Row[];
  /** By place: its ingress row. */
  readonly #rowAt: Int32Array;
  /** By place: the ingress rows that name it, and what passes there, in turn. */
  readonly #namers: readonly (readonly number[])[];
  readonly #destinations = { plain: new Bases(), host: new Bases() };
  readonly #sources = { plain: new Bases(), host: new Bases() };
  readonly #neighbours: ReadonlyMap<number, readonly Neighbours[]>;
  readonly #exempt: Readonly<Record<Direction, Match>>;
  /** While a source is looked at: what reaches those that name it, by ingress row; -1 for others. */
  readonly #reaching: Int32Array;
  /** While an egress row is: what it lets out to those it names, by place; -1 for others. */
  readonly #lettingOut: Int32Array;
  readonly #exempted = new Map<number, number>();

  constructor(
    { snapshot }: Connectivity,
    groups: readonly PodGroup[],
    ingress: readonly Row[],
    numbers: BoundsNumbers,
    tally: Tally,
  ) {
    this.#groups = groups;
    this.#ingress = ingress;
    this.#numbers = numbers;
    this.#verdicts = new Verdicts(numbers);
    this.#tally = tally;
    this.#weights = Float64Array.from(groups, ({ pods }) => podsIn(pods));
    this.#rowAt = new Int32Array(groups.length);
    const namers: number[][] = groups.map(() => []);
    for (const [i, row] of ingress.entries()) {
      for (const place of row.groups) this.#rowAt[place] = i;
      for (const [j, place] of row.named.entries()) namers[place]?.push(i, row.values[j] ?? 0);
      this.#destinations[this.#kindOf(row)].add(row, this.#podsOf(row));
    }
    this.#namers = namers;
    this.#reaching = new Int32Array(ingress.length).fill(-1);
    this.#lettingOut = new Int32Array(groups.length).fill(-1);
    this.#exempt = {
      ingress: localExemption(snapshot, 'ingress'),
      egress: localExemption(snapshot, 'egress'),
    };
    const isLocalFree = this.#exempt.ingress !== 'no' || this.#exempt.egress !== 'no';
    this.#neighbours = isLocalFree ? neighboursOf(groups) : new Map();
  }

  /** A row's groups share their policies, and so are all on hosts or none is. */
  #kindOf({ groups: [place = -1] }: Row): 'plain' | 'host' {
    return this.#isHost(place) ? 'host' : 'plain';
  }

  #isHost(place: number): boolean {
    return this.#groups[place]?.hostNetwork === true;
  }

  #weightOf(place: number): number {
    return this.#weights[place] ?? 0;
  }

  #podsOf({ groups }: Row): number {
    return groups.reduce((sum, place) => sum + this.#weightOf(place), 0);
  }

  /** Counts everything from the groups of one egress row, as sources. */
  countRow(row: Row): void {
    const kind = this.#kindOf(row);
    for (const [i, place] of row.named.entries()) this.#lettingOut[place] = row.values[i] ?? 0;
    for (const source of row.groups) {
      const own = this.#namers[source] ?? [];
      for (let i = 0; i < own.length; i += 2) this.#reaching[own[i] ?? 0] = own[i + 1] ?? 0;
      this.#countUnnamed(row, source);
      this.#correctNamed(row, source);
      this.#correctNaming(row, source, own);
      this.#correctNeighbours(row, source);
      // A pod is no pair with itself.
      this.#tally.add(source, source, this.#verdict(row, source, source), -this.#weightOf(source));
      for (let i = 0; i < own.length; i += 2) this.#reaching[own[i] ?? 0] = -1;
    }
    for (const place of row.named) this.#lettingOut[place] = -1;
    this.#sources[kind].add(row, this.#podsOf(row));
  }

  /** What egress lets out towards a group, on another node. */
  #out({ base, hostBase }: Row, destination: number): number {
    const named = this.#lettingOut[destination] ?? -1;
    if (named !== -1) return named;
    return this.#isHost(destination) ? hostBase : base;
  }

  /** What the ingress row of a destination lets in from a group, named or not. */
  #in(source: number, destination: number): number {
    const at = this.#rowAt[destination] ?? 0;
    const named = this.#reaching[at] ?? -1;
    return named === -1 ? this.#baseIn(source, at) : named;
  }

  #baseIn(source: number, at: number): number {
    const row = this.#ingress[at];
    if (row === undefined) return 0;
    return this.#isHost(source) ? row.hostBase : row.base;
  }

  #verdict(row: Row, source: number, destination: number): Verdict {
    return this.#verdicts.of(this.#out(row, destination), this.#in(source, destination));
  }

  /** As if no rule named anybody. */
  #countUnnamed(row: Row, source: number): void {
    const isHost = this.#isHost(source);
    const own = this.#weightOf(source);
    for (const kind of ['plain', 'host'] as const)
      for (const { base, hostBase, pods } of this.#destinations[kind].all()) {
        const out = kind === 'host' ? row.hostBase : row.base;
        this.#tally.addFrom(source, this.#verdicts.of(out, isHost ? hostBase : base), own * pods);
      }
  }

  /** Those that the row names. */
  #correctNamed(row: Row, source: number): void {
    for (const destination of row.named)
      this.#correct(
        source,
        destination,
        this.#unnamed(row, source, destination),
        this.#verdict(row, source, destination),
      );
  }

  /** Those whose rows name the source, and that are not named themselves. */
  #correctNaming(row: Row, source: number, own: readonly number[]): void {
    for (let i = 0; i < own.length; i += 2) {
      const target = this.#ingress[own[i] ?? 0];
      const [first] = target?.groups ?? [];
      if (target === undefined || first === undefined) continue;
      const was = this.#unnamed(row, source, first);
      const out = this.#isHost(first) ? row.hostBase : row.base;
      const is = this.#verdicts.of(out, own[i + 1] ?? 0);
      if (was === is) continue;
      for (const destination of target.groups)
        if (this.#lettingOut[destination] === -1) this.#correct(source, destination, was, is);
    }
  }

  #unnamed({ base, hostBase }: Row, source: number, destination: number): Verdict {
    const out = this.#isHost(destination) ? hostBase : base;
    return this.#verdicts.of(out, this.#baseIn(source, this.#rowAt[destination] ?? 0));
  }

  #correct(source: number, destination: number, was: Verdict, is: Verdict): void {
    if (was !== is)
      this.#move(
        source,
        destination,
        was,
        is,
        this.#weightOf(source) * this.#weightOf(destination),
      );
  }

  #move(source: number, destination: number, was: Verdict, is: Verdict, pairs: number): void {
    this.#tally.add(source, destination, was, -pairs);
    this.#tally.add(source, destination, is, pairs);
  }

  /** GEN-14, GEN-15: what a host and the pods on its node may do whatever policies say. */
  #correctNeighbours(row: Row, source: number): void {
    const direction = this.#isHost(source) ? 'ingress' : 'egress';
    const exempt = this.#exempt[direction];
    if (exempt === 'no') return;
    for (const { place, near, perhaps } of this.#neighbours.get(source) ?? []) {
      const [out, into] = [this.#out(row, place), this.#in(source, place)];
      const far = this.#verdicts.of(out, into);
      const local = (match: Match) =>
        direction === 'ingress'
          ? this.#verdicts.of(out, this.#withExemption(into, match))
          : this.#verdicts.of(this.#withExemption(out, match), into);
      this.#move(source, place, far, local(exempt), near);
      this.#move(source, place, far, local('unknown'), perhaps);
    }
  }

  #withExemption(bounds: number, exempt: Match): number {
    const key = bounds * 3 + ['no', 'unknown', 'yes'].indexOf(exempt);
    const known = this.#exempted.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.of(withExemption(this.#numbers.boundsOf(bounds), exempt));
    this.#exempted.set(key, number);
    return number;
  }

  /** What destinations get when all sources are counted. */
  countDestinations(): void {
    for (const row of this.#ingress) {
      const isHost = this.#kindOf(row) === 'host';
      for (const kind of ['plain', 'host'] as const)
        for (const { base, hostBase, pods } of this.#sources[kind].all()) {
          const out = isHost ? hostBase : base;
          const verdict = this.#verdicts.of(out, kind === 'host' ? row.hostBase : row.base);
          for (const place of row.groups)
            this.#tally.addTo(place, verdict, pods * this.#weightOf(place));
        }
    }
  }
}

/** Rows of both directions, for some groups; pauses after each. */
function* rowsFor(
  connectivity: Connectivity,
  groups: readonly PodGroup[],
  numbers: BoundsNumbers,
): Generator<CountProgress, Readonly<Record<Direction, readonly Row[]>>> {
  const maker = new RowMaker(connectivity, groups, numbers);
  const rows: Record<Direction, Row[]> = { ingress: [], egress: [] };
  for (const direction of DIRECTIONS)
    for (const row of maker.rows(direction)) {
      rows[direction].push(row);
      yield { done: 0, of: 2 * groups.length };
    }
  return rows;
}

/**
 * Counts all pairs of pods; exact. Gives its progress after each row, so that whoever asks
 * can pause, or stop asking; until all rows are made, nothing is counted.
 */
export function* countAllowedPairs(
  connectivity: Connectivity,
): Generator<CountProgress, AllowedPairs> {
  const plain = connectivity.groups.filter((group) => !group.hostNetwork);
  const hosts = connectivity.groups.filter((group) => group.hostNetwork);
  const groups = [...plain, ...hosts];
  const numbers = new BoundsNumbers();
  const together = yield* rowsFor(connectivity, groups, numbers);
  // Where rules ask on which node their own pods are, what hosts may do is another thing for each pair.
  const apart =
    hosts.length > 0 && [...together.ingress, ...together.egress].some(({ node }) => node);
  const { ingress, egress } = apart ? yield* rowsFor(connectivity, plain, numbers) : together;
  const tally = new Tally(groups);
  const count = new Counting(connectivity, apart ? plain : groups, ingress, numbers, tally);
  const of = egress.length + (apart ? hosts.length : 0);
  let done = 0;
  for (const row of egress) {
    count.countRow(row);
    yield { done: ++done, of };
  }
  count.countDestinations();
  for (const host of apart ? hosts.keys() : []) {
    const place = plain.length + host;
    for (let other = 0; other <= place; other++)
      countPair(connectivity, groups, place, other, tally);
    yield { done: ++done, of };
  }
  return tally.result();
}

/** Counts the pairs of two groups, both ways. */
function countPair(
  connectivity: Connectivity,
  groups: readonly PodGroup[],
  a: number,
  b: number,
  tally: Tally,
): void {
  const ways = a === b ? [[a, b] as const] : [[a, b] as const, [b, a] as const];
  for (const [source, destination] of ways) {
    const [from, to] = [groups[source], groups[destination]];
    if (from === undefined || to === undefined) continue;
    for (const [one, other, pairs] of pairsByNode(from, to))
      tally.add(source, destination, verdictOf(connectionBounds(connectivity, one, other)), pairs);
  }
}
