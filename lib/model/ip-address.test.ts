import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type AddressRange,
  everyAddress,
  type Family,
  formatIp,
  formatRange,
  formatRangeShort,
  type IpAddress,
  parseCidr,
  parseIp,
  partitionAddresses,
  rangeContains,
  rangeCovers,
} from './ip-address.ts';

const v4 = (value: bigint): IpAddress => ({ family: 4, value });
const v6 = (value: bigint): IpAddress => ({ family: 6, value });

describe('addresses', () => {
  test.each([
    ['0.0.0.0', v4(0n)],
    ['10.0.1.9', v4(0x0a000109n)],
    ['255.255.255.255', v4(0xffffffffn)],
    ['::', v6(0n)],
    ['::1', v6(1n)],
    ['1::', v6(1n << 112n)],
    ['2001:DB8::1', v6((0x20010db8n << 96n) | 1n)],
    ['1:2:3:4:5:6:7:8', v6(0x00010002000300040005000600070008n)],
    ['1::3:4:5:6:7:8', v6(0x00010000000300040005000600070008n)],
    ['64:ff9b::192.0.2.33', v6((0x64ff9bn << 96n) | 0xc0000221n)],
    // IPv4-mapped addresses are IPv4, as in Go.
    ['::ffff:10.0.1.9', v4(0x0a000109n)],
    ['::ffff:0a00:0109', v4(0x0a000109n)],
    ['::fffe:10.0.1.9', v6((0xfffen << 32n) | 0x0a000109n)],
  ])('%s is read', (text, ip) => {
    expect(parseIp(text)).toEqual(ip);
  });

  test.each([
    [''],
    ['10.0.0'],
    ['10.0.0.0.1'],
    ['10.0.0.256'],
    ['10.0.0.01'],
    ['010.0.0.0'],
    ['10.0.0.0x1'],
    ['10.0.0.-1'],
    [' 10.0.0.1'],
    ['10.0.0.1 '],
    ['1e1.0.0.1'],
    ['10..0.1'],
    [':'],
    [':::'],
    ['1::2::3'],
    ['1:2:3:4:5:6:7'],
    ['1:2:3:4:5:6:7:8:9'],
    ['1:2:3:4:5:6:7::8'],
    ['12345::'],
    ['g::'],
    ['fe80::1%eth0'],
    ['::10.0.0.256'],
    ['10.0.0.1::'],
    ['::1.2.3.4:5'],
    [':1:2:3:4:5:6:7'],
    ['[::1]'],
    ['web'],
  ])('"%s" is none', (text) => {
    expect(parseIp(text)).toBeNull();
  });

  test.each([
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
  ])('%s is written %s', (text, written) => {
    const ip = parseIp(text);
    expect(ip && formatIp(ip)).toBe(written);
  });

  const address: fc.Arbitrary<IpAddress> = fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).map(v4),
    fc
      // Groups that are often zero, for `::` to stand for.
      .array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 0xffffn })), {
        minLength: 8,
        maxLength: 8,
      })
      .map((groups) => v6(groups.reduce((value, group) => (value << 16n) | group, 0n)))
      .filter(({ value }) => value >> 32n !== 0xffffn),
  );

  it('reads what it writes', () => {
    fc.assert(
      fc.property(address, (ip) => {
        expect(parseIp(formatIp(ip))).toEqual(ip);
      }),
    );
  });
});

