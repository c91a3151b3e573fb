import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import type { PortQuery } from '#lib/engine/explanation.ts';
import { PROTOCOLS } from '#lib/model/port-set.ts';
import {
  type ExplainQuery,
  formatExplainQuery,
  formatGraphQuery,
  formatNamespacesQuery,
  formatPeersQuery,
  formatSearchQuery,
  formatWorkloadsQuery,
  parsePort,
} from './query.ts';
import {
  InvalidQuery,
  parseExplainQuery,
  parseGraphQuery,
  parseNamespacesQuery,
  parseNoQuery,
  parsePeersQuery,
  parseSearchQuery,
  parseWorkloadsQuery,
} from './query-schema.ts';
import { NAMESPACE_SORTS, WORKLOAD_SORTS } from './table-view.ts';
import { PEER_SORTS } from './workload-view.ts';

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const workloadKey = fc.tuple(name, name).map(([ns, each]) => `${ns}/${each}[Deployment]`);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const portQuery: fc.Arbitrary<PortQuery> = fc.record({
  protocol: fc.constantFrom(...PROTOCOLS),
  port: fc.integer({ min: 1, max: 65535 }),
});
const endpoint = fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }).map((s) => s.trim());

describe('what is written is read back', () => {
  test('graph', () => {
    const query = fc.record({
      namespace: nullable(name),
      expanded: nullable(fc.array(name)),
      opened: fc.array(workloadKey),
      showOpen: fc.boolean(),
      showDns: fc.boolean(),
      focus: nullable(workloadKey),
    });
    fc.assert(
      fc.property(query, (asked) => {
        const parsed = parseGraphQuery(new URLSearchParams(formatGraphQuery(asked)));
        expect(parsed).toEqual(asked);
      }),
    );
  });

  const page = {
    words: fc.string({ maxLength: 50 }),
    after: nullable(fc.tuple(fc.nat(1000), workloadKey).map(([value, key]) => `${value} ${key}`)),
    limit: fc.integer({ min: 1, max: 1000 }),
  };

  test('tables', () => {
    const namespaces = fc.record({ sort: fc.constantFrom(...NAMESPACE_SORTS), ...page });
    const workloads = fc.record({
      namespace: nullable(name),
      bundle: nullable(workloadKey),
      sort: fc.constantFrom(...WORKLOAD_SORTS),
      ...page,
    });
    fc.assert(
      fc.property(namespaces, workloads, (some, others) => {
        const parameters = new URLSearchParams(formatNamespacesQuery(some));
        expect(parseNamespacesQuery(parameters)).toEqual(some);
        expect(parseWorkloadsQuery(new URLSearchParams(formatWorkloadsQuery(others)))).toEqual(
          others,
        );
      }),
    );
  });

  test('peers', () => {
    const query = fc.record({
      direction: fc.constantFrom(...DIRECTIONS),
      show: fc.constantFrom(...PEER_SORTS),
      ...page,
    });
    fc.assert(
      fc.property(query, (asked) => {
        expect(parsePeersQuery(new URLSearchParams(formatPeersQuery(asked)))).toEqual(asked);
      }),
    );
  });

  test('explain', () => {
    const query: fc.Arbitrary<ExplainQuery> = fc.record({
      from: endpoint.filter((text) => text !== ''),
      to: endpoint.filter((text) => text !== ''),
      port: fc.oneof(fc.constant(null), fc.constantFrom('http', 'metrics-2'), portQuery),
    });
    fc.assert(
      fc.property(query, (asked) => {
        const parsed = parseExplainQuery(new URLSearchParams(formatExplainQuery(asked)));
        expect(parsed).toEqual(asked);
      }),
    );
  });

  test('search', () => {
    const query = fc.record({
      query: fc.string({ maxLength: 60, unit: 'grapheme' }).filter((text) => text.length <= 200),
      limit: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(query, (asked) => {
        const parsed = parseSearchQuery(new URLSearchParams(formatSearchQuery(asked)));
        expect(parsed).toEqual(asked);
      }),
    );
  });
});

test.each([
  ['8080', { protocol: 'TCP', port: 8080 }],
  ['53/UDP', { protocol: 'UDP', port: 53 }],
  ['udp/53', { protocol: 'UDP', port: 53 }],
  ['http', 'http'],
  ['8080-tcp', '8080-tcp'],
  ['UDP', null],
  ['53/', null],
  ['53/53', null],
  ['tcp/udp', null],
  ['0', null],
  ['65536', null],
  ['99999999', null],
  ['HTTP', null],
  ['-', null],
  ['', null],
])('the port %s', (text, port) => {
  expect(parsePort(text)).toEqual(port);
});

describe('defaults', () => {
  test('are not written', () => {
    const asked = {
      namespace: null,
      expanded: null,
      opened: [],
      showOpen: false,
      showDns: false,
      focus: null,
    };
    expect(formatGraphQuery(asked)).toBe('');
    expect(formatGraphQuery({ ...asked, expanded: [] })).toBe('expanded=');
    expect(formatSearchQuery({ query: 'web', limit: 20 })).toBe('q=web');
    const connection = { from: 'shop/web', to: '10.0.0.1', port: { protocol: 'TCP', port: 80 } };
    expect(formatExplainQuery(connection as ExplainQuery)).toBe(
      'from=shop%2Fweb&to=10.0.0.1&port=80',
    );
  });
});

describe('what cannot be asked names its parameter', () => {
  test.each([
    ['namespace=a&namespace=b', 'namespace'],
    ['namespace[]=a', 'namespace[]'],
    ['namespace=Shop', 'namespace'],
    ['namespace=', 'namespace'],
    [`namespace=${'a'.repeat(64)}`, 'namespace'],
    [`namespace=${'a'.repeat(30)}!`, 'namespace'],
    ['expanded=a,,b', 'expanded'],
    ['open=1', 'open'],
    ['focus=shop/web', 'focus'],
    ['__proto__=1', '__proto__'],
    ['limit=5', 'limit'],
  ])('graph?%s', (query, parameter) => {
    expect(() => parseGraphQuery(new URLSearchParams(query))).toThrow(
      expect.objectContaining({ name: 'InvalidQuery', parameter }),
    );
  });

  test.each([
    ['to=b', 'from'],
    ['from=a', 'to'],
    ['from=%20&to=b', 'from'],
    [`from=${'a'.repeat(601)}&to=b`, 'from'],
    ['from=a&to=b&port=0', 'port'],
    ['from=a&to=b&port=65536', 'port'],
    ['from=a&to=b&port=-1', 'port'],
    ['from=a&to=b&port=80/ICMP', 'port'],
    ['from=a&to=b&port=1e3/TCP', 'port'],
    ['from=a&to=b&port=', 'port'],
    ['from=a&to=b&port=80&port=81', 'port'],
  ])('explain?%s', (query, parameter) => {
    expect(() => parseExplainQuery(new URLSearchParams(query))).toThrow(
      expect.objectContaining({ parameter }),
    );
  });

  test.each(['-1', '0', '1e9', '1000', '101', 'NaN', '0x10', '', ' 5', '5.0'])(
    'search?q=web&limit=%s',
    (limit) => {
      const parameters = new URLSearchParams([
        ['q', 'web'],
        ['limit', limit],
      ]);
      expect(() => parseSearchQuery(parameters)).toThrow(
        expect.objectContaining({ parameter: 'limit' }),
      );
    },
  );

  test('a view without parameters takes none', () => {
    expect(parseNoQuery(new URLSearchParams())).toBeUndefined();
    expect(() => parseNoQuery(new URLSearchParams('a=1'))).toThrow(InvalidQuery);
  });

  test('a message never repeats more than a scrap of what was sent', () => {
    const parameters = new URLSearchParams([['x'.repeat(4000), '1']]);
    expect(() => parseNoQuery(parameters)).toThrow(/^.{0,100}$/);
  });

  test('reads hostile text in linear time', () => {
    const start = performance.now();
    for (const hostile of ['((a+)+)$', 'a'.repeat(4000), `${'a-'.repeat(2000)}!`]) {
      const parameters = new URLSearchParams([
        ['from', hostile],
        ['to', hostile],
        ['port', hostile],
      ]);
      expect(() => parseExplainQuery(parameters)).toThrow(InvalidQuery);
    }
    expect(performance.now() - start).toBeLessThan(200);
  });
});
