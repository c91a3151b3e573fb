import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';

/** Nodes, pods in their networks, and pods that talk to themselves (GEN-13 … GEN-17). */

const CLOSED = { 'shop/closed': 'policyTypes: [Ingress, Egress]' };

describe('a policy that selects a hostNetwork pod', () => {
  test.each`
    from           | to               | port   | verdict
    ${'ops/agent'} | ${'203.0.113.5'} | ${443} | ${'allowed'}
    ${'shop/web'}  | ${'ops/agent'}   | ${80}  | ${'allowed'}
    ${'shop/web'}  | ${'ops/prom'}    | ${80}  | ${'blocked'}
  `(
    'GEN-13 leaves it open both ways: $from → $to:$port is $verdict',
    scenario({ 'ops/all': 'policyTypes: [Ingress, Egress]' }).check,
  );

  test('GEN-13 the reason says so', () => {
    const { answer } = scenario({ 'ops/all': 'policyTypes: [Ingress, Egress]' });
    expect(answer('ops/agent', '203.0.113.5').egress.reason).toEqual({ kind: 'host-network' });
  });
});

describe('rules that select hostNetwork pods as peers', () => {
  const fromOps = (app: string) =>
    scenario({
      [`shop/${app}`]: `{podSelector: {matchLabels: {app: ${app}}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]}`,
    });

  test('GEN-13 do not match them', () => {
    expect(fromOps('api').verdict('ops/agent', 'shop/api', 8081)).toBe('blocked');
    expect(fromOps('api').verdict('ops/prom', 'shop/api', 8081)).toBe('allowed');
  });

  test('GEN-13 a pod of their own node they reach nevertheless', () => {
    expect(fromOps('db').verdict('ops/agent', 'shop/db', 5432)).toBe('allowed');
  });

  test('GEN-13 in egress rules neither', () => {
    const { verdict } = scenario({
      'shop/api':
        '{podSelector: {matchLabels: {app: api}}, egress: [{to: [{namespaceSelector: {}}]}]}',
    });
    expect(verdict('shop/api', 'ops/agent', 9100)).toBe('blocked');
    expect(verdict('shop/api', 'ops/prom', 9090)).toBe('allowed');
  });

  test('GEN-13 their node’s address in a block does', () => {
    const { verdict } = scenario({
      'shop/api':
        '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.1/32}}]}]}',
    });
    expect(verdict('ops/agent', 'shop/api', 8081)).toBe('allowed');
  });
});

