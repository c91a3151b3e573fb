import { describe, expect, test } from 'vitest';
import { ciliumScenario } from '#lib/testing/cilium-scenario.ts';

/** Whom a policy applies to, and what it isolates (CIL-1 … CIL-10). */

const DB = 'endpointSelector: {matchLabels: {app: db}}';
const FROM = (app: string) => `{fromEndpoints: [{matchLabels: {app: ${app}}}]}`;

describe('spec and specs of one object', () => {
  const { check, answer } = ciliumScenario(
    {},
    {
      objects: `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: many, namespace: shop}
spec: {${DB}, ingress: [${FROM('api')}]}
specs:
  - {${DB}, ingress: [${FROM('web')}]}
  - {endpointSelector: {matchLabels: {app: api}}, ingress: [${FROM('web')}]}
`,
    },
  );
  test.each`
    from          | to            | port    | verdict
    ${'shop/api'} | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'shop/web'} | ${'shop/api'} | ${8081} | ${'allowed'}
    ${'shop/db'}  | ${'shop/api'} | ${8081} | ${'blocked'}
    ${'ops/prom'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'ops/prom'} | ${'shop/web'} | ${8080} | ${'allowed'}
  `('CIL-1 are all loaded: $from → $to:$port is $verdict', check);

  test('CIL-1 the object is one policy to those who ask', () => {
    const { considered, reason } = answer('ops/prom', 'shop/db', 5432).ingress;
    expect(considered).toHaveLength(1);
    expect(reason).toMatchObject({ kind: 'isolated', by: [{ name: 'many' }] });
  });

  test('CIL-1 their rules are counted through, each with its own path', () => {
    const { considered } = answer('shop/web', 'shop/db', 5432).ingress;
    expect(considered.flatMap(({ rules }) => rules)).toMatchObject([
      { index: 0, path: ['spec', 'ingress', 0], match: 'no' },
      { index: 1, path: ['specs', 0, 'ingress', 0], match: 'yes' },
    ]);
  });
});

describe('a selector of a CiliumNetworkPolicy', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'shop/web'} | ${'ops/prom'} | ${80}   | ${'allowed'}
  `(
    'CIL-4 is for pods of its namespace alone: $from → $to:$port is $verdict',
    ciliumScenario({ 'shop/all': 'endpointSelector: {}\ningress: [{}]' }).check,
  );

  const other = ciliumScenario({
    'shop/other':
      'endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": ops}}\ningress: [{}]',
  });
  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'shop/web'} | ${'ops/prom'} | ${80}   | ${'allowed'}
  `('CIL-4 whatever namespace it names: $from → $to:$port is $verdict', other.check);

  test('CIL-4 which is told', () => {
    expect(other.connectivity.snapshot.problems).toMatchObject([
      { code: 'policy-namespace-overwritten', severity: 'warning' },
    ]);
  });

  test('CIL-4 another namespace in other words leaves open whom it selects', () => {
    const { verdict } = ciliumScenario({
      'shop/other':
        'endpointSelector: {matchLabels: {"any:io.kubernetes.pod.namespace": ops}}\ningress: [{}]',
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('allowed');
  });
});

