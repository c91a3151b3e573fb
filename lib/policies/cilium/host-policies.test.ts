import { describe, expect, test } from 'vitest';
import { ciliumScenario } from '#lib/testing/cilium-scenario.ts';

/** Policies for nodes (CIL-45, CIL-46). */

const POLICY = {
  nodes: 'nodeSelector: {}\ningress: [{fromEntities: [cluster]}]',
};

describe('a host policy', () => {
  const enabled = ciliumScenario(POLICY, { flags: { hostPolicies: 'yes' } });
  test.each`
    from             | to               | port    | verdict
    ${'203.0.113.5'} | ${'192.168.0.1'} | ${22}   | ${'blocked'}
    ${'shop/web'}    | ${'192.168.0.2'} | ${22}   | ${'allowed'}
    ${'203.0.113.5'} | ${'ops/agent'}   | ${22}   | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/web'}    | ${8080} | ${'allowed'}
  `(
    'CIL-45, CIL-46 is for nodes, not for their pods: $from → $to:$port is $verdict',
    enabled.check,
  );

  test.each([
    ['no', 'allowed'],
    ['unknown', 'unknown'],
  ] as const)('CIL-45 counts only with the host firewall: %s', (hostPolicies, expected) => {
    const { verdict } = ciliumScenario(POLICY, { flags: { hostPolicies } });
    expect(verdict('203.0.113.5', '192.168.0.1', 22)).toBe(expected);
  });
});

describe('a selector of nodes', () => {
  const LABELLED =
    '{apiVersion: v1, kind: Node, metadata: {name: n2, labels: {role: edge}}, status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}}';
  const of = (selector: string) =>
    ciliumScenario(
      { edge: `nodeSelector: ${selector}\ningress: [{}]` },
      { objects: LABELLED, flags: { hostPolicies: 'yes' } },
    );

  test('CIL-45 goes by their labels', () => {
    const { verdict } = of('{matchLabels: {role: edge}}');
    expect(verdict('203.0.113.5', '192.168.0.2', 22)).toBe('blocked');
    expect(verdict('203.0.113.5', '192.168.0.1', 22)).toBe('allowed');
  });

  test('CIL-45 every node is the host to itself', () => {
    const { verdict } = of('{matchExpressions: [{key: "reserved:host", operator: Exists}]}');
    expect(verdict('203.0.113.5', '192.168.0.1', 22)).toBe('blocked');
  });

  test('CIL-25 labels that are in no identity leave open whom it selects', () => {
    const { verdict, connectivity } = of('{matchLabels: {kubernetes.io/hostname: n2}}');
    expect(verdict('203.0.113.5', '192.168.0.1', 22)).toBe('unknown');
    expect(connectivity.snapshot.problems).toMatchObject([
      { code: 'policy-subject-unclear', path: ['spec', 'nodeSelector'] },
    ]);
  });
});
