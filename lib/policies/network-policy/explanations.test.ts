import { describe, expect, test } from 'vitest';
import type { SideAnswer } from '#lib/engine/explanation.ts';
import { scenario } from '#lib/testing/scenario.ts';

/** What is said of refused policies (NP-43, NP-44), and the duty to explain (NP-46). */

describe.each([
  ['NP-43', 'ports: [{port: "80"}]', ['spec', 'ingress', 0, 'ports', 0, 'port']],
  ['NP-44', 'ports: [{protocol: tcp}]', ['spec', 'ingress', 0, 'ports', 0, 'protocol']],
  ['NP-31', 'from: [{ipBlock: {cidr: 0/0}}]', ['spec', 'ingress', 0, 'from', 0, 'ipBlock', 'cidr']],
])('%s a rule with %s', (rule, fault, path) => {
  const { check, causes, connectivity } = scenario({
    'shop/db': `{podSelector: {matchLabels: {app: db}}, ingress: [{}, {${fault}}]}`.replace(
      '{}, ',
      '',
    ),
  });

  test.each`
    from             | to               | port    | verdict
    ${'shop/web'}    | ${'shop/db'}     | ${5432} | ${'unknown'}
    ${'203.0.113.5'} | ${'shop/db'}     | ${5432} | ${'unknown'}
    ${'shop/db'}     | ${'203.0.113.5'} | ${443}  | ${'unknown'}
    ${'shop/web'}    | ${'shop/api'}    | ${8081} | ${'allowed'}
  `(`${rule} leaves the selected pods in doubt: $from → $to:$port is $verdict`, check);

  test(`${rule} the cause and the problem name the policy`, () => {
    const [problem] = connectivity.snapshot.problems;
    expect(problem).toMatchObject({
      code: 'policy-invalid',
      object: { kind: 'NetworkPolicy', namespace: 'shop', name: 'db' },
      path,
    });
    expect(causes('shop/web', 'shop/db', 5432)).toEqual([
      {
        kind: 'not-understood',
        policy: problem?.object,
        path: ['spec'],
        message: problem?.message,
      },
    ]);
  });
});

test('a refused policy takes nothing from what another surely permits', () => {
  const { verdict } = scenario({
    'shop/bad': 'ingress: [{ports: [{port: 0}]}]',
    'shop/good': 'ingress: [{ports: [{port: 80}]}]',
  });
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
});

test('a refused policy may permit what others do not', () => {
  const { verdict, causes, answer } = scenario({
    'shop/bad': 'ingress: [{ports: [{port: 0}]}]',
    'shop/deny-all': '{}',
  });
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
  expect(causes('ops/prom', 'shop/web', 80)).toMatchObject([
    { kind: 'not-understood', policy: { name: 'bad' } },
  ]);
  expect(answer('ops/prom', 'shop/web').ports.allowed.TCP).toEqual([]);
});

const policies = {
  'shop/deny-all': '{}',
  'shop/db': `
podSelector: {matchLabels: {app: db}}
ingress:
  - from: [{podSelector: {matchLabels: {app: api}}}]
  - from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 10.0.0.0/8}}]
    ports: [{protocol: UDP, port: 5432}, {port: 5432}]`,
};

function rulesNamed({ reason }: SideAnswer): readonly string[] {
  return reason.kind === 'rules'
    ? reason.rules.map(({ policy, direction, index }) => `${policy.name} ${direction} ${index}`)
    : [];
}

