import { describe, expect, test } from 'vitest';
import { ciliumScenario } from '#lib/testing/cilium-scenario.ts';

/** How rules come together: of one kind, of several, and with NetworkPolicy (CIL-15 … CIL-20, CIL-47 … CIL-54). */

const DB = 'endpointSelector: {matchLabels: {app: db}}';
const FROM = (app: string) => `{fromEndpoints: [{matchLabels: {app: ${app}}}]}`;
const WEB_TO_DB = {
  'shop/db': `
podSelector: {matchLabels: {app: db}}
ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]`,
};

describe('a union', () => {
  const { check } = ciliumScenario(
    {
      'shop/db': `${DB}\ningress: [${FROM('api')}]`,
      db: 'endpointSelector: {matchLabels: {app: db}}\ningress: [{fromEntities: [world]}]',
    },
    { networkPolicies: WEB_TO_DB },
  );
  test.each`
    from             | to           | port    | verdict
    ${'shop/api'}    | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'shop/web'}    | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'203.0.113.5'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'shop/web'}    | ${'shop/db'} | ${5433} | ${'blocked'}
    ${'ops/prom'}    | ${'shop/db'} | ${5432} | ${'blocked'}
  `('CIL-15, CIL-48 of what all kinds permit: $from → $to:$port is $verdict', check);
});

describe('a deny rule', () => {
  const { check, answer } = ciliumScenario(
    {
      deny: 'endpointSelector: {}\nenableDefaultDeny: {egress: false}\negressDeny: [{toEndpoints: [{matchLabels: {app: db}}]}]',
    },
    { networkPolicies: WEB_TO_DB },
  );
  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'shop/web'} | ${'shop/api'} | ${8081} | ${'allowed'}
  `('CIL-15 beats every permission: $from → $to:$port is $verdict', check);

  test('CIL-15 and is the reason', () => {
    expect(answer('shop/web', 'shop/db', 5432).egress.reason).toMatchObject({
      kind: 'denied',
      by: { policy: { name: 'deny' }, index: 0 },
    });
  });

  test.each`
    from          | to               | port   | verdict
    ${'shop/web'} | ${'203.0.113.5'} | ${443} | ${'blocked'}
    ${'shop/web'} | ${'203.0.112.5'} | ${443} | ${'allowed'}
  `(
    'CIL-16 for a wide range as well, where a narrow one is permitted: $from → $to:$port is $verdict',
    ciliumScenario({
      'shop/web': `
endpointSelector: {matchLabels: {app: web}}
egressDeny: [{toCIDR: [203.0.113.0/24]}]
egress: [{toCIDR: [203.0.113.5/32]}, {toCIDR: [203.0.112.0/24]}]`,
    }).check,
  );

  test.each`
    from          | to           | port    | verdict
    ${'shop/api'} | ${'shop/db'} | ${5432} | ${'blocked'}
    ${'shop/api'} | ${'shop/db'} | ${80}   | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'ops/prom'} | ${'shop/db'} | ${80}   | ${'blocked'}
  `(
    'CIL-17 has peers and ports like another: $from → $to:$port is $verdict',
    ciliumScenario({
      'shop/db': `
${DB}
ingress: [{fromEndpoints: [{}]}]
ingressDeny: [{fromEndpoints: [{matchLabels: {app: api}}], toPorts: [{ports: [{port: "5432", protocol: TCP}]}]}]`,
    }).check,
  );
});

describe('peers and ports of one entry', () => {
  const { check } = ciliumScenario({
    'shop/db': `
