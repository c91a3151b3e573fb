import { describe, expect, test } from 'vitest';
import {
  calicoCluster,
  calicoObject,
  cnp,
  gnp,
  storedObject,
} from '#lib/testing/calico-cluster.ts';
import { scenario } from '#lib/testing/scenario.ts';

/** What comes before what: tiers, orders, rules, and Kubernetes' own kinds among them (CAL-2 … CAL-13, CAL-40 … CAL-48). */

const WEB_TO_DB = {
  'shop/db': `
podSelector: {matchLabels: {app: db}}
ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
`,
};
const tier = (name: string, spec: string) => calicoObject('Tier', name, spec);
const SEC = tier('sec', 'order: 100');
const ON_DB = `selector: "app == 'db'", types: [Ingress]`;
const from = (action: string, app: string) =>
  `{action: ${action}, source: {namespaceSelector: all(), selector: "app == '${app}'"}}`;

describe('CAL-48 tiers and NetworkPolicies together', () => {
  const { verdict, answer } = calicoCluster(
    [
      SEC,
      gnp(
        'sec.g1',
        `tier: sec, selector: "app == 'db'", ingress: [{action: Pass, source: {namespaceSelector: "kubernetes.io/metadata.name == 'shop'"}}]`,
      ),
    ],
    WEB_TO_DB,
  );

  test.each([
    ['shop/web', 'allowed'],
    ['shop/api', 'blocked'],
    ['ops/prom', 'blocked'],
    ['192.168.0.1', 'allowed'],
    ['192.168.0.2', 'blocked'],
  ])('%s → shop/db is %s', (source, expected) => {
    expect(verdict(source, 'shop/db', 5432)).toBe(expected);
  });

  test('the reasons are those of the tiers', () => {
    expect(answer('shop/web', 'shop/db', 5432).ingress.reason).toMatchObject({
      kind: 'rules',
      rules: [{ policy: { name: 'db', group: 'networking.k8s.io' } }],
    });
    expect(answer('shop/api', 'shop/db', 5432).ingress.reason).toMatchObject({
      kind: 'isolated',
      by: [{ name: 'db' }],
    });
    expect(answer('ops/prom', 'shop/db', 5432).ingress.reason).toMatchObject({
      kind: 'isolated',
      by: [{ name: 'sec.g1' }],
    });
  });

  test('the closest miss is a rule of the tier that blocks, not of one that is never asked', () => {
    expect(answer('ops/prom', 'shop/db', 5432).ingress.nearMiss).toBeNull();
    expect(answer('shop/api', 'shop/db', 5432).ingress.nearMiss).toMatchObject({
      rule: { policy: { name: 'db' } },
      failed: 'peer',
    });
  });
});