describe('NP-46 a blocked side', () => {
  const { ingress, egress } = scenario(policies).answer('shop/web', 'shop/db', 22);

  test('names every policy that isolates', () => {
    expect(ingress.verdict).toBe('blocked');
    expect(ingress.reason).toMatchObject({
      kind: 'isolated',
      by: [{ name: 'db' }, { name: 'deny-all' }],
    });
    expect(egress.reason).toEqual({ kind: 'no-policy' });
  });

  test('says of each rule whether the peer or the port failed, and of which item', () => {
    expect(ingress.considered.map(({ policy, rules }) => [policy.name, rules])).toEqual([
      [
        'db',
        [
          {
            index: 0,
            name: null,
            path: ['spec', 'ingress', 0],
            action: 'allow',
            reached: true,
            match: 'no',
            peer: 'no',
            port: 'yes',
            peers: [{ path: ['spec', 'ingress', 0, 'from', 0], match: 'no' }],
            own: [],
            ports: [],
            conditions: [],
            qualifiers: [],
          },
          {
            index: 1,
            name: null,
            path: ['spec', 'ingress', 1],
            action: 'allow',
            reached: true,
            match: 'no',
            peer: 'yes',
            port: 'no',
            peers: [
              { path: ['spec', 'ingress', 1, 'from', 0], match: 'yes' },
              { path: ['spec', 'ingress', 1, 'from', 1], match: 'yes' },
            ],
            ports: [
              { path: ['spec', 'ingress', 1, 'ports', 0], match: 'no' },
              { path: ['spec', 'ingress', 1, 'ports', 1], match: 'no' },
            ],
            own: [],
            conditions: [],
            qualifiers: [],
          },
        ],
      ],
      ['deny-all', []],
    ]);
  });

  test('points at the rule that nearly matched', () => {
    expect(ingress.nearMiss).toMatchObject({
      rule: { policy: { name: 'db' }, direction: 'ingress', index: 1 },
      failed: 'port',
    });
    expect(egress.nearMiss).toBeNull();
  });
});

describe('NP-46 an allowed side', () => {
  test('names every rule that permits', () => {
    const { answer } = scenario({ ...policies, 'shop/more': 'ingress: [{ports: [{port: 5432}]}]' });
    const { ingress } = answer('shop/web', 'shop/db', 5432);
    expect(rulesNamed(ingress)).toEqual(['db ingress 1', 'more ingress 0']);
    expect(ingress.nearMiss).toBeNull();
    expect(ingress.considered.map(({ policy }) => policy.name)).toEqual(['db', 'deny-all', 'more']);
  });

  test('says which items of the rule match', () => {
    const { ingress } = scenario(policies).answer('shop/web', 'shop/db', 5432);
    expect(ingress.considered[0]?.rules[1]).toMatchObject({
      match: 'yes',
      ports: [{ match: 'no' }, { match: 'yes' }],
    });
  });

  test('of a pod that nothing isolates says so', () => {
    const { answer } = scenario({ 'ops/other': '{}' });
    const { egress, ingress } = answer('shop/web', 'shop/db', 5432);
    expect([egress.reason, ingress.reason]).toEqual([{ kind: 'no-policy' }, { kind: 'no-policy' }]);
  });
});

describe('NP-46 the near miss', () => {
  const nearMiss = (rules: string) =>
    scenario({ 'shop/policy': `ingress: ${rules}` }).answer('ops/prom', 'shop/web', 8080).ingress
      .nearMiss;

  test.each([
    ['of a rule without ports, the peer failed', '[{from: [{podSelector: {}}]}]', 0, 'peer'],
    [
      'a rule that names the peer is nearer',
      '[{from: [{podSelector: {}}]}, {from: [{namespaceSelector: {}}], ports: [{port: 1}]}]',
      1,
      'port',
    ],
    ['the first of equals', '[{ports: [{port: 1}]}, {ports: [{port: 2}]}]', 0, 'port'],
  ])('%s', (_, rules, index, failed) => {
    expect(nearMiss(rules)).toMatchObject({ rule: { index }, failed });
  });

  test('is none when every rule fails twice, or there is none', () => {
    expect(nearMiss('[{from: [{podSelector: {}}], ports: [{port: 1}]}]')).toBeNull();
    expect(nearMiss('[]')).toBeNull();
  });
});
