/**
 * Sets of (protocol, destination port), kept canonical: intervals sorted, disjoint and not
 * adjacent, so that equal sets are equal data.
 */

export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];
export const MIN_PORT = 1;
export const MAX_PORT = 65535;

/** Closed interval of port numbers. */
export type PortRange = readonly [first: number, last: number];

export interface PortSet {
  readonly TCP: readonly PortRange[];
  readonly UDP: readonly PortRange[];
  readonly SCTP: readonly PortRange[];
  /** ICMP of every type; rules without `ports` reach it, and those of kinds that can name it (GEN-6, CIL-39, CAL-31). */
  readonly icmp: boolean;
  /** Every further protocol without ports of its own; only rules without `ports` reach it (GEN-6). */
  readonly other: boolean;
}

const EVERY_PORT: readonly PortRange[] = [[MIN_PORT, MAX_PORT]];
export const NO_PORTS: PortSet = { TCP: [], UDP: [], SCTP: [], icmp: false, other: false };
export const ALL_PORTS: PortSet = {
  TCP: EVERY_PORT,
  UDP: EVERY_PORT,
  SCTP: EVERY_PORT,
  icmp: true,
  other: true,
};

/** The ports `first`…`last` of one protocol. Empty when `last` is below `first`. */
export function portRange(protocol: Protocol, first = MIN_PORT, last = MAX_PORT): PortSet {
  return first > last ? NO_PORTS : { ...NO_PORTS, [protocol]: [[first, last]] };
}

function uniteRanges(a: readonly PortRange[], b: readonly PortRange[]): readonly PortRange[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const sorted = [...a, ...b].sort((x, y) => x[0] - y[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

function intersectRanges(a: readonly PortRange[], b: readonly PortRange[]): readonly PortRange[] {
  if (a === EVERY_PORT) return b;
  if (b === EVERY_PORT) return a;
  const common: PortRange[] = [];
  for (const [aFirst, aLast] of a) {
    for (const [bFirst, bLast] of b) {
      const first = Math.max(aFirst, bFirst);
      const last = Math.min(aLast, bLast);
      if (first <= last) common.push([first, last]);
    }
  }
  return common;
}

function complementRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const gaps: PortRange[] = [];
  let next = MIN_PORT;
  for (const [first, last] of ranges) {
    if (next < first) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= MAX_PORT) gaps.push([next, MAX_PORT]);
  return gaps;
}

export function unitePorts(a: PortSet, b: PortSet): PortSet {
  if (a === b || b === NO_PORTS || a === ALL_PORTS) return a;
  if (a === NO_PORTS || b === ALL_PORTS) return b;
  return {
    TCP: uniteRanges(a.TCP, b.TCP),
    UDP: uniteRanges(a.UDP, b.UDP),
    SCTP: uniteRanges(a.SCTP, b.SCTP),
    icmp: a.icmp || b.icmp,
    other: a.other || b.other,
  };
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  if (a === b || b === ALL_PORTS || a === NO_PORTS) return a;
  if (a === ALL_PORTS || b === NO_PORTS) return b;
  return {
    TCP: intersectRanges(a.TCP, b.TCP),
    UDP: intersectRanges(a.UDP, b.UDP),
    SCTP: intersectRanges(a.SCTP, b.SCTP),
    icmp: a.icmp && b.icmp,
    other: a.other && b.other,
  };
}

/** The ports of `a` that are not in `b`. */
export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  if (b === NO_PORTS || a === NO_PORTS) return a;
  if (a === b || b === ALL_PORTS) return NO_PORTS;
  return {
    TCP: intersectRanges(a.TCP, complementRanges(b.TCP)),
    UDP: intersectRanges(a.UDP, complementRanges(b.UDP)),
    SCTP: intersectRanges(a.SCTP, complementRanges(b.SCTP)),
    icmp: a.icmp && !b.icmp,
    other: a.other && !b.other,
  };
}

export function isEmptyPorts(set: PortSet): boolean {
  return (
    set === NO_PORTS ||
    (!set.icmp && !set.other && PROTOCOLS.every((protocol) => set[protocol].length === 0))
  );
}

function isFull(ranges: readonly PortRange[]): boolean {
  const only = ranges[0];
  return ranges.length === 1 && only?.[0] === MIN_PORT && only[1] === MAX_PORT;
}

/** Every port of TCP, UDP and SCTP; says nothing about other protocols. */
export function isEveryPort(set: PortSet): boolean {
  return set === ALL_PORTS || PROTOCOLS.every((protocol) => isFull(set[protocol]));
}

export function hasPort(set: PortSet, protocol: Protocol, port: number): boolean {
  return set[protocol].some(([first, last]) => first <= port && port <= last);
}

export function equalPorts(a: PortSet, b: PortSet): boolean {
  return a === b || portsKey(a) === portsKey(b);
}

/** A text that is equal for equal sets; for Map keys and sorting. */
export function portsKey(set: PortSet): string {
  return `${set.TCP.join(' ')};${set.UDP.join(' ')};${set.SCTP.join(' ')};${set.icmp};${set.other}`;
}

/** `all`, `TCP`, `TCP 80,8000-8090; UDP 53`, `none`: short enough for a label on an edge. */
export function formatPorts(set: PortSet): string {
  if (isEveryPort(set) && set.icmp && set.other) return 'all';
  if (isEveryPort(set) && !set.icmp && !set.other) return 'TCP, UDP, SCTP';
  const parts = PROTOCOLS.filter((protocol) => set[protocol].length > 0).map((protocol) =>
    isFull(set[protocol])
      ? protocol
      : `${protocol} ${set[protocol].map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(',')}`,
  );
  if (set.icmp) parts.push('ICMP');
  if (set.other) parts.push('other protocols');
  return parts.length === 0 ? 'none' : parts.join('; ');
}