describe('blocks', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0-10.255.255.255', '10.0.0.0/8'],
    ['10.0.1.9/24', '10.0.1.0-10.0.1.255', '10.0.1.0/24'],
    ['0.0.0.0/0', '0.0.0.0-255.255.255.255', '0.0.0.0/0'],
    ['203.0.113.5/32', '203.0.113.5-203.0.113.5', '203.0.113.5'],
    ['::/0', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
    ['2001:db8::9/126', '2001:db8::8-2001:db8::b', '2001:db8::8/126'],
    ['fd00::1/128', 'fd00::1-fd00::1', 'fd00::1'],
  ])('%s is %s', (text, range, short) => {
    const block = parseCidr(text);
    expect(block && formatRange(block)).toBe(range);
    expect(block && formatRangeShort(block)).toBe(short);
  });

  test.each([
    [''],
    ['10.0.0.0'],
    ['10.0.0.0/'],
    ['/8'],
    ['10.0.0.0/33'],
    ['10.0.0.0/-1'],
    ['10.0.0.0/08'],
    ['10.0.0.0/8/8'],
    ['10.0.0.0/8 '],
    ['10.0.0.0/255.0.0.0'],
    ['010.0.0.0/8'],
    ['0/0'],
    ['::/129'],
    ['fe80::1%eth0/64'],
    ['::ffff:10.0.0.0/104'],
  ])('"%s" is none', (text) => {
    expect(parseCidr(text)).toBeNull();
  });

  const blocks = fc
    .oneof(
      fc.tuple(fc.constant<Family>(4), fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), fc.nat(32)),
      fc.tuple(fc.constant<Family>(6), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.nat(128)),
    )
    .filter(([family, value]) => family === 4 || value >> 32n !== 0xffffn);

  it('hold their address and as many as their length says', () => {
    fc.assert(
      fc.property(blocks, ([family, value, length]) => {
        const block = parseCidr(`${formatIp({ family, value })}/${length}`);
        if (block === null) throw new Error('not read');
        expect(rangeContains(block, { family, value })).toBe(true);
        expect(block.last - block.first + 1n).toBe(
          1n << BigInt((family === 4 ? 32 : 128) - length),
        );
        expect(rangeContains(block, { family: family === 4 ? 6 : 4, value })).toBe(false);
        const short = formatRangeShort(block);
        expect(parseCidr(short.includes('/') ? short : `${short}/${length}`)).toEqual(block);
      }),
    );
  });

  test('a range that is no block is written with both ends', () => {
    expect(formatRangeShort({ family: 4, first: 1n, last: 2n })).toBe('0.0.0.1-0.0.0.2');
    expect(formatRangeShort({ family: 4, first: 0n, last: 2n })).toBe('0.0.0.0-0.0.0.2');
  });

  test('a range covers what lies in it, of its family', () => {
    const [outer, inner, v6Range] = [
      parseCidr('10.0.0.0/8'),
      parseCidr('10.1.0.0/16'),
      everyAddress(6),
    ];
    if (outer === null || inner === null) throw new Error('not read');
    expect(rangeCovers(outer, inner)).toBe(true);
    expect(rangeCovers(outer, outer)).toBe(true);
    expect(rangeCovers(inner, outer)).toBe(false);
    expect(rangeCovers(v6Range, inner)).toBe(false);
  });
});

describe('the partition of addresses', () => {
  /** Around both ends of the space, where off-by-one lives. */
  const families = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const;
  const range: fc.Arbitrary<AddressRange> = fc
    .record({
      family: fc.constantFrom<Family>(4, 6),
      ends: fc.tuple(fc.nat(12), fc.nat(12)),
    })
    .map(({ family, ends }) => {
      const points = ends.map((n) => (n <= 6 ? BigInt(n) : families[family] - BigInt(n - 7)));
      const [a = 0n, b = 0n] = points;
      return { family, first: a < b ? a : b, last: a < b ? b : a };
    });

  it.each([4, 6] as const)('of IPv%i has no gap, no overlap, and no needless cut', (family) => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), (ranges) => {
        const parts = partitionAddresses(family, ranges);
        expect(parts[0]?.first).toBe(0n);
        expect(parts.at(-1)?.last).toBe(families[family]);
        const own = ranges.filter((each) => each.family === family);
        for (const [i, part] of parts.entries()) {
          const next = parts[i + 1];
          const isIn = (value: bigint) => own.map((each) => rangeContains(each, { family, value }));
          // Whole within or without each range …
          expect(isIn(part.first)).toEqual(isIn(part.last));
          if (next === undefined) continue;
          expect(next.first).toBe(part.last + 1n);
          // … and cut only where some range begins or ends.
          const isBorder = own.some(
            ({ first, last }) => first === next.first || last === part.last,
          );
          expect(isBorder).toBe(true);
        }
      }),
    );
  });

  test('without ranges there is one part', () => {
    expect(partitionAddresses(6, [everyAddress(4)])).toEqual([everyAddress(6)]);
    expect(partitionAddresses(4, [everyAddress(4)])).toEqual([everyAddress(4)]);
  });
});
