import { describe, expect, test } from 'vitest';
import { findingsOf } from '#lib/testing/findings.ts';

/** How policies act on each other (PIT-REL): each mistake, and what nearly is one. */

const WEB = 'podSelector: {matchLabels: {app: web}}';
const FROM_API = 'from: [{podSelector: {matchLabels: {app: api}}}]';
const into = (subject: string, ...rules: string[]) => `{${subject}, ingress: [${rules.join()}]}`;

function admin(name: string, spec: string, subject = '{namespaces: {}}'): string {
  return `---\n{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: ${name}}, spec: {subject: ${subject}, ${spec}}}\n`;
}

describe('a policy that changes nothing', () => {
  const NARROW = into(WEB, `{${FROM_API}, ports: [{port: 8080}]}`);
  test.each([
    into('podSelector: {}', '{ports: [{port: 8080}]}'),
    into(WEB, '{from: [{namespaceSelector: {}}], ports: [{port: 80, endPort: 9000}]}'),
    into(WEB, `{${FROM_API}}`),
    into('podSelector: {matchExpressions: [{key: app, operator: In, values: [web, db]}]}', '{}'),
  ])('PIT-REL-1 beside %s', (wide) => {
    expect(findingsOf('PIT-REL-1', { 'shop/narrow': NARROW, 'shop/wide': wide })).toMatchObject([
      { object: { name: 'narrow' }, related: [{ name: 'wide' }] },
    ]);
  });

  test.each([
    into(WEB, `{${FROM_API}, ports: [{port: 9090}]}`),
    into(WEB, '{from: [{podSelector: {matchLabels: {app: db}}}]}'),
    // It matches the same pods today, and says something else.
    into('podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [api, db]}]}', '{}'),
    '{podSelector: {}, policyTypes: [Egress], egress: [{}]}',
  ])('PIT-REL-1 not beside %s', (other) => {
    expect(findingsOf('PIT-REL-1', { 'shop/narrow': NARROW, 'shop/other': other })).toEqual([]);
  });

  test('PIT-REL-1 one of two that say the same in other words, and never a default deny', () => {
    const words = into(WEB, `{${FROM_API}, ports: [{port: 8080}, {protocol: TCP, port: 8080}]}`);
    const both = { 'shop/a': NARROW, 'shop/b': words, 'shop/deny': '{podSelector: {}}' };
    expect(findingsOf('PIT-REL-1', both)).toMatchObject([
      { object: { name: 'a' }, message: expect.stringContaining('shop/b does') },
    ]);
  });

  test('PIT-REL-1 a rule that another of the same policy says too', () => {
    const spec = into(WEB, `{${FROM_API}, ports: [{port: 8080}]}`, `{${FROM_API}}`);
    expect(findingsOf('PIT-REL-1', { 'shop/p': spec })).toMatchObject([
      { path: ['spec', 'ingress', 0], message: expect.stringContaining('spec.ingress[1]') },
    ]);
    const apart = into(WEB, '{ports: [{port: 8080}]}', `{${FROM_API}}`);
    expect(findingsOf('PIT-REL-1', { 'shop/p': apart })).toEqual([]);
  });
});

