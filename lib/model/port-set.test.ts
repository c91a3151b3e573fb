import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  ALL_PORTS,
  equalPorts,
  formatPorts,
  hasPort,
  intersectPorts,
  isEmptyPorts,
  isEveryPort,
  MAX_PORT,
  MIN_PORT,
  NO_PORTS,
  type PortSet,
  PROTOCOLS,
  portRange,
  portsKey,
  subtractPorts,
  unitePorts,
} from './port-set.ts';

/** Ports at both ends of the scale, where ranges begin and end; and one for all between. */
const ENDS = [1, 2, 3, 4, 5, 6, 65532, 65533, 65534, 65535];
const UNIVERSE = [...ENDS, 30_000];

/** What a naive set holds: `TCP 1`, `other`. */
type Naive = ReadonlySet<string>;

const ranges = fc.record({
  protocol: fc.constantFrom(...PROTOCOLS),
  ends: fc.tuple(fc.constantFrom(...ENDS), fc.constantFrom(...ENDS)),
});

/** A set made of ranges, and the naive one made of the same. */
const ports: fc.Arbitrary<{ readonly set: PortSet; readonly naive: Naive }> = fc
  .record({ parts: fc.array(ranges, { maxLength: 5 }), icmp: fc.boolean(), other: fc.boolean() })
  .map(({ parts, icmp, other }) => {
    const naive = new Set<string>([...(icmp ? ['icmp'] : []), ...(other ? ['other'] : [])]);
    let set: PortSet = { ...NO_PORTS, icmp, other };
    for (const { protocol, ends } of parts) {
      const [first, last] = ends;
      set = unitePorts(set, portRange(protocol, first, last));
      for (const port of UNIVERSE)
        if (first <= port && port <= last) naive.add(`${protocol} ${port}`);
    }
    return { set, naive };
  });

function membersOf(set: PortSet): Naive {
  return new Set([
    ...(set.icmp ? ['icmp'] : []),
    ...(set.other ? ['other'] : []),
    ...PROTOCOLS.flatMap((protocol) =>
      UNIVERSE.filter((port) => hasPort(set, protocol, port)).map((port) => `${protocol} ${port}`),
    ),
  ]);
}

function isCanonical(set: PortSet): boolean {
  return PROTOCOLS.every((protocol) =>
    set[protocol].every(([first, last], i, all) => {
      const next = all[i + 1];
      return (
        first <= last && first >= MIN_PORT && last <= MAX_PORT && (!next || next[0] > last + 1)
      );
    }),
  );
}

function law(name: string, holds: (a: PortSet, b: PortSet, c: PortSet) => void): void {
  it(name, () => {
    fc.assert(fc.property(ports, ports, ports, (a, b, c) => holds(a.set, b.set, c.set)));
  });
}

describe('against sets of single ports', () => {
  it.each([
    ['unite', unitePorts, (a: Naive, b: Naive) => [...a, ...b]],
    ['intersect', intersectPorts, (a: Naive, b: Naive) => [...a].filter((each) => b.has(each))],
    ['subtract', subtractPorts, (a: Naive, b: Naive) => [...a].filter((each) => !b.has(each))],
  ])('%s', (_, operation, naively) => {
    fc.assert(
      fc.property(ports, ports, (a, b) => {
        const result = operation(a.set, b.set);
        expect(membersOf(result)).toEqual(new Set(naively(a.naive, b.naive)));
        expect(isCanonical(result)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('emptiness', () => {
    fc.assert(
      fc.property(ports, ({ set, naive }) => {
        expect(isEmptyPorts(set)).toBe(naive.size === 0);
      }),
    );
  });
});

describe('laws', () => {
  law('union and intersection do not mind the order', (a, b, c) => {
    expect(unitePorts(a, b)).toEqual(unitePorts(b, a));
    expect(intersectPorts(a, b)).toEqual(intersectPorts(b, a));
    expect(unitePorts(unitePorts(a, b), c)).toEqual(unitePorts(a, unitePorts(b, c)));
    expect(intersectPorts(intersectPorts(a, b), c)).toEqual(
      intersectPorts(a, intersectPorts(b, c)),
    );
  });
  law('intersection distributes over union', (a, b, c) => {
    expect(intersectPorts(a, unitePorts(b, c))).toEqual(
      unitePorts(intersectPorts(a, b), intersectPorts(a, c)),
    );
  });
  law('nothing and everything are neutral', (a) => {
    expect(unitePorts(a, NO_PORTS)).toEqual(a);
    expect(intersectPorts(a, ALL_PORTS)).toEqual(a);
    expect(subtractPorts(a, NO_PORTS)).toEqual(a);
    expect(unitePorts(a, ALL_PORTS)).toEqual(ALL_PORTS);
    expect(intersectPorts(a, NO_PORTS)).toEqual(NO_PORTS);
    expect(subtractPorts(a, ALL_PORTS)).toEqual(NO_PORTS);
  });
  law('a set and the rest make everything', (a) => {
    const rest = subtractPorts(ALL_PORTS, a);
    expect(unitePorts(a, rest)).toEqual(ALL_PORTS);
    expect(isEmptyPorts(intersectPorts(a, rest))).toBe(true);
  });
  law('what is left and what was common make the whole', (a, b) => {
    expect(unitePorts(subtractPorts(a, b), intersectPorts(a, b))).toEqual(a);
  });
  law('equal sets are equal data, with one key', (a, b) => {
    const [left, right] = [membersOf(a), membersOf(b)];
    const isSame = left.size === right.size && [...left].every((each) => right.has(each));
    expect(equalPorts(a, b)).toBe(isSame);
    expect(portsKey(a) === portsKey(b)).toBe(isSame);
  });
});

test('ranges that touch are one', () => {
  expect(unitePorts(portRange('TCP', 80, 89), portRange('TCP', 90, 99)).TCP).toEqual([[80, 99]]);
  expect(unitePorts(portRange('TCP', 91, 99), portRange('TCP', 80, 89)).TCP).toEqual([
    [80, 89],
    [91, 99],
  ]);
});

test.each([
  ['none', NO_PORTS],
  ['all', ALL_PORTS],
  ['none', portRange('TCP', 2, 1)],
  ['TCP', portRange('TCP')],
  ['TCP 80', portRange('TCP', 80, 80)],
  ['UDP 1-65534', portRange('UDP', 1, 65534)],
  ['TCP, UDP, SCTP', { ...ALL_PORTS, icmp: false, other: false }],
  ['TCP; UDP; SCTP; ICMP', { ...ALL_PORTS, other: false }],
  ['ICMP', { ...NO_PORTS, icmp: true }],
  ['other protocols', { ...NO_PORTS, other: true }],
  [
    'TCP 80,8000-8090; UDP 53',
    [portRange('UDP', 53, 53), portRange('TCP', 8000, 8090), portRange('TCP', 80, 80)].reduce(
      unitePorts,
    ),
  ],
  [
    'TCP; SCTP 9; other protocols',
    unitePorts(portRange('TCP'), { ...portRange('SCTP', 9, 9), other: true }),
  ],
])('formatPorts says %s', (text, set) => {
  expect(formatPorts(set)).toBe(text);
});

test('isEveryPort asks for ports alone', () => {
  expect(isEveryPort({ ...ALL_PORTS, other: false })).toBe(true);
  expect(isEveryPort(subtractPorts(ALL_PORTS, portRange('SCTP', 65535, 65535)))).toBe(false);
  expect(isEveryPort(subtractPorts(ALL_PORTS, portRange('TCP', 1, 1)))).toBe(false);
});
