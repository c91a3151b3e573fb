import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';

/** Peers that select pods (NP-22 … NP-30, NP-36, NP-37). */

/** Ingress of every pod of shop from these peers. */
function from(peers: string, options: ScenarioOptions = {}) {
  return scenario({ 'shop/policy': `ingress: [{from: ${peers}}]` }, options);
}

/** Pods that carry the labels of others, in other namespaces. */
const DOUBLES = `
{apiVersion: v1, kind: Pod, metadata: {name: double, namespace: shop, labels: {app: prom}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: ops, labels: {app: other}}}
`;

describe('podSelector alone', () => {
  test.each`
    from             | to            | port    | verdict
    ${'shop/double'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'shop/api'}    | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'NP-22 means pods of the policy’s own namespace: $from → $to:$port is $verdict',
    from('[{podSelector: {matchLabels: {app: prom}}}]', { objects: DOUBLES }).check,
  );
});

describe('namespaceSelector alone', () => {
  test.each`
    from                     | to            | port    | verdict
    ${'ops/prom'}            | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/other'}           | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'}            | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'kube-system/coredns'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'NP-23 means all pods of the namespaces that match: $from → $to:$port is $verdict',
    from('[{namespaceSelector: {matchLabels: {team: b}}}]', { objects: DOUBLES }).check,
  );
});

describe('both selectors in one item', () => {
  test.each`
    from             | to            | port    | verdict
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/other'}   | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'shop/double'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'NP-24 must both match: $from → $to:$port is $verdict',
    from(
      '[{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: prom}}}]',
      { objects: DOUBLES },
    ).check,
  );
});

describe('the two selectors in two items', () => {
  test.each`
    from             | to            | port    | verdict
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/other'}   | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/double'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'}    | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'NP-25 are alternatives: $from → $to:$port is $verdict',
    from(
      '[{namespaceSelector: {matchLabels: {team: b}}}, {podSelector: {matchLabels: {app: prom}}}]',
      { objects: DOUBLES },
    ).check,
  );
});

describe.each([['{namespaceSelector: {}}'], ['{podSelector: {}, namespaceSelector: {}}']])(
  '%s',
  (peer) => {
    test.each`
      from                     | to            | port    | verdict
      ${'ops/prom'}            | ${'shop/web'} | ${8080} | ${'allowed'}
      ${'shop/api'}            | ${'shop/web'} | ${8080} | ${'allowed'}
      ${'kube-system/coredns'} | ${'shop/web'} | ${8080} | ${'allowed'}
      ${'203.0.113.5'}         | ${'shop/web'} | ${8080} | ${'blocked'}
      ${'192.168.0.2'}         | ${'shop/web'} | ${8080} | ${'blocked'}
    `(
      'NP-26 means every pod, not nodes nor the outside: $from → $to:$port is $verdict',
      from(`[${peer}]`).check,
    );
  },
);

describe('an empty podSelector', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/api'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'NP-27 means all pods of the own namespace: $from → $to:$port is $verdict',
    from('[{podSelector: {}}]').check,
  );
});

describe('podSelector: null beside a namespaceSelector', () => {
  test.each`
    from          | to            | port    | verdict
    ${'ops/prom'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'NP-28 is as good as absent: $from → $to:$port is $verdict',
    from('[{podSelector: , namespaceSelector: {matchLabels: {team: b}}}]').check,
  );
});

describe.each([
  ['NP-28', '[{podSelector: }]'],
  ['NP-29', '[{}]'],
])('the peers %s %s', (rule, peers) => {
  test(`${rule} name nobody: the policy is refused, and what it selects is unknown`, () => {
    const { verdict, causes, connectivity } = from(peers);
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('unknown');
    expect(causes('ops/prom', 'shop/web', 8080)).toMatchObject([
      {
        kind: 'not-understood',
        policy: { namespace: 'shop', name: 'policy' },
        message: 'must specify a peer: podSelector, namespaceSelector or ipBlock',
      },
    ]);
    expect(connectivity.snapshot.problems).toMatchObject([
      { code: 'policy-invalid', path: ['spec', 'ingress', 0, 'from', 0] },
    ]);
  });
});

test('NP-29 an empty list of peers is another thing: everybody', () => {
  expect(from('[]').verdict('203.0.113.5', 'shop/web', 8080)).toBe('allowed');
});

describe('the name label of namespaces', () => {
  test.each`
    from                     | to            | port    | verdict
    ${'ops/prom'}            | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'kube-system/coredns'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'NP-30 names one: $from → $to:$port is $verdict',
    from('[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}}]').check,
  );
});

describe('a peer that matches nobody', () => {
  const { check, answer } = scenario({
    'shop/policy':
      '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: wbe}}}]}]}',
  });

  test.each`
    from             | to            | port    | verdict
    ${'shop/web'}    | ${'shop/api'} | ${8081} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/api'} | ${8081} | ${'blocked'}
    ${'shop/web'}    | ${'shop/db'}  | ${5432} | ${'allowed'}
  `('NP-36 still isolates: $from → $to:$port is $verdict', check);

  test('NP-36 the near miss is its rule', () => {
    expect(answer('shop/web', 'shop/api', 8081).ingress.nearMiss).toMatchObject({
      rule: { policy: { name: 'policy' }, index: 0 },
      failed: 'peer',
    });
  });
});

describe('labels that change', () => {
  const policy = {
    'shop/db':
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
  };
  const relabelled =
    '{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: shop, labels: {app: web}}}';

  test('NP-37 change the verdict', () => {
    expect(scenario(policy).verdict('shop/api', 'shop/db', 5432)).toBe('blocked');
    const after = scenario(policy, { objects: relabelled });
    expect(after.verdict('shop/api', 'shop/db', 5432)).toBe('allowed');
  });

  test('NP-37 so do those of a namespace', () => {
    const peers = '[{namespaceSelector: {matchLabels: {team: b}}}]';
    const objects = '{apiVersion: v1, kind: Namespace, metadata: {name: ops, labels: {team: c}}}';
    expect(from(peers).verdict('ops/prom', 'shop/web', 8080)).toBe('allowed');
    expect(from(peers, { objects }).verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
  });
});