describe('a rule that is never reached', () => {
  const PASS = '{action: Pass, from: [{namespaces: {matchLabels: {team: b}}}]}';
  const DENY = '{action: Deny, from: [{namespaces: {}}]}';
  const of = (...rules: string[]) =>
    admin('tenants', `tier: Admin, priority: 10, ingress: [${rules.join()}]`);

  test('PIT-REL-2 a wider rule is before it', () => {
    expect(findingsOf('PIT-REL-2', {}, { objects: of(DENY, PASS) })).toMatchObject([
      {
        path: ['spec', 'ingress', 1],
        message: 'All that it matches is decided by spec.ingress[0] before it, which denies.',
      },
    ]);
    expect(findingsOf('PIT-REL-2', {}, { objects: of(PASS, DENY) })).toEqual([]);
  });

  test.each([
    [5, '{namespaces: {}}', 1],
    [20, '{namespaces: {}}', 0],
    [10, '{namespaces: {}}', 0],
    [5, '{namespaces: {matchLabels: {team: a}}}', 0],
  ])(
    'PIT-REL-2 a policy of priority %i for %s denies everything: %i',
    (priority, subject, count) => {
      const all = `tier: Admin, priority: ${priority}, ingress: [${DENY}]`;
      const objects = of(PASS) + admin('all', all, subject);
      expect(findingsOf('PIT-REL-2', {}, { objects })).toHaveLength(count);
    },
  );

  test('PIT-REL-2 in Calico a rule that logs decides nothing', () => {
    const calico = (first: string) =>
      `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: g}, spec: {selector: "app == 'web'", types: [Ingress], ingress: [{action: ${first}}, {action: Allow, protocol: TCP}]}}`;
    const find = (first: string) =>
      findingsOf('PIT-REL-2', {}, { cni: 'calico', objects: calico(first) });
    expect(find('Deny')).toHaveLength(1);
    expect(find('Log')).toEqual([]);
  });
});

test.each([
  ['{podSelector: {}, ingress: [{}]}', 1],
  // One workload is opened, the others stay closed.
  [`{${WEB}, ingress: [{}]}`, 0],
  ['{podSelector: {}, ingress: [{ports: [{protocol: TCP}]}]}', 0],
  ['{podSelector: {}, policyTypes: [Egress], egress: [{}]}', 0],
])('PIT-REL-3 a default deny beside %s: %i', (other, count) => {
  const found = findingsOf('PIT-REL-3', { 'shop/deny': '{podSelector: {}}', 'shop/other': other });
  expect(found).toHaveLength(count);
  for (const { message } of found)
    expect(message).toBe(
      'It closes 3 pods for ingress, and shop/other permits everything for all of them.',
    );
});

test.each([
  ['Deny', 10, '{namespaces: {}}', 'kubernetes', 1],
  ['Accept', 10, '{namespaces: {}}', 'kubernetes', 0],
  ['Deny', 11, '{namespaces: {}}', 'kubernetes', 0],
  ['Deny', 10, '{namespaces: {matchLabels: {team: b}}}', 'kubernetes', 0],
  ['Deny', 10, '{namespaces: {}}', 'kindnet', 0],
])(
  'PIT-REL-4 the other says %s, of priority %i, for %s, with %s: %i',
  (action, priority, subject, cni, count) => {
    const rule = (does: string) =>
      `ingress: [{action: ${does}, from: [{namespaces: {matchLabels: {team: b}}}]}]`;
    const objects =
      admin(
        'a',
        `tier: Admin, priority: 10, ${rule('Accept')}`,
        '{namespaces: {matchLabels: {team: a}}}',
      ) + admin('b', `tier: Admin, priority: ${priority}, ${rule(action)}`, subject);
    const flags = { enforcesClusterNetworkPolicy: 'yes' } as const;
    expect(findingsOf('PIT-REL-4', {}, { cni, flags, objects })).toHaveLength(count);
  },
);

test.each([
  ['podSelector: {}', 1],
  [WEB, 0],
])('PIT-REL-5 a baseline for pods that {%s} isolates: %i', (subject, count) => {
  const objects = admin(
    'base',
    'tier: Baseline, priority: 10, ingress: [{action: Deny, from: [{namespaces: {}}]}]',
    '{namespaces: {matchLabels: {team: a}}}',
  );
  const found = findingsOf('PIT-REL-5', { 'shop/p': `{${subject}}` }, { objects });
  expect(found).toHaveLength(count);
  for (const { message } of found) expect(message).toContain('All 3 pods that it selects');
});

const MONITORED = {
  'shop/monitored': into(
    WEB,
    '{from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: 8080}]}',
  ),
};

