import {
  type AddressRange,
  formatRange,
  parseRange,
  partitionAddresses,
  rangeCovers,
} from '#lib/model/ip-address.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { formatPorts, type PortSet } from '#lib/model/port-set.ts';
import type { Comparison } from './check-probes.ts';

/** Answers by pair of ends, compared as functions of the address: how ranges are cut means nothing. */

type End =
  | { readonly kind: 'workload'; readonly name: string }
  | { readonly kind: 'ranges'; readonly ranges: readonly AddressRange[] };

/** `shop/web[Deployment]`, or `10.0.0.0-10.0.0.9,10.0.1.0-10.0.1.9[External]` with or without the mark. */
function parseEnd(text: string): End {
  const ranges = text
    .replace(/\[External\]$/, '')
    .split(',')
    .map(parseRange);
  const known = ranges.filter((range) => range !== null);
  return known.length === ranges.length
    ? { kind: 'ranges', ranges: known }
    : { kind: 'workload', name: text };
}

interface Answer {
  /** Null between workloads. */
  readonly range: AddressRange | null;
  readonly ports: string;
}

/** Answers by pair of workloads, or by workload and direction for addresses outside. */
export class Answers {
  readonly #byKey = new Map<string, Answer[]>();

  /** The ends as lists write them. */
  add(src: string, dst: string, ports: string): void {
    const [from, to] = [parseEnd(src), parseEnd(dst)];
    if (from.kind === 'ranges') {
      if (to.kind === 'workload') this.#addRanges(`outside => ${to.name}`, from.ranges, ports);
    } else if (to.kind === 'ranges') this.#addRanges(`${from.name} => outside`, to.ranges, ports);
    else this.#push(`${from.name} => ${to.name}`, { range: null, ports });
  }

  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  of(key: string): readonly Answer[] {
    return this.#byKey.get(key) ?? [];
  }

  /** The other tools know IPv4 only. */
  #addRanges(key: string, ranges: readonly AddressRange[], ports: string): void {
    for (const range of ranges) if (range.family === 4) this.#push(key, { range, ports });
  }

  #push(key: string, answer: Answer): void {
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), answer]);
  }
}

/** What differs; what neither speaks of is `none` for both. */
export function compareAnswers(ours: Answers, theirs: Answers): Comparison {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort(compareText);
  const differences = keys.flatMap((key) => compare(key, ours.of(key), theirs.of(key)));
  return { checks: keys.length, differences };
}

function compare(key: string, ours: readonly Answer[], theirs: readonly Answer[]): string[] {
  const ranges = [...ours, ...theirs].flatMap(({ range }) => range ?? []);
  const parts = ranges.length === 0 ? [null] : partitionAddresses(4, ranges);
  return parts.flatMap((part) => {
    const got = portsAt(ours, part);
    const expected = portsAt(theirs, part);
    if (got === expected) return [];
    const where = part === null ? '' : ` at ${formatRange(part)}`;
    return [`${key}${where}: expected ${expected}, got ${got}`];
  });
}

function portsAt(answers: readonly Answer[], part: AddressRange | null): string {
  const found = answers.find(
    ({ range }) => part === null || (range !== null && rangeCovers(range, part)),
  );
  return found?.ports ?? 'none';
}

/** Protocols without ports are not compared: the other tools know none. */
export function portsText(ports: PortSet): string {
  return formatPorts({ ...ports, icmp: false, other: false });
}
