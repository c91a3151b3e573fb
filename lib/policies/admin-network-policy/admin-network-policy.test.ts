import { describe, expect, test } from 'vitest';
import { type Scenario, scenario } from '#lib/testing/scenario.ts';

/** Where AdminNetworkPolicy and its baseline differ from ClusterNetworkPolicy (ANP-1 … ANP-9). */

const GROUP = 'policy.networking.k8s.io/v1alpha1';

function admin(name: string, spec: string): string {
  return `{apiVersion: ${GROUP}, kind: AdminNetworkPolicy, metadata: {name: ${name}}, spec: {${spec}}}`;
}

function baseline(spec: string, name = 'default'): string {
  return `{apiVersion: ${GROUP}, kind: BaselineAdminNetworkPolicy, metadata: {name: ${name}}, spec: {${spec}}}`;
}

function cluster(
  objects: readonly string[],
  networkPolicies: Readonly<Record<string, string>> = {},
): Scenario {
  return scenario(networkPolicies, { objects: objects.join('\n---\n') });
}

const ALL = 'subject: {namespaces: {}}';
const ANYBODY = '{namespaces: {}}';
const OPS = '{namespaces: {matchLabels: {team: b}}}';
const into = (action: string, peer = ANYBODY, more = '') =>
  `ingress: [{action: ${action}, from: [${peer}]${more}}]`;
const WEB_TO_DB = {
  'shop/db':
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
};

const problemsOf = ({ connectivity }: Scenario) =>
  connectivity.snapshot.problems.map(({ message }) => message);

