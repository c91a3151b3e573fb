import { describe, expect, test } from 'vitest';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { scenario } from '#lib/testing/scenario.ts';

/** What could not be read is unknown, and never reads as "there is none". */

const NETWORK_POLICIES = 'networkpolicies.networking.k8s.io';
const FORBIDDEN: ListState = { status: 'forbidden', message: 'you may not' };

describe.each<[string, ListState, string]>([
  ['forbidden', FORBIDDEN, 'you may not'],
  ['failed', { status: 'failed', message: 'timeout', attempt: 3 }, 'timeout'],
  ['syncing', { status: 'syncing', objects: 5 }, 'not read yet'],
])('policies whose list is %s', (_, state, message) => {
  const { check, causes, answer } = scenario({}, { states: { [NETWORK_POLICIES]: state } });

  test.each`
    from             | to               | port    | verdict
    ${'shop/web'}    | ${'shop/api'}    | ${8081} | ${'unknown'}
    ${'shop/web'}    | ${'203.0.113.5'} | ${443}  | ${'unknown'}
    ${'203.0.113.5'} | ${'shop/web'}    | ${8080} | ${'unknown'}
    ${'ops/agent'}   | ${'shop/api'}    | ${8081} | ${'unknown'}
    ${'ops/agent'}   | ${'203.0.113.5'} | ${443}  | ${'allowed'}
    ${'192.168.0.1'} | ${'shop/db'}     | ${5432} | ${'allowed'}
    ${'shop/web'}    | ${'shop/web'}    | ${8080} | ${'allowed'}
  `('leave open what they could decide: $from → $to:$port is $verdict', check);

  test('are the cause, at each pod', () => {
    const cause = { kind: 'not-readable', resource: NETWORK_POLICIES, message };
    expect(causes('shop/web', '203.0.113.5', 443)).toEqual([cause]);
    const { egress, ingress } = answer('shop/web', 'shop/api', 8081);
    expect([egress.reason, ingress.reason]).toEqual([
      { kind: 'unknown', causes: [cause] },
      { kind: 'unknown', causes: [cause] },
    ]);
  });
});

test('policies of a kind that is not installed are none', () => {
  const { verdict } = scenario({}, { states: { [NETWORK_POLICIES]: { status: 'not-installed' } } });
  expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
});

test('a stale list still counts', () => {
  const state: ListState = {
    status: 'stale',
    since: '2026-01-01T00:00:00Z',
    cause: 'x',
    attempt: 1,
  };
  const { verdict } = scenario({ 'shop/policy': '{}' }, { states: { [NETWORK_POLICIES]: state } });
  expect(verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
  expect(verdict('shop/web', 'ops/prom', 9090)).toBe('allowed');
});

describe('policies that were read in one namespace alone', () => {
  const states: Record<string, ListState> = {
    [NETWORK_POLICIES]: { status: 'live', namespaces: ['shop'] },
  };
  const { check, causes } = scenario(
    { 'shop/policy': 'ingress: [{from: [{podSelector: {}}]}]' },
    { states },
  );

  test.each`
    from             | to               | port    | verdict
    ${'shop/web'}    | ${'shop/api'}    | ${8081} | ${'allowed'}
    ${'203.0.113.5'} | ${'shop/api'}    | ${8081} | ${'blocked'}
    ${'shop/web'}    | ${'203.0.113.5'} | ${443}  | ${'allowed'}
    ${'ops/prom'}    | ${'shop/api'}    | ${8081} | ${'blocked'}
    ${'shop/web'}    | ${'ops/prom'}    | ${9090} | ${'unknown'}
    ${'ops/prom'}    | ${'203.0.113.5'} | ${443}  | ${'unknown'}
  `('leave the pods of others in doubt: $from → $to:$port is $verdict', check);

  test('are the cause there', () => {
    expect(causes('shop/web', 'ops/prom', 9090)).toMatchObject([
      { kind: 'not-readable', resource: NETWORK_POLICIES },
    ]);
  });
});

describe('namespaces that may not be read', () => {
  const fromNamespaces = (selector: string) =>
    scenario(
      { 'shop/policy': `ingress: [{from: [{namespaceSelector: ${selector}}]}]` },
      { states: { namespaces: FORBIDDEN } },
    );

  test.each([
    ['{matchLabels: {team: b}}'],
    ['{matchExpressions: [{key: team, operator: NotIn, values: [x]}]}'],
    ['{matchExpressions: [{key: team, operator: DoesNotExist}]}'],
    ['{matchLabels: {team: b, kubernetes.io/metadata.name: ops}}'],
  ])('leave a selector on their labels in doubt: %s', (selector) => {
    const { verdict, causes } = fromNamespaces(selector);
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('unknown');
    expect(causes('ops/prom', 'shop/web', 8080)).toMatchObject([
      { kind: 'not-readable', resource: 'namespaces' },
    ]);
    expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('blocked');
  });

  test.each([
    ['{matchLabels: {kubernetes.io/metadata.name: ops}}', 'allowed'],
    ['{matchLabels: {kubernetes.io/metadata.name: shop}}', 'blocked'],
    ['{matchLabels: {team: b, kubernetes.io/metadata.name: shop}}', 'blocked'],
    [
      '{matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [x]}]}',
      'allowed',
    ],
    ['{}', 'allowed'],
  ])('still have their names: %s', (selector, verdict) => {
    expect(fromNamespaces(selector).verdict('ops/prom', 'shop/web', 8080)).toBe(verdict);
  });

  test('take nothing from what other peers say', () => {
    const { verdict } = scenario(
      {
        'shop/policy':
          'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}, {podSelector: {}}]}]',
      },
      { states: { namespaces: FORBIDDEN } },
    );
    expect(verdict('shop/api', 'shop/web', 8080)).toBe('allowed');
  });
});

test('what only surrounds pods changes no verdict', () => {
  const { verdict, connectivity } = scenario(
    { 'shop/policy': '{}' },
    { states: { services: FORBIDDEN, 'replicasets.apps': FORBIDDEN } },
  );
  expect(verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
  expect(verdict('shop/web', 'ops/prom', 9090)).toBe('allowed');
  expect(connectivity.snapshot.gaps.map(({ affects }) => affects)).toEqual(['context', 'context']);
});
