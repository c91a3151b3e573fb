import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

/** Whom a NetworkPolicy selects, and in which directions it isolates (NP-1 … NP-10). */

const DB = 'podSelector: {matchLabels: {app: db}}';

describe('a policy that selects all of ops, without rules', () => {
  test.each`
    from           | to            | port    | verdict
    ${'shop/web'}  | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'shop/web'}  | ${'ops/prom'} | ${9090} | ${'blocked'}
    ${'ops/prom'}  | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/agent'} | ${'shop/db'}  | ${5432} | ${'allowed'}
  `(
    'NP-1 it isolates only its namespace: $from → $to:$port is $verdict',
    scenario({ 'ops/all': 'podSelector: {}' }).check,
  );
});

describe.each([['{}'], ['podSelector: {}'], ['podSelector:'], ['podSelector: {matchLabels: {}}']])(
  'the spec %s',
  (spec) => {
    test.each`
      from          | to            | port    | verdict
      ${'ops/prom'} | ${'shop/web'} | ${8080} | ${'blocked'}
      ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'blocked'}
      ${'shop/web'} | ${'ops/prom'} | ${9090} | ${'allowed'}
    `(
      'NP-2 selects every pod of the namespace: $from → $to:$port is $verdict',
      scenario({ 'shop/policy': spec }).check,
    );
  },
);

describe('policyTypes absent, with an egress rule', () => {
  test.each`
    from          | to               | port    | verdict
    ${'ops/prom'} | ${'shop/web'}    | ${8080} | ${'blocked'}
    ${'shop/web'} | ${'ops/prom'}    | ${9090} | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.5'} | ${443}  | ${'blocked'}
  `(
    'NP-3 isolates in both directions: $from → $to:$port is $verdict',
    scenario({
      'shop/policy': 'egress: [{to: [{namespaceSelector: {matchLabels: {team: b}}}]}]',
    }).check,
  );
});

describe('policyTypes empty', () => {
  test.each`
    from          | to               | port    | verdict
    ${'ops/prom'} | ${'shop/web'}    | ${8080} | ${'blocked'}
    ${'shop/web'} | ${'203.0.113.5'} | ${443}  | ${'allowed'}
  `(
    'NP-3 is policyTypes absent: $from → $to:$port is $verdict',
    scenario({ 'shop/policy': 'policyTypes: []' }).check,
  );
});

describe('with an ingress rule and no policyTypes', () => {
  test.each`
    from          | to               | port    | verdict
    ${'ops/prom'} | ${'shop/web'}    | ${8080} | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.5'} | ${443}  | ${'allowed'}
  `(
    'NP-3 never looks at ingress: $from → $to:$port is $verdict',
    scenario({ 'shop/policy': 'ingress: [{}]' }).check,
  );
});

describe('a file as written, and the object an API server makes of it', () => {
  const written = scenario({ 'shop/policy': 'ingress: []' });
  const stored = scenario({ 'shop/policy': '{podSelector: {}, policyTypes: [Ingress]}' });

  test.each`
    from          | to               | port    | verdict
    ${'ops/prom'} | ${'shop/web'}    | ${8080} | ${'blocked'}
    ${'shop/web'} | ${'203.0.113.5'} | ${443}  | ${'allowed'}
  `('NP-4 give the same verdict: $from → $to:$port is $verdict', (row) => {
    written.check(row);
    stored.check(row);
  });

  test('NP-4 only the file’s policyTypes were filled in', () => {
    const isolatedAt = ({ answer }: typeof written) =>
      answer('ops/prom', 'shop/web', 8080).ingress.considered.map((each) => each.isolatedAt);
    expect(isolatedAt(written)).toEqual([{ path: ['spec'], defaulted: true }]);
    expect(isolatedAt(stored)).toEqual([{ path: ['spec', 'policyTypes', 0], defaulted: false }]);
  });
});

describe('egress alone', () => {
  test.each`
    from          | to               | port    | verdict
    ${'shop/web'} | ${'shop/db'}     | ${5432} | ${'allowed'}
    ${'shop/db'}  | ${'203.0.113.5'} | ${443}  | ${'blocked'}
    ${'shop/api'} | ${'203.0.113.5'} | ${443}  | ${'allowed'}
  `(
    'NP-5 isolates the selected pods in that direction only: $from → $to:$port is $verdict',
    scenario({ 'shop/db': `{${DB}, policyTypes: [Egress]}` }).check,
  );
});