${DB}
ingress:
  - {fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "5432"}]}]}
  - {fromEntities: [world]}`,
  });
  test.each`
    from             | to           | port    | verdict
    ${'shop/web'}    | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'shop/web'}    | ${'shop/db'} | ${80}   | ${'blocked'}
    ${'shop/api'}    | ${'shop/db'} | ${5432} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/db'} | ${80}   | ${'allowed'}
  `('CIL-19 must both match, entries are alternatives: $from → $to:$port is $verdict', check);
});

describe('peers that are not there', () => {
  const one = (entry: string) =>
    ciliumScenario({ 'shop/db': `${DB}\ningress: [${entry}]` }).verdict(
      '203.0.113.5',
      'shop/db',
      5432,
    );
  const PORTS = 'toPorts: [{ports: [{port: "5432", protocol: TCP}]}]';
  test.each([
    ['absent', `{${PORTS}}`, 'allowed'],
    ['null, which is absent,', `{fromEndpoints: , ${PORTS}}`, 'allowed'],
    ['an empty list', `{fromEndpoints: [], ${PORTS}}`, 'blocked'],
    ['an empty list of entities', `{fromEntities: [], ${PORTS}}`, 'blocked'],
    ['an empty list of CIDRs', `{fromCIDR: [], ${PORTS}}`, 'blocked'],
    ['an empty list without ports', '{fromEndpoints: []}', 'blocked'],
    ['absent with an empty list of ports', '{toPorts: []}', 'blocked'],
    ['an empty list beside others', `{fromEndpoints: [], fromEntities: [world]}`, 'unknown'],
    ['an empty list of groups', `{fromGroups: [], ${PORTS}}`, 'unknown'],
  ])('CIL-20 %s: %s is %s', (_, entry, expected) => {
    expect(one(entry)).toBe(expected);
  });

  test('CIL-20 an empty list in a deny rule denies nobody', () => {
    const { verdict } = ciliumScenario({
      'shop/db': `${DB}\ningressDeny: [{fromEndpoints: [], ${PORTS}}]\nenableDefaultDeny: {ingress: false}`,
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  });
});

describe('NetworkPolicy under Cilium', () => {
  test.each`
    from             | to            | port    | verdict
    ${'203.0.113.5'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'192.168.0.2'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-47 an ipBlock is never for pods: $from → $to:$port is $verdict',
    ciliumScenario(
      {},
      {
        networkPolicies: {
          'shop/web':
            '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
        },
      },
    ).check,
  );

  test('CIL-47 without from it is everybody', () => {
    const { verdict } = ciliumScenario({}, { networkPolicies: { 'shop/web': 'ingress: [{}]' } });
    expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('allowed');
    expect(verdict('192.168.0.2', 'shop/web', 8080)).toBe('allowed');
  });

  test.each`
    from             | to            | port    | verdict
    ${'203.0.113.5'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-48 isolates, and a CiliumNetworkPolicy permits: $from → $to:$port is $verdict',
    ciliumScenario(
      {
        'shop/web':
          'endpointSelector: {matchLabels: {app: web}}\ningress: [{fromEntities: [world]}]',
      },
      { networkPolicies: { 'shop/all': 'podSelector: {}\npolicyTypes: [Ingress]' } },
    ).check,
  );

  test('CIL-48 what it permits no CiliumNetworkPolicy narrows, but by a deny rule', () => {
    const web = '{fromEndpoints: [{matchLabels: {app: web}}]}';
    const narrow = { 'shop/db': `${DB}\ningress: [${FROM('api')}]` };
    const deny = { 'shop/db': `${DB}\ningressDeny: [${web}]` };
    const beside = { networkPolicies: WEB_TO_DB };
    expect(ciliumScenario(narrow, beside).verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(ciliumScenario(deny, beside).verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
  });
});

describe('a connection to a Service', () => {
  const to = (port: string) =>
    ciliumScenario({
      'shop/api': `
endpointSelector: {matchLabels: {app: api}}
ingress: [{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "${port}"}]}]}]`,
    }).verdict('shop/web', 'service/shop/api', 80);
  test('CIL-49 is one to a backend and its port', () => {
    expect(to('8081')).toBe('allowed');
    expect(to('80')).toBe('blocked');
  });
});

test('CIL-53 what a pod asks itself through a Service is not policed', () => {
  const { verdict } = ciliumScenario({
    'shop/api': 'endpointSelector: {}\ningress: [{}]\negress: [{}]',
  });
  expect(verdict('shop/api', 'service/shop/api', 80)).toBe('allowed');
});

describe('all together', () => {
  const { check } = ciliumScenario({
    'shop/db': `
${DB}
ingress: [{fromEndpoints: [{matchLabels: {app: api}}], toPorts: [{ports: [{port: "5432", protocol: TCP}]}]}]`,
    egress: `
endpointSelector: {}
enableDefaultDeny: {egress: false}
egress:
  - toEntities: [kube-apiserver]
  - toEndpoints: [{matchLabels: {k8s-app: kube-dns, "k8s:io.kubernetes.pod.namespace": kube-system}}]
    toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]`,
  });
  test.each`
    from             | to                       | port        | verdict
    ${'shop/api'}    | ${'shop/db'}             | ${5432}     | ${'allowed'}
    ${'shop/web'}    | ${'shop/db'}             | ${5432}     | ${'blocked'}
    ${'shop/web'}    | ${'203.0.113.5'}         | ${443}      | ${'allowed'}
    ${'shop/web'}    | ${'kube-system/coredns'} | ${'53/UDP'} | ${'allowed'}
    ${'192.168.0.1'} | ${'shop/db'}             | ${5432}     | ${'allowed'}
    ${'192.168.0.2'} | ${'shop/db'}             | ${5432}     | ${'blocked'}
  `('CIL-54 $from → $to:$port is $verdict', check);
});