describe('a closed pod', () => {
  const { check, answer } = scenario(CLOSED);

  test.each`
    from             | to            | port    | verdict
    ${'192.168.0.1'} | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'192.168.0.2'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'192.168.0.2'} | ${'shop/api'} | ${8081} | ${'allowed'}
    ${'ops/agent'}   | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'ops/agent'}   | ${'shop/api'} | ${8081} | ${'blocked'}
  `('GEN-14 is reached from its own node: $from → $to:$port is $verdict', check);

  test('GEN-14 the reason says so', () => {
    const { ingress } = answer('192.168.0.1', 'shop/db', 5432);
    expect(ingress.reason).toEqual({ kind: 'local-node' });
    expect(ingress.ports.allowed.other).toBe(true);
  });

  const NOWHERE = `
{apiVersion: v1, kind: Pod, metadata: {name: nowhere, namespace: shop}, status: {phase: Pending}}
---
{apiVersion: v1, kind: Pod, metadata: {name: host, namespace: ops}, spec: {hostNetwork: true}}
`;

  test('GEN-14 whose node is not known leaves it in doubt', () => {
    const { verdict, causes } = scenario(CLOSED, { objects: NOWHERE });
    for (const from of ['192.168.0.1', 'ops/agent', 'ops/host']) {
      expect(verdict(from, 'shop/nowhere', 80)).toBe('unknown');
      expect(causes(from, 'shop/nowhere', 80)).toEqual([{ kind: 'node-of-pod' }]);
    }
    expect(verdict('ops/host', 'shop/db', 80)).toBe('unknown');
    expect(verdict('203.0.113.5', 'shop/nowhere', 80)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/nowhere', 80)).toBe('blocked');
  });
});

describe('egress from a closed pod to its own node', () => {
  const withFlag = (policesPodToLocalNode: 'yes' | 'no' | 'unknown', options?: ScenarioOptions) =>
    scenario(CLOSED, { ...options, flags: { policesPodToLocalNode } });

  test.each`
    from          | to               | port     | verdict
    ${'shop/web'} | ${'192.168.0.1'} | ${10250} | ${'blocked'}
    ${'shop/web'} | ${'192.168.0.2'} | ${10250} | ${'blocked'}
    ${'shop/web'} | ${'ops/agent'}   | ${10250} | ${'blocked'}
  `('GEN-15 is policed: $from → $to:$port is $verdict', withFlag('yes').check);

  test.each`
    from          | to               | port     | verdict
    ${'shop/web'} | ${'192.168.0.1'} | ${10250} | ${'allowed'}
    ${'shop/web'} | ${'192.168.0.2'} | ${10250} | ${'blocked'}
    ${'shop/web'} | ${'ops/agent'}   | ${10250} | ${'allowed'}
    ${'shop/api'} | ${'ops/agent'}   | ${10250} | ${'blocked'}
  `('GEN-15 is exempt: $from → $to:$port is $verdict', withFlag('no').check);

  test.each`
    from          | to               | port     | verdict
    ${'shop/web'} | ${'192.168.0.1'} | ${10250} | ${'unknown'}
    ${'shop/web'} | ${'192.168.0.2'} | ${10250} | ${'blocked'}
    ${'shop/web'} | ${'ops/agent'}   | ${10250} | ${'unknown'}
    ${'shop/api'} | ${'ops/agent'}   | ${10250} | ${'blocked'}
  `(
    'GEN-15 is what the plugin makes of it: $from → $to:$port is $verdict',
    withFlag('unknown').check,
  );

  test('GEN-15 the flag is named', () => {
    expect(withFlag('unknown').causes('shop/web', '192.168.0.1', 10250)).toEqual([
      { kind: 'cni-flag', flag: 'policesPodToLocalNode' },
    ]);
  });

  test('GEN-15 a rule that permits it leaves no doubt', () => {
    const policy = { 'shop/web': 'egress: [{to: [{ipBlock: {cidr: 192.168.0.1/32}}]}]' };
    const { answer } = scenario(policy, { flags: { policesPodToLocalNode: 'unknown' } });
    expect(answer('shop/web', '192.168.0.1', 10250).egress).toMatchObject({
      verdict: 'allowed',
      reason: { kind: 'rules' },
    });
  });
});

describe('a closed pod and itself', () => {
  const { check, answer } = scenario(CLOSED);

  test.each`
    from           | to             | port    | verdict
    ${'shop/web'}  | ${'10.0.1.10'} | ${8080} | ${'allowed'}
    ${'shop/web'}  | ${'shop/web'}  | ${8080} | ${'allowed'}
    ${'10.0.1.10'} | ${'shop/web'}  | ${1}    | ${'allowed'}
    ${'shop/web'}  | ${'shop/db'}   | ${5432} | ${'blocked'}
  `('GEN-16 are never parted: $from → $to:$port is $verdict', check);

  test('GEN-16 the reason says so', () => {
    const { egress, ingress } = answer('shop/web', 'shop/web', 8080);
    expect([egress.reason, ingress.reason]).toEqual([{ kind: 'same-pod' }, { kind: 'same-pod' }]);
  });

  const REPLICAS = ['web-1', 'web-2']
    .map(
      (name, i) =>
        `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, ownerReferences: [{kind: StatefulSet, name: web, controller: true}]}, status: {phase: Running, podIPs: [{ip: 10.0.3.${i}}]}}`,
    )
    .join('\n---\n');

  test('GEN-16 the other pods of its workload are not itself', () => {
    const { verdict } = scenario(CLOSED, { objects: REPLICAS });
    expect(verdict('shop/web-1', 'shop/web-1', 80)).toBe('allowed');
    expect(verdict('shop/web-1', 'shop/web-2', 80)).toBe('blocked');
    expect(verdict('shop/statefulset/web', 'shop/statefulset/web', 80)).toBe('blocked');
  });
});

describe('a closed pod and itself, through a Service', () => {
  const OWN_SERVICE = [['shop/api', 'svc/shop/api', 80]] as const;
  const withFlag = (policesHairpin: 'yes' | 'no' | 'unknown', policies = CLOSED) =>
    scenario(policies, { flags: { policesHairpin } });

  test.each(OWN_SERVICE)('GEN-17 %s → %s:%s is what the plugin makes of it', (from, to, port) => {
    expect(withFlag('no').verdict(from, to, port)).toBe('allowed');
    expect(withFlag('yes').verdict(from, to, port)).toBe('blocked');
    const { verdict, causes } = withFlag('unknown');
    expect(verdict(from, to, port)).toBe('unknown');
    expect(causes(from, to, port)).toContainEqual({ kind: 'cni-flag', flag: 'policesHairpin' });
  });

  test('GEN-17 is unknown where the plugin is not known', () => {
    expect(scenario(CLOSED).verdict('shop/api', 'svc/shop/api', 80)).toBe('unknown');
  });

  test('GEN-17 passes where nothing isolates the pod, or a rule lets it in and out', () => {
    const open = {
      'shop/closed': 'egress: [{to: [{podSelector: {}}]}]\ningress: [{from: [{podSelector: {}}]}]',
    };
    expect(scenario({}).verdict('shop/api', 'svc/shop/api', 80)).toBe('allowed');
    for (const flag of ['yes', 'no', 'unknown'] as const)
      expect(withFlag(flag, open).verdict('shop/api', 'svc/shop/api', 80)).toBe('allowed');
  });

  test('GEN-17 its own address is another matter (GEN-16)', () => {
    expect(withFlag('yes').verdict('shop/api', '10.0.1.11', 8081)).toBe('allowed');
  });

  test('GEN-17 so is a headless Service, which leads to that address', () => {
    const objects =
      '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {clusterIP: None, selector: {app: api}}}';
    const { verdict } = scenario(CLOSED, { objects, flags: { policesHairpin: 'yes' } });
    expect(verdict('shop/api', 'svc/shop/api', 8081)).toBe('allowed');
  });
});
