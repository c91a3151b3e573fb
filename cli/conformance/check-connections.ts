import {
  type AddressRange,
  formatRange,
  parseIp,
  partitionAddresses,
  rangeCovers,
} from '#lib/model/ip-address.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { ALL_PORTS, formatPorts, isEmptyPorts, type PortSet } from '#lib/model/port-set.ts';
import type { ConnectionRow } from '#lib/view/connection-list.ts';
import type { ExpectedConnection } from './cases.ts';
import type { Comparison } from './check-probes.ts';

/** Compares lists of connections as functions of the address: how ranges are cut means nothing. */
export function checkConnections(
  rows: Iterable<ConnectionRow>,
  expected: readonly ExpectedConnection[],
): Comparison {
  const ours = new Answers();
  for (const { src, dst, allowed, unknown } of rows) {
    const [from, to] = [parseEnd(src), parseEnd(dst)];
    ours.add(from, to, isEmptyPorts(unknown) ? portsText(allowed) : 'unknown');
  }
  const theirs = new Answers();
  // What comes through an ingress controller is a question of its own; here none is modelled.
  const plain = expected.filter(({ src }) => src !== '{ingress-controller}');
  for (const { src, dst, ports } of plain)
    theirs.add(parseEnd(src), parseEnd(dst), portsText(expectedPorts(ports)));
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort(compareText);
  const differences = keys.flatMap((key) => compare(key, ours.of(key), theirs.of(key)));
  return { checks: keys.length, differences };
}

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

function parseRange(text: string): AddressRange | null {
  const [first, last] = text.split('-').map(parseIp);
  if (!first || !last || first.family !== last.family) return null;
  return { family: first.family, first: first.value, last: last.value };
}

function expectedPorts({ all, TCP, UDP, SCTP }: ExpectedConnection['ports']): PortSet {
  return all ? ALL_PORTS : { TCP, UDP, SCTP, other: false };
}

/** Protocols without ports are not compared: the other tools know none. */
function portsText(ports: PortSet): string {
  return formatPorts({ ...ports, other: false });
}

interface Answer {
  /** Null between workloads. */
  readonly range: AddressRange | null;
  readonly ports: string;
}

/** Answers by pair of workloads, or by workload and direction for addresses outside. */
class Answers {
  readonly #byKey = new Map<string, Answer[]>();

  add(from: End, to: End, ports: string): void {
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
