import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { podCount } from './cluster-facts.ts';
import { partsByKey, workloadOfKey } from './namespace-parts.ts';
import { censusOfCluster, censusOfPart } from './open-pairs.ts';
import { CURSOR, wordsIn } from './page.ts';
import { type PeerRelation, peerLine, rangeLines } from './peer-lines.ts';
import { amongStrangers, type Manner, mannersOf, mayBeStranger } from './strangers.ts';
import { hostsToLookAt, partnersOf } from './unit-pairs.ts';
import { type Unit, unitOf, unitsOf } from './units.ts';
import { endpointsOf } from './workload-pairs.ts';
import type { PeerCounts, PeerLine, PeersQuery } from './workload-view.ts';

/**
 * The peers of a workload, a page at a time: first those that rules name, then ranges of addresses,
 * then all with whom it is open. The last are counted by how they treat strangers, and looked at
 * only when they are shown.
 */

export interface PeerPage {
  readonly peers: readonly PeerLine[];
  readonly counts: PeerCounts;
  readonly next: string | null;
}

type Question = Omit<PeersQuery, 'direction'>;

/** A line and where it stands: by section, then by key. */
interface Placed {
  readonly section: number;
  readonly key: string;
  readonly line: PeerLine;
}

const SECTIONS = { named: 1, ranges: 2, open: 3 } as const;
const OPPOSITE = { ingress: 'egress', egress: 'ingress' } as const;

function isOf(line: PeerLine, show: keyof PeerCounts): boolean {
  switch (show) {
    case 'all':
      return true;
    case 'allowed':
      return line.verdict === 'allowed';
    case 'unknown':
      return line.unknown !== 'none';
    case 'lost':
      return line.blockedByOtherSide !== 'none';
  }
}

/** What a row says: who it is, and the ports. */
function textOf(key: string, { allowed, unknown, blockedByOtherSide }: PeerLine): string {
  return `${key} ${allowed} ${unknown} ${blockedByOtherSide}`;
}

class Counts {
  readonly counts = { all: 0, allowed: 0, unknown: 0, lost: 0 };

  add(line: PeerLine, more: number): void {
    this.counts.all += more;
    for (const show of ['allowed', 'unknown', 'lost'] as const)
      if (isOf(line, show)) this.counts[show] += more;
  }
}

/** The peers of one workload, or of one of its pods, in one direction. */
class Peers {
  readonly #relation: PeerRelation;
  readonly #workload: Workload;
  readonly #self: string;
  readonly #isOnHost: boolean;
  readonly #looked: ReadonlySet<Unit>;
  /** By key of the manner. */
  readonly #templates = new Map<string, PeerLine | null>();

  constructor(connectivity: Connectivity, workload: Workload, direction: Direction) {
    const own = endpointsOf(workload);
    this.#relation = { connectivity, direction, own };
    this.#workload = workload;
    this.#self = refKey(workload.ref);
    this.#isOnHost = own.some(({ hostNetwork }) => hostNetwork);
    const unit = unitOf(connectivity, workload);
    this.#looked = this.#isOnHost
      ? new Set(partsByKey(connectivity).flatMap((part) => unitsOf(connectivity, part).units))
      : new Set([
          ...partnersOf(connectivity, direction, own),
          ...(unit === null ? [] : hostsToLookAt(connectivity, direction, unit)),
        ]);
  }

