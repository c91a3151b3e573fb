/** Addresses and CIDR blocks of both families, as numbers. */

export type Family = 4 | 6;

export interface IpAddress {
  readonly family: Family;
  readonly value: bigint;
}

/** A closed range of addresses of one family. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

const DOT = 0x2e;
const ZERO = 0x30;

/** By hand: there is one in every pod of a cluster. */
function parseV4(text: string): bigint | null {
  let value = 0;
  let part = -1;
  let parts = 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (part < 0) return null;
      value = value * 256 + part;
      part = -1;
      parts++;
      continue;
    }
    const digit = code - ZERO;
    // A leading zero is octal to some readers and decimal to others: refused, as Go does.
    if (digit < 0 || digit > 9 || part === 0) return null;
    part = Math.max(part, 0) * 10 + digit;
    if (part > 255) return null;
  }
  return parts === 4 && part >= 0 ? BigInt(value * 256 + part) : null;
}

/** `endsText`: only the last groups of an address may be written as IPv4. */
function parseV6Groups(text: string, endsText: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = endsText && index === parts.length - 1 ? parseV4(part) : null;
      if (v4 === null) return null;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseV6Groups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseV6Groups(halves[1] ?? '', true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  // `::` stands for at least one group.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** Null when the text is not an address; zones (`fe80::1%eth0`) are not. An IPv4-mapped IPv6 address is IPv4, as in Go. */
export function parseIp(text: string): IpAddress | null {
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === null ? null : { family: 4, value };
  }
  const value = parseV6(text);
  if (value === null) return null;
  return value >> 32n === 0xffffn
    ? { family: 4, value: value & 0xffffffffn }
    : { family: 6, value };
}

/** Null when the text is not a CIDR. Host bits are dropped: 10.0.1.9/24 means 10.0.1.0/24 (NP-31b). */
export function parseCidr(text: string): AddressRange | null {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const ip = match?.[1] === undefined ? null : parseIp(match[1]);
  if (match === null || ip === null || (ip.family === 4 && match[1]?.includes(':'))) return null;
  const prefix = Number(match[2]);
  const bits = BITS[ip.family];
  if (prefix > bits) return null;
  const hostBits = BigInt(bits - prefix);
  const first = (ip.value >> hostBits) << hostBits;
  return { family: ip.family, first, last: first + (1n << hostBits) - 1n };
}

export function everyAddress(family: Family): AddressRange {
  return { family, first: 0n, last: (1n << BigInt(BITS[family])) - 1n };
}

export function rangeContains(range: AddressRange, ip: IpAddress): boolean {
  return range.family === ip.family && range.first <= ip.value && ip.value <= range.last;
}

export function rangeCovers(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function formatIp({ family, value }: IpAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    Number((value >> BigInt(112 - 16 * i)) & 0xffffn),
  );
  // RFC 5952: the longest run of two or more zero groups, the first of equals, becomes `::`.
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.start < 0) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}

/** `10.0.0.0-10.255.255.255`: both ends always, so that one spelling exists for each range. */
export function formatRange(range: AddressRange): string {
  const end = (value: bigint) => formatIp({ family: range.family, value });
  return `${end(range.first)}-${end(range.last)}`;
}

/** Reads what formatRange writes; null when the text is anything else. */
export function parseRange(text: string): AddressRange | null {
  const [first, last, more] = text.split('-').map(parseIp);
  if (!first || !last || more !== undefined || first.family !== last.family) return null;
  return { family: first.family, first: first.value, last: last.value };
}

/** `10.0.0.0/8` where the range is a block, `0.0.0.0/0`, else first-last: for people. */
export function formatRangeShort(range: AddressRange): string {
  const size = range.last - range.first + 1n;
  const isBlock = (size & (size - 1n)) === 0n && range.first % size === 0n;
  if (!isBlock) return formatRange(range);
  const prefix = BITS[range.family] - (size.toString(2).length - 1);
  const ip = formatIp({ family: range.family, value: range.first });
  return prefix === BITS[range.family] ? ip : `${ip}/${prefix}`;
}

/**
 * Cuts one family's address space at every border of the given ranges: the coarsest partition in
 * which each range is a union of parts. Sorted by address.
 */
export function partitionAddresses(
  family: Family,
  ranges: readonly AddressRange[],
): readonly AddressRange[] {
  const whole = everyAddress(family);
  const starts = new Set<bigint>([0n]);
  for (const range of ranges) {
    if (range.family !== family) continue;
    starts.add(range.first);
    if (range.last < whole.last) starts.add(range.last + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((first, i) => {
    const next = sorted[i + 1];
    return { family, first, last: next === undefined ? whole.last : next - 1n };
  });
}