describe.each([
  [`{${DB}, policyTypes: [Ingress], ingress: []}`],
  [`{${DB}, policyTypes: [Ingress]}`],
  [`{${DB}, policyTypes: [Ingress], ingress: null}`],
])('%s', (spec) => {
  test.each`
    from          | to               | port    | verdict
    ${'shop/web'} | ${'shop/db'}     | ${5432} | ${'blocked'}
    ${'shop/web'} | ${'shop/api'}    | ${8081} | ${'allowed'}
    ${'shop/db'}  | ${'203.0.113.5'} | ${443}  | ${'allowed'}
  `(
    'NP-6 isolates and permits nothing: $from → $to:$port is $verdict',
    scenario({ 'shop/db': spec }).check,
  );
});

describe.each([['policyTypes: [Egress]'], ['{policyTypes: [Egress], egress: []}']])(
  '%s',
  (spec) => {
    test.each`
      from          | to               | port    | verdict
      ${'shop/web'} | ${'203.0.113.5'} | ${443}  | ${'blocked'}
      ${'ops/prom'} | ${'shop/web'}    | ${8080} | ${'allowed'}
    `(
      'NP-6 is the same for egress: $from → $to:$port is $verdict',
      scenario({ 'shop/policy': spec }).check,
    );
  },
);

// A dash with nothing behind it is null, and decodes to an empty rule.
describe.each([['[{}]'], ['[null]']])('the ingress rules %s', (rules) => {
  test.each`
    from             | to           | port         | verdict
    ${'203.0.113.5'} | ${'shop/db'} | ${5432}      | ${'allowed'}
    ${'192.168.0.2'} | ${'shop/db'} | ${'53/UDP'}  | ${'allowed'}
    ${'ops/prom'}    | ${'shop/db'} | ${'81/SCTP'} | ${'allowed'}
  `(
    'NP-7 admits every source on every port: $from → $to:$port is $verdict',
    scenario({ 'shop/db': `{${DB}, ingress: ${rules}}` }).check,
  );

  test('NP-7 without the rule the same pod is closed', () => {
    const { verdict } = scenario({ 'shop/db': `{${DB}, ingress: []}` });
    expect(verdict('203.0.113.5', 'shop/db', 5432)).toBe('blocked');
  });

  test('NP-7 one empty egress rule isolates and lets everything out', () => {
    const { answer } = scenario({ 'shop/policy': 'egress: [{}]' });
    const { egress } = answer('shop/web', '203.0.113.5', 443);
    expect(egress.verdict).toBe('allowed');
    expect(egress.reason.kind).toBe('rules');
  });
});

describe('an empty egress list without policyTypes', () => {
  const { check, connectivity } = scenario({
    'shop/policy': '{podSelector: {}, ingress: [], egress: []}',
  });

  test.each`
    from          | to               | port    | verdict
    ${'shop/web'} | ${'203.0.113.5'} | ${443}  | ${'allowed'}
    ${'ops/prom'} | ${'shop/web'}    | ${8080} | ${'blocked'}
  `('NP-8 isolates for ingress alone: $from → $to:$port is $verdict', check);

  test('NP-8 a note says that the list does not do what it looks like', () => {
    expect(connectivity.snapshot.policies[0]?.notes).toEqual([
      { kind: 'policy-types-defaulted', directions: ['ingress'], emptyEgressIgnored: true },
    ]);
  });
});

describe.each([
  ['{policyTypes: [Ingress], ingress: [{}], egress: [{to: [{podSelector: {}}]}]}', 'egress'],
  ['{policyTypes: [Egress], egress: [{}], ingress: [{from: [{podSelector: {}}]}]}', 'ingress'],
])('%s', (spec, direction) => {
  const { check, connectivity } = scenario({ 'shop/policy': spec });

  test.each`
    from          | to               | port    | verdict
    ${'shop/web'} | ${'203.0.113.5'} | ${443}  | ${'allowed'}
    ${'ops/prom'} | ${'shop/web'}    | ${8080} | ${'allowed'}
  `('NP-9 rules of an unlisted direction have no effect: $from → $to:$port is $verdict', check);

  test('NP-9 a note says so', () => {
    expect(connectivity.snapshot.policies[0]?.notes).toEqual([
      { kind: 'rules-ignored', direction, path: ['spec', direction] },
    ]);
  });
});

describe('a type listed twice', () => {
  test.each`
    from          | to               | port    | verdict
    ${'shop/web'} | ${'shop/db'}     | ${5432} | ${'blocked'}
    ${'shop/db'}  | ${'203.0.113.5'} | ${443}  | ${'allowed'}
  `(
    'NP-10 counts once: $from → $to:$port is $verdict',
    scenario({ 'shop/db': `{${DB}, policyTypes: [Ingress, Ingress]}` }).check,
  );

  test('NP-10 three types are refused', () => {
    const { verdict, connectivity } = scenario({
      'shop/db': `{${DB}, policyTypes: [Ingress, Egress, Ingress]}`,
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
    expect(connectivity.snapshot.problems).toMatchObject([{ path: ['spec', 'policyTypes'] }]);
  });
});