test.each([
  ['{action: Deny, from: [{namespaces: {matchLabels: {team: b}}}]}', 1],
  ['{action: Pass, from: [{namespaces: {}}]}, {action: Deny, from: [{namespaces: {}}]}', 0],
  ['{action: Deny, from: [{namespaces: {matchLabels: {team: a}}}]}', 0],
  [
    '{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 9090}}}]}',
    0,
  ],
])('PIT-REL-6 the administrator says %s: %i', (rules, count) => {
  const objects = admin('tenants', `tier: Admin, priority: 1, ingress: [${rules}]`);
  const found = findingsOf('PIT-REL-6', MONITORED, { objects });
  expect(found).toHaveLength(count);
  for (const each of found)
    expect(each).toMatchObject({
      object: { name: 'monitored' },
      message: expect.stringContaining('ops/prom to shop/web on TCP 8080'),
    });
});

describe('Calico before NetworkPolicies', () => {
  const policy = (spec: string) => `
---
{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: secops}, spec: {order: 10}}
---
{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: first}, spec: {selector: "app == 'web'", types: [Ingress], ${spec}}}
`;
  const find = (id: string, spec: string) =>
    findingsOf(id, MONITORED, { cni: 'calico', objects: policy(spec) });

  test.each([
    ['order: 100, ingress: [{action: Deny}]', 1],
    ['tier: secops, ingress: [{action: Deny}]', 1],
    ['order: 2000, ingress: [{action: Deny}]', 0],
    ['order: 100, ingress: [{action: Pass}, {action: Deny}]', 0],
    ['order: 100, ingress: [{action: Deny, protocol: UDP}]', 0],
  ])('PIT-REL-7 %s: %i', (spec, count) => {
    const found = find('PIT-REL-7', spec);
    expect(found).toHaveLength(count);
    for (const { object } of found) expect(object.name).toBe('monitored');
  });

  test.each([
    ['order: 2000, ingress: [{action: Allow, protocol: UDP}]', 1],
    ['order: 2000, ingress: [{action: Allow, source: {selector: has(app)}}]', 1],
    // NetworkPolicies permit it, come after it, or are not for these pods.
    [
      "order: 2000, ingress: [{action: Allow, protocol: TCP, source: {namespaceSelector: team == 'b'}, destination: {ports: [8080]}}]",
      0,
    ],
    ['tier: secops, ingress: [{action: Allow, protocol: UDP}, {action: Pass}]', 0],
    ['order: 2000, egress: [{action: Allow}], types: [Egress]', 0],
  ])('PIT-REL-7 asked after them %s: %i', (spec, count) => {
    const types = spec.includes('types') ? spec : `types: [Ingress], ${spec}`;
    const objects = `{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: secops}, spec: {order: 10}}\n---\n{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: last}, spec: {selector: "app == 'web'", ${types}}}`;
    const found = findingsOf('PIT-REL-7', MONITORED, { cni: 'calico', objects });
    expect(found).toHaveLength(count);
    for (const each of found)
      expect(each).toMatchObject({ object: { name: 'last' }, related: [{ name: 'monitored' }] });
  });

  test.each([
    ['tier: secops, ingress: [{action: Allow, protocol: UDP}]', 1],
    ['tier: secops, ingress: [{action: Allow, protocol: UDP}, {action: Pass}]', 0],
    ['tier: secops, ingress: [{action: Deny}]', 0],
    ['order: 100, ingress: [{action: Allow, protocol: UDP}]', 0],
  ])('PIT-REL-8 %s: %i', (spec, count) => {
    const found = find('PIT-REL-8', spec);
    expect(found).toHaveLength(count);
    for (const each of found)
      expect(each).toMatchObject({
        object: { name: 'first' },
        message: expect.stringContaining('cuts off a rule of shop/monitored'),
      });
  });
});
