import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

/** What holds around every kind of policy (GEN-1 … GEN-9, GEN-18, GEN-20, GEN-25). */

const FROM_WEB = 'ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]';

describe('a rule for one port', () => {
  test.each`
    from          | to            | port          | verdict
    ${'shop/web'} | ${'shop/api'} | ${8081}       | ${'allowed'}
    ${'shop/web'} | ${'shop/api'} | ${8080}       | ${'blocked'}
    ${'shop/web'} | ${'shop/api'} | ${'8081/UDP'} | ${'blocked'}
  `(
    'GEN-1 the destination’s port and protocol decide: $from → $to:$port is $verdict',
    scenario({
      'shop/api': `{podSelector: {matchLabels: {app: api}}, ${FROM_WEB}, ports: [{port: 8081}]}]}`,
    }).check,
  );
});

describe('an ingress rule at api, and web closed for egress', () => {
  const toDb = 'egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]';
  const { check, answer } = scenario({
    'shop/api': `{podSelector: {matchLabels: {app: api}}, ${FROM_WEB}}]}`,
    'shop/web': `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], ${toDb}}`,
  });

  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'shop/api'} | ${8081} | ${'blocked'}
    ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'shop/db'}  | ${'shop/api'} | ${8081} | ${'blocked'}
    ${'shop/db'}  | ${'shop/web'} | ${8080} | ${'allowed'}
  `('GEN-2 both ends must allow: $from → $to:$port is $verdict', check);

  test('GEN-2 each end says its own verdict', () => {
    const { egress, ingress } = answer('shop/web', 'shop/api', 8081);
    expect([egress.verdict, ingress.verdict]).toEqual(['blocked', 'allowed']);
    expect(egress.reason).toMatchObject({ kind: 'isolated', by: [{ name: 'web' }] });
    expect(ingress.reason).toMatchObject({ kind: 'rules', rules: [{ policy: { name: 'api' } }] });
  });

  test('GEN-2 an end outside the cluster lets everything through', () => {
    expect(answer('shop/db', '203.0.113.5', 443).ingress.reason).toEqual({ kind: 'outside' });
    expect(answer('203.0.113.5', 'shop/db', 443).egress.reason).toEqual({ kind: 'outside' });
    expect(answer('shop/db', '192.168.0.2', 443).ingress.reason).toEqual({ kind: 'outside' });
  });
});

describe('db isolated for ingress', () => {
  test.each`
    from          | to               | port    | verdict
    ${'shop/db'}  | ${'203.0.113.5'} | ${443}  | ${'allowed'}
    ${'shop/web'} | ${'shop/db'}     | ${5432} | ${'blocked'}
    ${'shop/web'} | ${'shop/api'}    | ${8081} | ${'allowed'}
  `(
    'GEN-3 is not isolated for egress, nor are others: $from → $to:$port is $verdict',
    scenario({ 'shop/db': '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}' })
      .check,
  );
});

describe('db lets web in, and nothing out', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'shop/db'}  | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'GEN-4 answers need no rule, new connections do: $from → $to:$port is $verdict',
    scenario({
      'shop/db': `{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress], ${FROM_WEB}}]}`,
    }).check,
  );
});

describe('a Service', () => {
  const apiPort = (port: number) =>
    scenario({
      'shop/api': `{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: ${port}}]}]}`,
    });

  test('GEN-7 is judged by what stands behind it', () => {
    expect(apiPort(8081).verdict('shop/web', 'svc/shop/api', 80)).toBe('allowed');
    expect(apiPort(80).verdict('shop/web', 'svc/shop/api', 80)).toBe('blocked');
  });

  const SECOND_API =
    '{apiVersion: v1, kind: Pod, metadata: {name: api-2, namespace: shop, labels: {app: api, v: "2"}}, spec: {containers: [{ports: [{name: http, containerPort: 9999}]}]}}';

  test('GEN-8 is judged backend by backend, each with its own port', () => {
    const { explain } = scenario(
      { 'shop/second': '{podSelector: {matchLabels: {v: "2"}}}' },
      { objects: SECOND_API },
    );
    const { verdict, parts } = explain('shop/web', 'svc/shop/api', 80);
    expect(verdict).toBe('mixed');
    expect(
      parts.map(({ to, port, answer }) => [
        to.kind === 'pod' && to.ref.name,
        port?.port,
        answer.verdict,
      ]),
    ).toEqual([
      ['api', 8081, 'allowed'],
      ['api-2', 9999, 'blocked'],
    ]);
  });

  test('GEN-8 backends that agree have one verdict', () => {
    const { verdict } = scenario({ 'shop/policy': '{}' }, { objects: SECOND_API });
    expect(verdict('shop/web', 'svc/shop/api', 80)).toBe('blocked');
  });

  test('GEN-9 without a selector is what its endpoints are', () => {
    const toApiServer = (address: string) =>
      scenario({
        'shop/web': `egress: [{to: [{ipBlock: {cidr: ${address}/32}}], ports: [{port: 6443}]}]`,
      });
    const ask = (address: string) =>
      toApiServer(address).verdict('shop/web', 'svc/default/kubernetes', 443);
    expect(ask('192.168.0.1')).toBe('allowed');
    expect(ask('10.96.0.1')).toBe('blocked');
  });

  test('GEN-9 that is headless translates no port', () => {
    const objects =
      '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {clusterIP: None, selector: {app: api}, ports: [{port: 80, targetPort: 8081}]}}';
    const { verdict } = scenario({ 'shop/api': 'ingress: [{ports: [{port: 8081}]}]' }, { objects });
    expect(verdict('shop/web', 'svc/shop/api', 8081)).toBe('allowed');
    expect(verdict('shop/web', 'svc/shop/api', 80)).toBe('blocked');
  });

  test('GEN-9 that is only a DNS name has nobody behind it that is known', () => {
    const objects =
      '{apiVersion: v1, kind: Service, metadata: {name: saas, namespace: shop}, spec: {type: ExternalName, externalName: saas.example}}';
    const { verdict, parts, service } = scenario({}, { objects }).explain(
      'shop/web',
      'svc/shop/saas',
      443,
    );
    expect({ verdict, parts, names: service?.hostNames }).toEqual({
      verdict: 'unknown',
      parts: [],
      names: ['saas.example'],
    });
  });
});

describe('GEN-18 a finished pod', () => {
  const job = (phase: string) => `
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: shop, labels: {app: job}}
spec: {nodeName: n1, containers: [{name: main}]}
status: {phase: ${phase}, podIPs: [{ip: 10.0.1.11}]}
`;
  const policy = { 'shop/api': `{podSelector: {matchLabels: {app: api}}, ${FROM_WEB}}]}` };

  test.each(['Succeeded', 'Failed'])(
    '%s owns no address: the one who has it now is asked',
    (phase) => {
      const { explain, ask } = scenario(policy, { objects: job(phase) });
      const { verdict, parts } = explain('shop/web', '10.0.1.11', 8081);
      expect(verdict).toBe('allowed');
      expect(parts.map(({ to }) => to.kind === 'pod' && to.ref.name)).toEqual(['api']);
      expect(ask('shop/job', 'shop/api', 8081)).toMatchObject({ ok: false, parameter: 'from' });
    },
  );

  test.each(['Pending', 'Running', 'Unknown'])('%s is not finished', (phase) => {
    const { explain } = scenario(policy, { objects: job(phase) });
    expect(explain('shop/job', 'shop/db', 5432).verdict).toBe('allowed');
    expect(explain('shop/job', 'shop/api', 8081).verdict).toBe('blocked');
  });

  test('a pod without an address yet is isolated all the same', () => {
    const objects =
      '{apiVersion: v1, kind: Pod, metadata: {name: new, namespace: shop}, status: {phase: Pending}}';
    expect(scenario({ 'shop/policy': '{}' }, { objects }).verdict('ops/prom', 'shop/new', 80)).toBe(
      'blocked',
    );
  });
});

describe('GEN-20 both families', () => {
  const dual = (name: string, ...ips: string[]) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ops, labels: {app: ${name}}}, status: {phase: Running, podIPs: [${ips.map((ip) => `{ip: "${ip}"}`).join(', ')}]}}`;
  const objects = [dual('v4', '10.0.2.1'), dual('v6', 'fd00::1')].join('\n---\n');
  const webTo = (cidr: string) =>
    scenario(
      {
        'shop/web': `{podSelector: {matchLabels: {app: web}}, egress: [{to: [{ipBlock: {cidr: "${cidr}"}}]}]}`,
      },
      { objects },
    );

  test.each`
    from          | to               | port   | verdict
    ${'shop/web'} | ${'ops/v4'}      | ${80}  | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.5'} | ${443} | ${'allowed'}
    ${'shop/web'} | ${'ops/v6'}      | ${80}  | ${'blocked'}
    ${'shop/web'} | ${'2001:db8::1'} | ${443} | ${'blocked'}
  `('a block of IPv4 matches only that: $from → $to:$port is $verdict', webTo('0.0.0.0/0').check);

  test.each`
    from          | to               | port   | verdict
    ${'shop/web'} | ${'ops/v4'}      | ${80}  | ${'blocked'}
    ${'shop/web'} | ${'203.0.113.5'} | ${443} | ${'blocked'}
    ${'shop/web'} | ${'ops/v6'}      | ${80}  | ${'allowed'}
    ${'shop/web'} | ${'2001:db8::1'} | ${443} | ${'allowed'}
  `('a block of IPv6 too: $from → $to:$port is $verdict', webTo('::/0').check);

  test('a pod is found by each of its addresses, and selected by its labels', () => {
    const both = dual('both', '10.0.2.2', 'fd00::2');
    const { verdict } = scenario(
      { 'ops/both': '{podSelector: {matchLabels: {app: both}}}' },
      { objects: both },
    );
    expect(verdict('shop/web', '10.0.2.2', 80)).toBe('blocked');
    expect(verdict('shop/web', 'fd00::2', 80)).toBe('blocked');
    expect(verdict('shop/web', 'fd00::3', 80)).toBe('allowed');
  });
});

describe('GEN-25 a plugin that enforces nothing', () => {
  const { verdict, causes } = scenario({ 'shop/deny-all': '{}' }, { cni: 'flannel' });

  test('leaves in doubt what policies would block, and names why', () => {
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('unknown');
    expect(causes('ops/prom', 'shop/web', 8080)).toEqual([{ kind: 'cni-flag', flag: 'enforces' }]);
  });

  test('takes nothing from what nothing isolates', () => {
    expect(verdict('shop/web', 'ops/prom', 8080)).toBe('allowed');
  });

  test('enforced, the same is blocked', () => {
    const enforced = scenario(
      { 'shop/deny-all': '{}' },
      { cni: 'flannel', flags: { enforces: 'yes' } },
    );
    expect(enforced.verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
  });
});