  page({ show, words, after, limit }: Question): PeerPage {
    const isFound = wordsIn(words);
    const [, section = '0', key = ''] = CURSOR.exec(after ?? '') ?? [];
    const isLeft = (placed: Pick<Placed, 'section' | 'key'>) =>
      placed.section === Number(section) ? placed.key > key : placed.section > Number(section);
    const looked = [...this.#lookedLines(), ...this.#rangeLines()].filter((each) =>
      isFound(textOf(each.key, each.line)),
    );
    const counts = new Counts();
    for (const { line } of looked) counts.add(line, 1);
    if (words.trim() === '') this.#countStrangers(counts);
    else for (const { line } of this.#strangers('', isFound)) counts.add(line, 1);

    const before = looked.filter((each) => isLeft(each) && isOf(each.line, show));
    before.sort((a, b) => a.section - b.section || compareText(a.key, b.key));
    const found = before.slice(0, limit + 1);
    // Strangers and hosts are one sequence.
    for (const stranger of this.#strangers(Number(section) < SECTIONS.open ? '' : key, isFound)) {
      const last = found.at(limit);
      if (last !== undefined && (last.section < SECTIONS.open || last.key < stranger.key)) break;
      if (!isLeft(stranger) || !isOf(stranger.line, show)) continue;
      found.push(stranger);
      found.sort((a, b) => a.section - b.section || compareText(a.key, b.key));
    }
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      peers: shown.map((each) => this.#written(each)),
      counts: counts.counts,
      next: found.length > limit && last !== undefined ? `${last.section} ${last.key}` : null,
    };
  }

  /** Lines of all who cannot be strangers. */
  #lookedLines(): readonly Placed[] {
    return [...this.#looked].flatMap((unit) => {
      const [first] = unit.workloads;
      // Without nodes in it, what holds of one of them holds of each.
      const shared = this.#isOnHost ? null : peerLine(this.#relation, first, unit.groups);
      return unit.workloads.flatMap((workload): readonly Placed[] => {
        const line = this.#isOnHost
          ? peerLine(this.#relation, workload, endpointsOf(workload))
          : shared && withPeer(shared, workload);
        const key = refKey(workload.ref);
        if (line === null || key === this.#self) return [];
        return [{ section: line.basis === 'rules' ? SECTIONS.named : SECTIONS.open, key, line }];
      });
    });
  }

  #rangeLines(): readonly Placed[] {
    return rangeLines(this.#relation).map((line, index) => ({
      section: SECTIONS.ranges,
      key: String(index).padStart(6, '0'),
      line,
    }));
  }

  /** The line of a stranger of some manner, whoever it is; null where it has none. */
  #template({ key, groups }: Manner): PeerLine | null {
    const known = this.#templates.get(key);
    if (known !== undefined) return known;
    const { connectivity } = this.#relation;
    const relation = { ...this.#relation, connectivity: amongStrangers(connectivity) };
    const line = peerLine(relation, this.#workload, groups);
    this.#templates.set(key, line);
    return line;
  }

  #mannerOf(unit: Unit): Manner {
    const { connectivity, direction } = this.#relation;
    return mannersOf(connectivity, unit)[OPPOSITE[direction]];
  }

  #countStrangers(counts: Counts): void {
    if (this.#isOnHost) return;
    const { connectivity, direction } = this.#relation;
    const count = (manner: Manner, more: number) => {
      const line = this.#template(manner);
      if (line !== null) counts.add(line, more);
    };
    const census = censusOfCluster(connectivity)[OPPOSITE[direction]];
    for (const { manner, count: more } of census.values()) count(manner, more);
    const own = unitOf(connectivity, this.#workload);
    for (const unit of this.#looked)
      if (mayBeStranger(unit)) count(this.#mannerOf(unit), -unit.workloads.length);
    if (own !== null && !this.#looked.has(own)) count(this.#mannerOf(own), -1);
  }

  /** Lines of strangers as they may be told without looking at them, from a key on. */
  *#strangers(from: string, isFound: (text: string) => boolean): Generator<Placed> {
    if (this.#isOnHost) return;
    const { connectivity, direction } = this.#relation;
    const passing = this.#mannersWithALine();
    if (passing.size === 0) return;
    for (const part of partsByKey(connectivity)) {
      if (`${part.namespace}0` <= from) continue;
      const manners = censusOfPart(connectivity, part)[OPPOSITE[direction]];
      if (passing.isDisjointFrom(manners)) continue;
      for (const workload of part.workloads) {
        const key = refKey(workload.ref);
        const line = key <= from ? null : this.#lineOfStranger(key, workload);
        if (line !== null && isFound(textOf(key, line)))
          yield { section: SECTIONS.open, key, line };
      }
    }
  }

  #mannersWithALine(): ReadonlySet<string> {
    const { connectivity, direction } = this.#relation;
    const manners = [...censusOfCluster(connectivity)[OPPOSITE[direction]].values()];
    return new Set(
      manners.flatMap(({ manner }) => (this.#template(manner) === null ? [] : [manner.key])),
    );
  }

  /** Null for who is no stranger, or has no line. */
  #lineOfStranger(key: string, workload: Workload): PeerLine | null {
    const unit = key === this.#self ? null : unitOf(this.#relation.connectivity, workload);
    if (unit === null || !mayBeStranger(unit) || this.#looked.has(unit)) return null;
    const line = this.#template(this.#mannerOf(unit));
    return line && withPeer(line, workload);
  }

  /** A line as it is shown: of strangers too with all that is in doubt. */
  #written({ key, line }: Placed): PeerLine {
    if (line.peer.kind !== 'workload' || line.unknown === 'none') return line;
    const { connectivity } = this.#relation;
    const workload = workloadOfKey(connectivity, key);
    return workload === null
      ? line
      : (peerLine(this.#relation, workload, endpointsOf(workload)) ?? line);
  }
}

function withPeer(line: PeerLine, workload: Workload): PeerLine {
  return { ...line, peer: { kind: 'workload', ref: workload.ref, pods: podCount(workload) } };
}

/** One page of the peers of a workload, or of one of its pods. */
export function peerPage(
  connectivity: Connectivity,
  workload: Workload,
  direction: Direction,
  question: Question,
): PeerPage {
  return new Peers(connectivity, workload, direction).page(question);
}
