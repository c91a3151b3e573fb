import { describe, expect, test } from 'vitest';
import { type Scenario, type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';

/** What subjects, peers and ports of ClusterNetworkPolicies match (CNP-11 … CNP-28). */

const HEAD = 'apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy';

/** One policy whose spec is written in flow style, beside NetworkPolicies. */
function cluster(
  spec: string,
  networkPolicies: Readonly<Record<string, string>> = {},
  options: ScenarioOptions = {},
): Scenario {
  const objects = `{${HEAD}, metadata: {name: one}, spec: {tier: Admin, priority: 1, ${spec}}}`;
  return scenario(networkPolicies, { ...options, objects });
}

const ALL = 'subject: {namespaces: {}}';
const ANYBODY = '{namespaces: {}}';
const OPS = '{namespaces: {matchLabels: {team: b}}}';
const SHOP = '{namespaces: {matchLabels: {team: a}}}';
const DENY_IN = `ingress: [{action: Deny, from: [${ANYBODY}]}]`;
const DENY_OUT = `egress: [{action: Deny, to: [${ANYBODY}]}]`;

describe('CNP-11 each end decides for itself', () => {
  const CLOSED = { 'shop/db': 'podSelector: {matchLabels: {app: db}}' };

  test('Accept out of one does not open the other', () => {
    const { verdict } = cluster(`${ALL}, egress: [{action: Accept, to: [${ANYBODY}]}]`, CLOSED);
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
  });

  test('Accept into one does not open the way out of the other', () => {
    const { verdict } = cluster(`${ALL}, ingress: [{action: Accept, from: [${ANYBODY}]}]`, {
      'shop/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}',
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
  });
});

describe('CNP-12 the subject', () => {
  test.each([
    ['{namespaces: {}}', ['shop/db', 'ops/prom']],
    ['{namespaces: {matchLabels: {team: b}}}', ['ops/prom']],
    ['{pods: {podSelector: {matchLabels: {app: db}}}}', ['shop/db']],
    ['{pods: {podSelector: {}}}', ['shop/db', 'ops/prom']],
    ['{pods: {podSelector: }}', ['shop/db', 'ops/prom']],
    ['{pods: {namespaceSelector: {matchLabels: {team: b}}, podSelector: {}}}', ['ops/prom']],
    [
      '{pods: {namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: db}}}}',
      [],
    ],
  ])('%s selects %j', (subject, selected) => {
    const { verdict } = cluster(`subject: ${subject}, ${DENY_IN}`);
    const closed = ['shop/db', 'ops/prom'].filter(
      (to) => verdict('shop/web', to, 80) === 'blocked',
    );
    expect(closed).toEqual(selected);
  });

  test.each([
    ['{}'],
    [`{namespaces: {}, pods: {podSelector: {}}}`],
    ['{pods: {}}'],
    ['{nodes: {}}'],
  ])('%s is refused', (subject) => {
    const { connectivity } = cluster(`subject: ${subject}, ${DENY_IN}`);
    expect(connectivity.snapshot.problems[0]).toMatchObject({ code: 'policy-invalid' });
  });
});

test.each([['{namespaces: {}}'], ['{pods: {namespaceSelector: {}, podSelector: {}}}']])(
  'CNP-17 %s is every pod, and nothing else',
  (peer) => {
    const { verdict } = cluster(`${ALL}, ingress: [{action: Deny, from: [${peer}]}]`);
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
    expect(verdict('shop/api', 'shop/web', 8080)).toBe('blocked');
    expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('allowed');
    expect(verdict('192.168.0.2', 'shop/web', 8080)).toBe('allowed');
  },
);

test('CNP-18 networks match addresses of their own family', () => {
  const { verdict } = cluster(
    `${ALL}, egress: [{action: Deny, to: [{networks: [203.0.113.0/24]}]}]`,
  );
  expect(verdict('shop/web', '203.0.113.5', 443)).toBe('blocked');
  expect(verdict('shop/web', '203.0.114.5', 443)).toBe('allowed');
  expect(verdict('shop/web', '2001:db8::1', 443)).toBe('allowed');
  const six = cluster(`${ALL}, egress: [{action: Deny, to: [{networks: ["2001:db8::/32"]}]}]`);
  expect(six.verdict('shop/web', '2001:db8::1', 443)).toBe('blocked');
  expect(six.verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
});

test('CNP-22 without protocols a rule is for every one of them', () => {
  const { answer } = cluster(
    `${ALL}, egress: [{action: Accept, to: [{networks: [203.0.113.0/24]}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]`,
  );
  expect(answer('shop/web', '203.0.113.5').ports.allowed.other).toBe(true);
  const some = cluster(
    `${ALL}, egress: [{action: Accept, to: [{networks: [203.0.113.0/24]}], protocols: [{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}]}, {action: Deny, to: [{networks: [0.0.0.0/0]}]}]`,
  );
  expect(some.answer('shop/web', '203.0.113.5').ports.allowed.other).toBe(false);
  expect(some.verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
  expect(some.verdict('shop/web', '203.0.113.5', '443/UDP')).toBe('blocked');
});

describe('CNP-25 a pod and itself', () => {
  const { verdict } = cluster(
    `${ALL}, ${DENY_IN}, ${DENY_OUT}`,
    {},
    { cni: 'kindnet', flags: { enforcesClusterNetworkPolicy: 'yes' } },
  );

  test('at its own address it is no subject', () => {
    expect(verdict('shop/api', '10.0.1.11', 8081)).toBe('allowed');
  });

  test('through a Service it is', () => {
    expect(verdict('shop/api', 'svc/shop/api', 80)).toBe('blocked');
  });
});

test('CNP-26 peers are alternatives, ports are alternatives, and a rule needs one of each', () => {
  const { verdict } = cluster(
    `${ALL}, ingress: [{action: Deny, from: [${SHOP}, ${OPS}], protocols: [{tcp: {destinationPort: {number: 80}}}, {tcp: {destinationPort: {number: 443}}}]}]`,
  );
  for (const from of ['shop/api', 'ops/prom'])
    for (const port of [80, 443]) expect(verdict(from, 'shop/web', port)).toBe('blocked');
  expect(verdict('ops/prom', 'shop/web', 81)).toBe('allowed');
  expect(verdict('kube-system/coredns', 'shop/web', 80)).toBe('allowed');
});

test('CNP-27 a subject that selects nothing changes nothing', () => {
  const { verdict, answer } = cluster(
    `subject: {namespaces: {matchLabels: {team: zzz}}}, ${DENY_IN}`,
  );
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  expect(answer('ops/prom', 'shop/web', 80).ingress.reason).toEqual({ kind: 'no-policy' });
});

test.each([
  ['without a status', ''],
  [
    'with a condition that says otherwise',
    ', status: {conditions: [{type: Accepted, status: "False"}]}',
  ],
])('CNP-28 a policy %s counts', (_, status) => {
  const objects = `{${HEAD}, metadata: {name: one}, spec: {tier: Admin, priority: 1, ${ALL}, ${DENY_IN}}${status}}`;
  const { verdict, connectivity } = scenario({}, { objects });
  expect(connectivity.snapshot.problems).toEqual([]);
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
});

test('AMB-5 a protocol without port is all of that protocol', () => {
  const { verdict } = cluster(
    `${ALL}, ingress: [{action: Deny, from: [${ANYBODY}], protocols: [{tcp: {}}]}]`,
  );
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  expect(verdict('ops/prom', 'shop/web', '80/UDP')).toBe('allowed');
});

test('AMB-6 a named port beside networks matches no address', () => {
  const { verdict } = cluster(
    `${ALL}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}], protocols: [{destinationNamedPort: http}]}]`,
  );
  expect(verdict('shop/web', '203.0.113.5', 8081)).toBe('allowed');
});

test('AMB-7 networks match pods where the plugin sees addresses', () => {
  const deny = `${ALL}, egress: [{action: Deny, to: [{networks: [10.0.0.0/16]}]}]`;
  const withFlag = (ipBlockMatchesPods: 'yes' | 'no' | 'unknown') =>
    cluster(deny, {}, { flags: { ipBlockMatchesPods } }).verdict('shop/web', 'shop/api', 8081);
  expect(withFlag('yes')).toBe('blocked');
  expect(withFlag('no')).toBe('allowed');
  expect(withFlag('unknown')).toBe('unknown');
});

test('AMB-22 rules of one object have the order in which they are written', () => {
  const rules = [`{action: Accept, from: [${OPS}]}`, `{action: Deny, from: [${OPS}]}`];
  const asWritten = cluster(`${ALL}, ingress: [${rules.join(', ')}]`);
  expect(asWritten.verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  const turned = cluster(`${ALL}, ingress: [${rules.toReversed().join(', ')}]`);
  expect(turned.verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
});