describe('ANP-1 the two kinds', () => {
  test('AdminNetworkPolicy comes before NetworkPolicy, the baseline after it', () => {
    const first = cluster([admin('a', `priority: 1, ${ALL}, ${into('Deny')}`)], WEB_TO_DB);
    expect(first.verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
    const last = cluster([baseline(`${ALL}, ${into('Deny')}`)], WEB_TO_DB);
    expect(last.verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(last.verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
  });

  test.each([
    ['a baseline of another name', baseline(`${ALL}, ${into('Deny')}`, 'other')],
    ['a baseline with a priority', baseline(`priority: 1, ${ALL}, ${into('Deny')}`)],
    ['an AdminNetworkPolicy without one', admin('a', `${ALL}, ${into('Deny')}`)],
    ['one above 1000', admin('a', `priority: 1001, ${ALL}, ${into('Deny')}`)],
  ])('%s is refused', (_, object) => {
    expect(problemsOf(cluster([object]))).toHaveLength(1);
  });

  test('lower priorities decide first', () => {
    const { verdict } = cluster([
      admin('late', `priority: 20, ${ALL}, ${into('Deny', OPS)}`),
      admin('soon', `priority: 10, ${ALL}, ${into('Allow', OPS)}`),
    ]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  });
});

describe('ANP-2 actions', () => {
  test('Pass leaves it to NetworkPolicy, past what follows', () => {
    const rules = `ingress: [{action: Pass, from: [${ANYBODY}]}, {action: Deny, from: [${ANYBODY}]}]`;
    const { verdict } = cluster([admin('a', `priority: 1, ${ALL}, ${rules}`)], WEB_TO_DB);
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('blocked');
    expect(verdict('shop/db', 'shop/web', 8080)).toBe('allowed');
  });

  test.each([
    ['Pass in a baseline', baseline(`${ALL}, ${into('Pass')}`)],
    ['Accept', admin('a', `priority: 1, ${ALL}, ${into('Accept')}`)],
  ])('%s is refused', (_, object) => {
    expect(problemsOf(cluster([object]))).toHaveLength(1);
  });
});

test.each([
  [100, 0],
  [101, 1],
])('ANP-3 with %i rules, or peers, there are %i problems', (count, problems) => {
  const many = (text: string) => Array.from({ length: count }, () => text).join(', ');
  const rules = `ingress: [${many(`{action: Deny, from: [${OPS}]}`)}]`;
  expect(problemsOf(cluster([admin('a', `priority: 1, ${ALL}, ${rules}`)]))).toHaveLength(problems);
  const peers = `priority: 1, ${ALL}, ${into('Deny', many(OPS))}`;
  expect(problemsOf(cluster([admin('a', peers)]))).toHaveLength(problems);
});

describe('ANP-4 ports', () => {
  const denying = (ports: string) =>
    cluster([admin('a', `priority: 1, ${ALL}, ${into('Deny', ANYBODY, `, ports: [${ports}]`)}`)]);

  test.each`
    ports                                                    | to                       | port         | verdict
    ${'{portNumber: {protocol: UDP, port: 53}}'}             | ${'kube-system/coredns'} | ${'53/UDP'}  | ${'blocked'}
    ${'{portNumber: {protocol: UDP, port: 53}}'}             | ${'kube-system/coredns'} | ${53}        | ${'allowed'}
    ${'{portNumber: {port: 80}}'}                            | ${'shop/web'}            | ${80}        | ${'blocked'}
    ${'{portNumber: {port: 80}}'}                            | ${'shop/web'}            | ${'80/UDP'}  | ${'allowed'}
    ${'{portRange: {protocol: SCTP, start: 80, end: 81}}'}   | ${'shop/web'}            | ${'81/SCTP'} | ${'blocked'}
    ${'{portRange: {protocol: SCTP, start: 80, end: 81}}'}   | ${'shop/web'}            | ${'82/SCTP'} | ${'allowed'}
    ${'{namedPort: http}'}                                   | ${'shop/web'}            | ${8080}      | ${'blocked'}
    ${'{namedPort: http}'}                                   | ${'shop/api'}            | ${8080}      | ${'allowed'}
    ${'{namedPort: dns}'}                                    | ${'kube-system/coredns'} | ${'53/UDP'}  | ${'blocked'}
    ${'{portNumber: {port: 80}}, {portNumber: {port: 443}}'} | ${'shop/web'}            | ${443}       | ${'blocked'}
  `('$ports: ops/prom → $to:$port is $verdict', ({ ports, to, port, verdict }) => {
    expect(denying(ports).verdict('ops/prom', to, port)).toBe(verdict);
  });

  test('a range that ends below its start holds none, and a warning says so', () => {
    const backwards = denying('{portRange: {start: 90, end: 80}}');
    expect(backwards.verdict('ops/prom', 'shop/web', 85)).toBe('allowed');
    expect(backwards.connectivity.snapshot.problems).toMatchObject([
      { code: 'port-range-empty', severity: 'warning' },
    ]);
    const beside = denying('{portRange: {start: 90, end: 80}}, {portNumber: {port: 85}}');
    expect(beside.verdict('ops/prom', 'shop/web', 85)).toBe('blocked');
    expect(beside.verdict('ops/prom', 'shop/web', 86)).toBe('allowed');
  });

  test('without ports every one is meant', () => {
    const { answer } = cluster([admin('a', `priority: 1, ${ALL}, ${into('Deny')}`)]);
    expect(answer('ops/prom', 'shop/web').ports.allowed).toMatchObject({ TCP: [], other: false });
  });
});

describe('ANP-5 peers outside the cluster', () => {
  const out = (action: string, peer: string) =>
    admin('a', `priority: 1, ${ALL}, egress: [{action: ${action}, to: [${peer}]}]`);

  test('networks and nodes', () => {
    const networks = cluster([out('Deny', '{networks: [203.0.113.0/24]}')]);
    expect(networks.verdict('shop/web', '203.0.113.5', 443)).toBe('blocked');
    expect(networks.verdict('shop/web', '203.0.114.5', 443)).toBe('allowed');
    const nodes = cluster([out('Deny', '{nodes: {}}')]);
    expect(nodes.verdict('shop/web', '192.168.0.2', 10250)).toBe('blocked');
    expect(nodes.verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
  });

  test('domain names go with Allow of an AdminNetworkPolicy', () => {
    const names = '{domainNames: ["a.example"]}';
    expect(problemsOf(cluster([out('Allow', names)]))).toEqual([]);
    expect(problemsOf(cluster([out('Deny', names)]))).toHaveLength(1);
    const low = baseline(`${ALL}, egress: [{action: Allow, to: [${names}]}]`);
    expect(problemsOf(cluster([low]))).toHaveLength(1);
  });
});

describe('ANP-6 peers as the first releases wrote them', () => {
  const denying = (peer: string) =>
    cluster([admin('a', `priority: 1, ${ALL}, ${into('Deny', peer)}`)]);

  test.each([
    ['{namespaces: {namespaceSelector: {matchLabels: {team: b}}}}'],
    ['{pods: {namespaces: {namespaceSelector: {matchLabels: {team: b}}}, podSelector: {}}}'],
  ])('%s is understood', (peer) => {
    const { verdict } = denying(peer);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
    expect(verdict('shop/api', 'shop/web', 80)).toBe('allowed');
  });

  test.each([['{namespaces: {sameLabels: [team]}}'], ['{namespaces: {notSameLabels: [team]}}']])(
    '%s leaves it open',
    (peer) => {
      expect(denying(peer).verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    },
  );
});

test('ANP-7, AMB-4 policies of one priority have no order: unknown where they disagree', () => {
  const both = (one: string, other: string) =>
    cluster([
      admin('a', `priority: 5, ${ALL}, ${into(one, OPS)}`),
      admin('b', `priority: 5, ${ALL}, ${into(other, OPS)}`),
    ]).verdict('ops/prom', 'shop/web', 80);
  expect(both('Allow', 'Deny')).toBe('unknown');
  expect(both('Deny', 'Deny')).toBe('blocked');
  expect(both('Allow', 'Allow')).toBe('allowed');
});

test.each([
  ['yes', 'blocked'],
  ['no', 'allowed'],
  ['unknown', 'unknown'],
] as const)('ANP-8 whether the plugin enforces the kinds: %s makes it %s', (flag, expected) => {
  const { verdict } = scenario(
    {},
    {
      objects: admin('a', `priority: 1, ${ALL}, ${into('Deny')}`),
      flags: { enforcesAdminNetworkPolicy: flag },
    },
  );
  expect(verdict('ops/prom', 'shop/web', 80)).toBe(expected);
});

test.each([
  ['ops/prom', 'shop/db', 'blocked'],
  ['shop/web', 'shop/db', 'allowed'],
  ['shop/web', 'shop/api', 'blocked'],
  ['203.0.113.5', 'shop/api', 'allowed'],
])('ANP-9 all together: %s → %s is %s', (from, to, expected) => {
  const { verdict } = cluster(
    [
      admin('ops', `priority: 5, ${ALL}, ${into('Deny', OPS)}`),
      baseline(`${ALL}, ${into('Deny')}`),
    ],
    WEB_TO_DB,
  );
  expect(verdict(from, to, 5432)).toBe(expected);
});
