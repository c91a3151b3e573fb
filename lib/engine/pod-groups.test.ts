import { describe, expect, test } from 'vitest';
import { formatRange } from '#lib/model/ip-address.ts';
import { scenario } from '#lib/testing/scenario.ts';

/** Pods that policies cannot tell apart are one group, and no others. */

interface Differences {
  readonly labels?: string;
  readonly ports?: string;
  readonly ip?: string;
  readonly hostNetwork?: boolean;
  readonly namespace?: string;
}

function pod(
  name: string,
  { labels = '{}', ports = '[]', ip, hostNetwork = false, namespace = 'test' }: Differences,
) {
  const ips = ip === undefined ? '[]' : `[{ip: "${ip}"}]`;
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}, spec: {hostNetwork: ${hostNetwork}, containers: [{ports: ${ports}}]}, status: {phase: Running, podIPs: ${ips}}}`;
}

/** The pods a and b of the namespace test, by group. */
function grouped(a: Differences, b: Differences, policies: Readonly<Record<string, string>> = {}) {
  const { connectivity } = scenario(policies, { objects: `${pod('a', a)}\n---\n${pod('b', b)}` });
  return connectivity.groups
    .map(({ pods }) => pods.map(({ name }) => name).join(' and '))
    .filter((names) => ['a', 'b', 'a and b'].includes(names))
    .sort();
}

describe('one group', () => {
  test.each<[string, Differences, Differences]>([
    ['pods alike', {}, {}],
    ['pods whose labels nobody reads', { labels: '{app: x}' }, { labels: '{app: v}' }],
    ['pods whose ports nobody names', { ports: '[{name: http, containerPort: 1}]' }, {}],
    ['pods whose addresses no block parts', { ip: '10.0.7.1' }, { ip: '10.0.7.2' }],
  ])('%s', (_, a, b) => {
    expect(grouped(a, b)).toEqual(['a and b']);
  });
});

describe('two groups', () => {
  const HTTP = (port: number) => `[{name: http, containerPort: ${port}}]`;
  const NAMED = { 'shop/policy': 'egress: [{ports: [{port: http}]}]' };
  const BLOCK = {
    'shop/policy': 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.7.2/31]}}]}]',
  };

  test.each<[string, Differences, Differences, Readonly<Record<string, string>>]>([
    [
      'by a label that a subject reads',
      { labels: '{app: x}' },
      { labels: '{app: v}' },
      { 'shop/policy': 'podSelector: {matchLabels: {app: z}}' },
    ],
    [
      'by a label that a peer reads, its absence too',
      { labels: '{app: ""}' },
      {},
      {
        'shop/policy':
          'ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: Exists}]}}]}]',
      },
    ],
    ['by the number of a named port', { ports: HTTP(80) }, { ports: HTTP(81) }, NAMED],
    [
      'by its protocol',
      { ports: HTTP(80) },
      { ports: '[{name: http, containerPort: 80, protocol: UDP}]' },
      NAMED,
    ],
    ['by a block', { ip: '10.0.7.1' }, { ip: '11.0.7.1' }, BLOCK],
    ['by an exception', { ip: '10.0.7.1' }, { ip: '10.0.7.2' }, BLOCK],
    ['by the family of their addresses', { ip: '10.0.7.1' }, { ip: 'fd00::1' }, {}],
    ['by the network they are in', {}, { hostNetwork: true }, {}],
    ['by their namespace', {}, { namespace: 'other' }, {}],
  ])('%s', (_, a, b, policies) => {
    expect(grouped(a, b, policies)).toEqual(['a', 'b']);
  });
});

test('each pod keeps its own answer', () => {
  const HTTP = (port: number) => `[{name: http, containerPort: ${port}}]`;
  const objects = [
    pod('a', { ports: HTTP(80), ip: '10.0.7.1' }),
    pod('b', { ports: HTTP(81), ip: '10.0.7.2' }),
  ].join('\n---\n');
  const { verdict } = scenario(
    {
      'test/named': 'ingress: [{ports: [{port: http}]}]',
      'ops/block': 'policyTypes: [Egress]\negress: [{to: [{ipBlock: {cidr: 10.0.7.2/32}}]}]',
    },
    { objects },
  );
  expect(verdict('shop/web', 'test/a', 80)).toBe('allowed');
  expect(verdict('shop/web', 'test/b', 80)).toBe('blocked');
  expect(verdict('shop/web', 'test/b', 81)).toBe('allowed');
  expect(verdict('ops/prom', 'test/a', 80)).toBe('blocked');
  expect(verdict('ops/prom', 'test/b', 81)).toBe('allowed');
});

test('outside addresses are cut by the rules of their own direction', () => {
  const { connectivity } = scenario({
    'shop/policy': `
policyTypes: [Ingress, Egress]
ingress: [{from: [{ipBlock: {cidr: 128.0.0.0/1}}]}]
egress: [{to: [{ipBlock: {cidr: 2001:db8::/32, except: ["2001:db8::/33"]}}]}]`,
  });
  const { sources, destinations } = connectivity;
  expect(sources.map(({ range }) => formatRange(range))).toEqual([
    '0.0.0.0-127.255.255.255',
    '128.0.0.0-255.255.255.255',
    '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ]);
  expect(destinations.map(({ range }) => formatRange(range))).toEqual([
    '0.0.0.0-255.255.255.255',
    '::-2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db8::-2001:db8:7fff:ffff:ffff:ffff:ffff:ffff',
    '2001:db8:8000::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db9::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ]);
});