describe('where another plugin runs', () => {
  const policy = gnp('db', `${ON_DB}, ingress: [${from('Allow', 'web')}, {action: Deny}]`);
  const under = (cni: string) => scenario({}, { cni, objects: policy });

  test('that has nothing to do with them, they decide nothing', () => {
    expect(under('cilium').verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
    expect(under('kindnet').verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
  });

  test('that is not known, they leave it open, and what they say is told', () => {
    const { verdict, causes, answer } = under('kubernetes');
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('unknown');
    expect(causes('shop/api', 'shop/db', 5432)).toEqual([
      { kind: 'cni-flag', flag: 'enforcesCalico' },
    ]);
    const [considered] = answer('shop/web', 'shop/db', 5432).ingress.considered;
    expect(considered?.rules.map(({ match, reached }) => [match, reached])).toEqual([
      ['yes', true],
      ['yes', true],
    ]);
  });
});

describe('CAL-2 a tier that nobody made', () => {
  test('comes after every other', () => {
    const deny = gnp('typo', `tier: secruity, ${ON_DB}, ingress: [{action: Deny}]`);
    expect(calicoCluster([SEC, deny], WEB_TO_DB).verdict('shop/web', 'shop/db', 5432)).toBe(
      'allowed',
    );
    const last = tier('last', 'order: 20000000');
    const allow = gnp('last.open', `tier: last, ${ON_DB}, ingress: [{action: Allow}]`);
    expect(calicoCluster([last, deny, allow]).verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  });

  test('blocks what its policies do not match, as any other', () => {
    const some = gnp('typo', `tier: secruity, ${ON_DB}, ingress: [${from('Allow', 'prom')}]`);
    const { verdict } = calicoCluster([some]);
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
  });
});

describe('CAL-3 tiers by their orders', () => {
  const allow = gnp('a.allow', `tier: a, ${ON_DB}, ingress: [{action: Allow}]`);
  const deny = gnp('b.deny', `tier: b, ${ON_DB}, ingress: [{action: Deny}]`);
  const verdictOf = (...objects: string[]) =>
    calicoCluster([allow, deny, ...objects]).verdict('shop/web', 'shop/db', 5432);

  test('the lower is asked first', () => {
    expect(verdictOf(tier('a', 'order: 1'), tier('b', 'order: 2'))).toBe('allowed');
    expect(verdictOf(tier('a', 'order: 2'), tier('b', 'order: 1.5'))).toBe('blocked');
  });

  test('without one it is the last, ties go by name', () => {
    expect(verdictOf(tier('a', ''), tier('b', 'order: 2'))).toBe('blocked');
    expect(verdictOf(tier('a', 'order: 2'), tier('b', 'order: 2'))).toBe('allowed');
    expect(verdictOf(tier('a', ''), tier('b', ''))).toBe('allowed');
  });

  test('the default tier has its order without being written', () => {
    const inDefault = gnp('deny', `${ON_DB}, ingress: [{action: Deny}]`);
    const verdictWith = (order: number) =>
      calicoCluster([allow, inDefault, tier('a', `order: ${order}`)]).verdict(
        'shop/web',
        'shop/db',
        5432,
      );
    expect(verdictWith(999_999)).toBe('allowed');
    expect(verdictWith(1_000_001)).toBe('blocked');
  });

  test('a tier that is stored only is one as well', () => {
    expect(verdictOf(storedObject('Tier', 'a', 'order: 1'), tier('b', 'order: 2'))).toBe('allowed');
  });
});

describe('CAL-4 policies by their orders', () => {
  const policy = (name: string, order: string, action: string) =>
    gnp(name, `${order}${ON_DB}, ingress: [{action: ${action}}]`);
  const verdictOf = (...objects: string[]) =>
    calicoCluster(objects).verdict('shop/web', 'shop/db', 5432);

  test.each([
    ['order: 10, ', 'order: 9.5, ', 'blocked'],
    ['order: 10, ', 'order: 11, ', 'allowed'],
    ['order: -1, ', 'order: 0, ', 'allowed'],
    ['', 'order: 1000000, ', 'blocked'],
    ['order: 5, ', '', 'allowed'],
  ])('Allow with "%s" and Deny with "%s": %s', (allowed, denied, expected) => {
    expect(verdictOf(policy('a', allowed, 'Allow'), policy('b', denied, 'Deny'))).toBe(expected);
  });

  test('ties go by name, then namespace, then kind', () => {
    expect(verdictOf(policy('b', '', 'Allow'), policy('a', '', 'Deny'))).toBe('blocked');
    expect(verdictOf(policy('a', '', 'Allow'), policy('b', '', 'Deny'))).toBe('allowed');
    const namespaced = cnp('shop/a', `${ON_DB}, ingress: [{action: Allow}]`);
    expect(verdictOf(namespaced, policy('a', '', 'Deny'))).toBe('blocked');
  });
});

test('CAL-5 the first rule that matches decides, each direction for itself', () => {
  const { verdict } = calicoCluster([
    gnp(
      'web',
      `selector: "app == 'web'", types: [Ingress, Egress], ingress: [${from('Deny', 'prom')}, {action: Allow}], egress: [{action: Allow}, {action: Deny}]`,
    ),
  ]);
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  expect(verdict('shop/api', 'shop/web', 80)).toBe('allowed');
  expect(verdict('shop/web', 'ops/prom', 80)).toBe('allowed');
});

describe('CAL-6 actions', () => {
  test('Log decides nothing', () => {
    const { verdict, answer } = calicoCluster([
      gnp('db', `${ON_DB}, ingress: [{action: Log}, ${from('Allow', 'web')}]`),
    ]);
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('blocked');
    const [policy] = answer('shop/web', 'shop/db', 5432).ingress.considered;
    expect(policy?.rules.map(({ action, reached }) => [action, reached])).toEqual([
      ['log', true],
      ['allow', true],
    ]);
    const after = calicoCluster([gnp('db', `${ON_DB}, ingress: [{action: Deny}, {action: Log}]`)]);
    const [denying] = after.answer('shop/web', 'shop/db', 5432).ingress.considered;
    expect(denying?.rules.map(({ reached }) => reached)).toEqual([true, false]);
  });

  test('Pass leaves the tier, whatever else is in it', () => {
    const { verdict } = calicoCluster(
      [
        SEC,
        gnp('sec.pass', `tier: sec, order: 1, ${ON_DB}, ingress: [${from('Pass', 'web')}]`),
        gnp('sec.deny', `tier: sec, order: 2, ${ON_DB}, ingress: [{action: Deny}]`),
      ],
      WEB_TO_DB,
    );
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('blocked');
  });
});

describe('CAL-7 the end of a tier', () => {
  const some = gnp('sec.some', `tier: sec, ${ON_DB}, ingress: [${from('Allow', 'prom')}]`);

  test('blocks what nothing in it matched, where a policy of it applies', () => {
    const { verdict, answer } = calicoCluster([SEC, some], WEB_TO_DB);
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
    expect(answer('shop/web', 'shop/db', 5432).ingress.reason).toMatchObject({
      kind: 'isolated',
      by: [{ name: 'sec.some' }],
    });
  });

  test('is passed over where none does, or in the other direction only', () => {
    const { verdict } = calicoCluster([SEC, some], WEB_TO_DB);
    expect(verdict('shop/api', 'shop/web', 80)).toBe('allowed');
    expect(verdict('shop/db', 'shop/web', 80)).toBe('allowed');
  });

  test('CAL-13 passes on where the tier says so', () => {
    const open = tier('sec', 'order: 100, defaultAction: Pass');
    expect(calicoCluster([open, some]).verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(calicoCluster([open, some], WEB_TO_DB).verdict('shop/api', 'shop/db', 5432)).toBe(
      'blocked',
    );
  });
});

describe('CAL-11, CAL-14 behind the last tier', () => {
  test('what nobody decided passes by the profile of the namespace', () => {
    const { verdict } = calicoCluster([
      SEC,
      gnp('sec.pass', `tier: sec, ${ON_DB}, ingress: [{action: Pass}]`),
    ]);
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(calicoCluster([]).verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
  });

  test('CAL-12 Pass in the default tier leads there, past NetworkPolicies', () => {
    const pass = gnp('pass', `order: 10, ${ON_DB}, ingress: [${from('Pass', 'api')}]`);
    const { verdict } = calicoCluster([pass], WEB_TO_DB);
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('blocked');
  });
});

describe('CAL-40, CAL-41 NetworkPolicies stand at order 1000 of the default tier', () => {
  const policy = (order: number, action: string, app = 'web') =>
    gnp('p', `order: ${order}, ${ON_DB}, ingress: [${from(action, app)}]`);
  const verdictOf = (source: string, ...objects: string[]) =>
    calicoCluster(objects, WEB_TO_DB).verdict(source, 'shop/db', 5432);

  test('a lower order denies what they permit', () => {
    expect(verdictOf('shop/web', policy(999, 'Deny'))).toBe('blocked');
  });

  test('a higher order denies nothing that they permit', () => {
    expect(verdictOf('shop/web', policy(2000, 'Deny'))).toBe('allowed');
  });

  test('a higher order permits what they do not', () => {
    expect(verdictOf('shop/api', policy(2000, 'Allow', 'api'))).toBe('allowed');
    expect(verdictOf('ops/prom', policy(2000, 'Allow', 'api'))).toBe('blocked');
  });

  test('several of them are a union still', () => {
    const { verdict } = calicoCluster([], {
      ...WEB_TO_DB,
      'shop/also': `
podSelector: {matchLabels: {app: db}}
ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]
`,
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('blocked');
  });
});

describe('CAL-42, ORD-4 ClusterNetworkPolicies stand around them', () => {
  const cluster = (tierName: string, action: string) =>
    `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: all}, spec: {tier: ${tierName}, priority: 1, subject: {namespaces: {}}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}}`;
  const flags = { enforcesClusterNetworkPolicy: 'yes' } as const;
  const ask = (objects: readonly string[]) =>
    calicoCluster(objects, WEB_TO_DB, { flags }).verdict('shop/web', 'shop/db', 5432);

  test('those of Admin before the default tier, and behind tiers below 1000', () => {
    const allow = gnp('first.allow', `tier: first, ${ON_DB}, ingress: [{action: Allow}]`);
    expect(ask([cluster('Admin', 'Deny')])).toBe('blocked');
    expect(ask([cluster('Admin', 'Deny'), tier('first', 'order: 999'), allow])).toBe('allowed');
    expect(ask([cluster('Admin', 'Deny'), tier('first', 'order: 1001'), allow])).toBe('blocked');
  });

  test('those of Baseline behind it', () => {
    expect(ask([cluster('Baseline', 'Deny')])).toBe('allowed');
    const { verdict } = calicoCluster([cluster('Baseline', 'Deny')], {}, { flags });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
  });

  test('CAL-43, ORD-5, ORD-6 AdminNetworkPolicies do nothing where they are not enforced', () => {
    const deny =
      '{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: ops}, spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}';
    const verdictWith = (enforced: 'yes' | 'no') =>
      calicoCluster([deny], {}, { flags: { enforcesAdminNetworkPolicy: enforced } }).verdict(
        'ops/prom',
        'shop/web',
        80,
      );
    expect(verdictWith('no')).toBe('allowed');
    expect(verdictWith('yes')).toBe('blocked');
  });
});