describe('a selector of a CiliumClusterwideNetworkPolicy', () => {
  test.each`
    from          | to                       | port        | verdict
    ${'shop/web'} | ${'shop/db'}             | ${5432}     | ${'blocked'}
    ${'shop/web'} | ${'ops/prom'}            | ${80}       | ${'blocked'}
    ${'shop/web'} | ${'kube-system/coredns'} | ${'53/UDP'} | ${'blocked'}
    ${'shop/web'} | ${'ops/agent'}           | ${80}       | ${'allowed'}
  `(
    'CIL-5 is for those of all: $from → $to:$port is $verdict',
    ciliumScenario({ all: 'endpointSelector: {}\ningress: [{}]' }).check,
  );

  test('CIL-5 reserved labels select endpoints that are no pods', () => {
    const { verdict } = ciliumScenario({
      health: 'endpointSelector: {matchLabels: {"reserved:health": ""}}\ningress: [{}]',
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  });
});

describe('an empty rule', () => {
  test.each`
    from             | to            | port    | verdict
    ${'shop/web'}    | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'192.168.0.1'} | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'shop/db'}     | ${'shop/web'} | ${8080} | ${'allowed'}
  `(
    'CIL-6 isolates and permits nothing: $from → $to:$port is $verdict',
    ciliumScenario({ 'shop/db': `${DB}\ningress: [{}]` }).check,
  );

  test.each(['{fromEntities: [all]}', '{toPorts: [{ports: [{port: "0"}]}]}'])(
    'CIL-6 unlike %s',
    (rule) => {
      const { verdict } = ciliumScenario({ 'shop/db': `${DB}\ningress: [${rule}]` });
      expect(verdict('203.0.113.5', 'shop/db', 5432)).toBe('allowed');
    },
  );
});

test('CIL-7 hostNetwork pods are not selected', () => {
  const { verdict } = ciliumScenario({
    'ops/agent': 'endpointSelector: {matchLabels: {app: agent}}\ningress: [{}]\negress: [{}]',
  });
  expect(verdict('shop/api', 'ops/agent', 80)).toBe('allowed');
  expect(verdict('ops/agent', '203.0.113.5', 443)).toBe('allowed');
});

describe('isolation', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/api'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'shop/db'}  | ${'shop/web'} | ${8080} | ${'allowed'}
  `(
    'CIL-8 comes of deny rules as well, in their direction: $from → $to:$port is $verdict',
    ciliumScenario({ 'shop/db': `${DB}\ningressDeny: [${FROM('api')}]` }).check,
  );

  test.each`
    from          | to               | port    | verdict
    ${'shop/db'}  | ${'203.0.113.5'} | ${443}  | ${'blocked'}
    ${'shop/db'}  | ${'shop/web'}    | ${8080} | ${'allowed'}
    ${'shop/web'} | ${'shop/db'}     | ${5432} | ${'allowed'}
  `(
    'CIL-8 of egress entries for egress: $from → $to:$port is $verdict',
    ciliumScenario({
      'shop/db': `${DB}\negress: [{toEndpoints: [{matchLabels: {app: web}}]}]`,
    }).check,
  );
});

describe('enableDefaultDeny', () => {
  const DNS = `
endpointSelector: {}
enableDefaultDeny: {egress: false}
egress: [{toEndpoints: [{matchLabels: {k8s-app: kube-dns, "k8s:io.kubernetes.pod.namespace": kube-system}}]}]`;
  const DENY_API = `
endpointSelector: {}
enableDefaultDeny: {egress: false}
egressDeny: [{toEndpoints: [{matchLabels: {app: api, io.kubernetes.pod.namespace: shop}}]}]`;

  test('CIL-9 set to false leaves open what no rule is about', () => {
    const { verdict } = ciliumScenario({ dns: DNS });
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
    expect(verdict('shop/web', 'kube-system/coredns', '53/UDP')).toBe('allowed');
  });

  test('CIL-9 deny rules count all the same', () => {
    const { verdict } = ciliumScenario({ deny: DENY_API });
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
  });

  test('CIL-9 what it leaves open is permitted, and Baseline has no say', () => {
    const objects = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: floor}
spec:
  tier: Baseline
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]
`;
    const flags = { enforcesClusterNetworkPolicy: 'yes' } as const;
    const { answer } = ciliumScenario({ dns: DNS }, { objects, flags });
    const { egress } = answer('shop/web', '203.0.113.5', 443);
    expect([egress.verdict, egress.reason.kind]).toEqual(['allowed', 'not-decided']);
    const without = ciliumScenario({}, { objects, flags });
    expect(without.verdict('shop/web', '203.0.113.5', 443)).toBe('blocked');
  });

  test('CIL-9 any other policy that isolates wins', () => {
    const { verdict } = ciliumScenario(
      { dns: DNS },
      {
        networkPolicies: {
          'shop/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}',
        },
      },
    );
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('blocked');
    expect(verdict('shop/web', 'kube-system/coredns', '53/UDP')).toBe('allowed');
    expect(verdict('shop/api', '203.0.113.5', 443)).toBe('allowed');
  });

  test('CIL-10 set to true without entries does nothing', () => {
    const { verdict } = ciliumScenario({
      'shop/db': `${DB}\ningress: [${FROM('web')}]\nenableDefaultDeny: {egress: true}`,
    });
    expect(verdict('shop/db', '203.0.113.5', 443)).toBe('allowed');
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('blocked');
  });

  test('CIL-10 an empty entry is one', () => {
    const { verdict } = ciliumScenario({
      'shop/db': `${DB}\negress: [{}]\nenableDefaultDeny: {egress: true}`,
    });
    expect(verdict('shop/db', '203.0.113.5', 443)).toBe('blocked');
  });
});
