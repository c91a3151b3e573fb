import { describe, expect, test } from 'vitest';
import { type Scenario, type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';

/** ClusterNetworkPolicies by name, each text a spec in flow style, beside NetworkPolicies. */
function cluster(
  policies: Readonly<Record<string, string>>,
  networkPolicies: Readonly<Record<string, string>> = {},
  options: ScenarioOptions = {},
): Scenario {
  const objects = Object.entries(policies).map(
    ([name, spec]) =>
      `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: ${name}}, spec: {${spec}}}`,
  );
  return scenario(networkPolicies, { ...options, objects: objects.join('\n---\n') });
}

const ALL = 'subject: {namespaces: {}}';
const NS = (name: string) => `{namespaces: {matchLabels: {kubernetes.io/metadata.name: ${name}}}}`;
const ANYBODY = '{namespaces: {}}';
const rule = (action: string, peer: string, more = '') =>
  `{action: ${action}, ${peer.includes('networks') || peer.includes('nodes') || peer.includes('domainNames') ? 'to' : 'from'}: [${peer}]${more}}`;
const admin = (priority: number, ...rules: string[]) =>
  `tier: Admin, priority: ${priority}, ${ALL}, ingress: [${rules.join(', ')}]`;
const adminOut = (priority: number, ...rules: string[]) =>
  `tier: Admin, priority: ${priority}, ${ALL}, egress: [${rules.join(', ')}]`;
const baseline = (priority: number, ...rules: string[]) =>
  `tier: Baseline, priority: ${priority}, ${ALL}, ingress: [${rules.join(', ')}]`;
const WEB_ALLOWED = {
  'shop/db': `
podSelector: {matchLabels: {app: db}}
ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
`,
};

describe('CNP-29 all tiers together', () => {
  const { verdict, answer } = cluster(
    {
      system: admin(5, rule('Pass', NS('kube-system'))),
      ops: admin(10, rule('Deny', NS('ops'))),
      floor: baseline(1, rule('Deny', ANYBODY)),
    },
    WEB_ALLOWED,
  );

  test.each([
    ['ops/prom', 'shop/web', 'blocked'],
    ['kube-system/coredns', 'shop/web', 'blocked'],
    ['shop/web', 'shop/db', 'allowed'],
    ['shop/api', 'shop/db', 'blocked'],
    ['shop/api', 'shop/web', 'blocked'],
    ['203.0.113.5', 'shop/web', 'allowed'],
  ])('%s → %s is %s', (from, to, expected) => {
    expect(verdict(from, to, 80)).toBe(expected);
  });

  test('each reason names the rule or the policy that decided', () => {
    const { ingress } = answer('ops/prom', 'shop/web', 80);
    expect(ingress.reason).toMatchObject({ kind: 'denied', by: { policy: { name: 'ops' } } });
    expect(answer('shop/api', 'shop/db', 80).ingress.reason).toMatchObject({ kind: 'isolated' });
    expect(answer('shop/web', 'shop/db', 80).ingress.reason).toMatchObject({
      kind: 'rules',
      rules: [{ policy: { name: 'db' } }],
    });
    expect(answer('203.0.113.5', 'shop/web', 80).ingress.reason).toEqual({ kind: 'not-decided' });
  });

  test('the policies are considered in the order of evaluation, rules passed over are marked', () => {
    const { ingress } = answer('kube-system/coredns', 'shop/web', 80);
    expect(
      ingress.considered.map(({ policy, tier, rules }) => [
        policy.name,
        tier,
        rules.map(({ action, match, reached }) => `${action} ${match} ${reached}`),
      ]),
    ).toEqual([
      ['system', 'Admin', ['pass yes true']],
      ['ops', 'Admin', ['deny no true']],
      ['floor', 'Baseline', ['deny yes true']],
    ]);
    const [, , floor] = answer('ops/prom', 'shop/web', 80).ingress.considered;
    expect(floor?.rules[0]?.reached).toBe(false);
  });
});

test('CNP-1 an Admin Deny wins over a NetworkPolicy that permits', () => {
  const { verdict } = cluster({ deny: admin(0, rule('Deny', NS('shop'))) }, WEB_ALLOWED);
  expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
});

test('CNP-2 the lower priority decides, CNP-4 then the first rule', () => {
  const byPriority = cluster({
    late: admin(20, rule('Deny', NS('ops'))),
    soon: admin(10, rule('Accept', NS('ops'))),
  });
  expect(byPriority.verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  const byRule = cluster({ one: admin(1, rule('Accept', NS('shop')), rule('Deny', ANYBODY)) });
  expect(byRule.verdict('shop/api', 'shop/web', 80)).toBe('allowed');
  expect(byRule.verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
});

describe('CNP-3 equal priorities', () => {
  test('that say different things leave the verdict unknown, and are named', () => {
    const { verdict, causes } = cluster({
      a: admin(10, rule('Accept', NS('ops'))),
      b: admin(
        10,
        rule('Deny', NS('ops'), ', protocols: [{tcp: {destinationPort: {number: 80}}}]'),
      ),
    });
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    expect(causes('ops/prom', 'shop/web', 80)).toMatchObject([
      { kind: 'equal-priority', policies: [{ name: 'a' }, { name: 'b' }] },
    ]);
    expect(verdict('ops/prom', 'shop/web', 81)).toBe('allowed');
  });

  test('that agree, or do not meet, are certain', () => {
    const { verdict } = cluster({
      a: admin(10, rule('Deny', NS('shop'))),
      b: admin(10, rule('Accept', NS('ops'))),
      c: admin(20, rule('Deny', ANYBODY)),
    });
    expect(verdict('shop/api', 'shop/web', 80)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  });
});

test('CNP-6 Pass in Baseline ends the tier', () => {
  const { verdict } = cluster({
    a: baseline(1, rule('Pass', NS('shop'))),
    b: baseline(2, rule('Deny', ANYBODY)),
  });
  expect(verdict('shop/web', 'ops/prom', 80)).toBe('allowed');
  expect(verdict('kube-system/coredns', 'ops/prom', 80)).toBe('blocked');
});

test('CNP-7 an Accept of Baseline does not open what a NetworkPolicy isolates, CNP-5 one of Admin does', () => {
  const low = cluster({ open: baseline(1, rule('Accept', ANYBODY)) }, WEB_ALLOWED);
  expect(low.verdict('shop/api', 'shop/db', 5432)).toBe('blocked');
  const high = cluster({ open: admin(1, rule('Accept', ANYBODY)) }, WEB_ALLOWED);
  expect(high.verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
});

test('CNP-8, AMB-3 Baseline is skipped for the isolated direction only', () => {
  const egress = `tier: Baseline, priority: 1, ${ALL}, egress: [{action: Deny, to: [${ANYBODY}]}]`;
  const { verdict } = cluster({ egress }, WEB_ALLOWED);
  expect(verdict('shop/db', 'shop/web', 80)).toBe('blocked');
});

test('CNP-9, CNP-10 what no rule matches goes on', () => {
  const { verdict, answer } = cluster({ some: admin(1, rule('Accept', NS('ops'))) });
  expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  expect(answer('shop/web', 'shop/db', 5432).egress.reason).toEqual({ kind: 'no-policy' });
});

test('CNP-13 hostNetwork pods are no peers', () => {
  const { verdict } = cluster({ deny: admin(1, rule('Deny', ANYBODY)) });
  expect(verdict('ops/agent', 'shop/api', 80)).toBe('allowed');
});

describe('CNP-15 a peer with an unknown field', () => {
  test.each([
    ['Accept', 'allowed'],
    ['Deny', 'unknown'],
    ['Pass', 'unknown'],
  ])('in a rule that says %s: %s where nothing follows', (action, expected) => {
    const { verdict } = cluster({ odd: admin(1, rule(action, '{newThing: {}}')) });
    expect(verdict('ops/prom', 'shop/web', 80)).toBe(expected);
  });

  test('never opens what a later rule denies', () => {
    const { verdict, causes } = cluster({
      odd: admin(1, rule('Accept', '{newThing: {}}'), rule('Deny', ANYBODY)),
    });
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    expect(causes('ops/prom', 'shop/web', 80)).toMatchObject([{ kind: 'not-understood' }]);
  });
});

test('CNP-19 networks match pods where an ipBlock does', () => {
  const deny = { deny: adminOut(1, rule('Deny', '{networks: [0.0.0.0/0]}')) };
  expect(cluster(deny).verdict('shop/web', 'shop/api', 80)).toBe('blocked');
  const cilium = cluster(deny, {}, { flags: { ipBlockMatchesPods: 'no' } });
  expect(cilium.verdict('shop/web', 'shop/api', 80)).toBe('allowed');
  expect(cilium.verdict('shop/web', '203.0.113.5', 443)).toBe('blocked');
});

test('CNP-20 nodes are their addresses and the hostNetwork pods on them', () => {
  const { verdict } = cluster({ deny: adminOut(1, rule('Deny', '{nodes: {}}')) });
  expect(verdict('shop/web', '192.168.0.2', 10250)).toBe('blocked');
  expect(verdict('shop/api', 'ops/agent', 80)).toBe('blocked');
  expect(verdict('shop/web', 'shop/api', 80)).toBe('allowed');
});

test('CNP-21 what domain names decide is unknown', () => {
  const { verdict } = cluster({
    names: adminOut(
      1,
      rule('Accept', '{domainNames: ["*.example.com"]}'),
      rule('Deny', '{networks: [0.0.0.0/0]}'),
    ),
  });
  expect(verdict('shop/web', '203.0.113.5', 443)).toBe('unknown');
});

test('CNP-24 a named port is one of any protocol', () => {
  const { verdict } = cluster({
    dns: admin(1, rule('Deny', ANYBODY, ', protocols: [{destinationNamedPort: dns}]')),
  });
  expect(verdict('shop/web', 'kube-system/coredns', '53/UDP')).toBe('blocked');
  expect(verdict('shop/web', 'kube-system/coredns', 53)).toBe('allowed');
});

test.each([
  ['CNP-16 no peers', '{action: Deny, from: []}'],
  [
    'CNP-23 a range of one',
    rule('Deny', ANYBODY, ', protocols: [{tcp: {destinationPort: {range: {start: 80, end: 80}}}}]'),
  ],
  ['CNP-14 a network as source', '{action: Deny, from: [{networks: [10.0.0.0/8]}]}'],
  ['an unknown action', rule('Allow', ANYBODY)],
])('%s is refused, and leaves open what it touches', (_, written) => {
  const { connectivity, verdict } = cluster({ bad: admin(1, written) });
  expect(connectivity.snapshot.problems).toMatchObject([{ code: 'policy-invalid' }]);
  expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
});
