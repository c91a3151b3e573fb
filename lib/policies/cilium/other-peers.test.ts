import { describe, expect, test } from 'vitest';
import { type CiliumOptions, ciliumScenario } from '#lib/testing/cilium-scenario.ts';

/** Peers that are no selectors of pods (CIL-27 … CIL-36, AMB-16). */

const WEB = 'endpointSelector: {matchLabels: {app: web}}';

function egress(entry: string, options: CiliumOptions = {}) {
  return ciliumScenario({ 'shop/web': `${WEB}\negress: [${entry}]` }, options);
}

function ingress(entry: string, options: CiliumOptions = {}) {
  return ciliumScenario({ 'shop/web': `${WEB}\ningress: [${entry}]` }, options);
}

describe('toServices', () => {
  test.each([
    '{k8sService: {serviceName: api, namespace: shop}}',
    '{k8sService: {serviceName: api}}',
    '{k8sServiceSelector: {selector: {matchLabels: {tier: back}}, namespace: shop}}',
  ])('CIL-27 means the backends, on every port: %s', (service) => {
    const objects =
      '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop, labels: {tier: back}}, spec: {clusterIPs: [10.96.0.11], selector: {app: api}, ports: [{port: 80, targetPort: http}]}}';
    const { verdict } = egress(`{toServices: [${service}]}`, { objects });
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
    expect(verdict('shop/web', 'shop/api', 22)).toBe('allowed');
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
  });

  test('CIL-27 toPorts are those of the backends', () => {
    const { verdict } = egress(
      '{toServices: [{k8sService: {serviceName: api, namespace: shop}}], toPorts: [{ports: [{port: "8081"}]}]}',
    );
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
    expect(verdict('shop/web', 'shop/api', 80)).toBe('blocked');
  });

  test.each([
    '{k8sService: {serviceName: api, namespace: ops}}',
    '{k8sService: {serviceName: gone, namespace: shop}}',
    '{k8sServiceSelector: {selector: {matchLabels: {no: such}}}}',
  ])('CIL-27 a Service that is not there means nobody: %s', (service) => {
    const { verdict } = egress(`{toServices: [${service}]}`);
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
  });

  test.each([
    ['services', 'shop/api', 'unknown'],
    ['endpointslices.discovery.k8s.io', 'shop/api', 'allowed'],
  ])('CIL-27 where %s may not be read it may be anybody', (list, to, expected) => {
    const states = { [list]: { status: 'forbidden', message: 'no' } } as const;
    const named = '{toServices: [{k8sService: {serviceName: api, namespace: shop}}]}';
    expect(egress(named, { states }).verdict('shop/web', to, 8081)).toBe(expected);
    const addresses = '{toServices: [{k8sService: {serviceName: kubernetes, namespace: default}}]}';
    expect(egress(addresses, { states }).verdict('shop/web', '203.0.113.5', 443)).toBe('unknown');
  });

  test('CIL-27 without a selector the addresses of its endpoints', () => {
    const objects = `
{apiVersion: v1, kind: Service, metadata: {name: legacy, namespace: shop}, spec: {clusterIPs: [10.96.0.44], ports: [{port: 80}]}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: legacy, namespace: shop, labels: {kubernetes.io/service-name: legacy}}
addressType: IPv4
endpoints: [{addresses: [203.0.113.5]}]
`;
    const { verdict } = egress(
      '{toServices: [{k8sService: {serviceName: legacy, namespace: shop}}]}',
      {
        objects,
      },
    );
    expect(verdict('shop/web', '203.0.113.5', 80)).toBe('allowed');
    expect(verdict('shop/web', '203.0.113.6', 80)).toBe('blocked');
  });
});

describe('CIDRs', () => {
  test.each`
    from          | to               | port     | verdict
    ${'shop/web'} | ${'shop/api'}    | ${8081}  | ${'blocked'}
    ${'shop/web'} | ${'10.50.0.1'}   | ${80}    | ${'allowed'}
    ${'shop/web'} | ${'192.168.0.2'} | ${10250} | ${'blocked'}
    ${'shop/web'} | ${'203.0.113.5'} | ${443}   | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.6'} | ${443}   | ${'blocked'}
  `(
    'CIL-28 are for the outside, not for pods and nodes: $from → $to:$port is $verdict',
    egress('{toCIDR: [10.0.0.0/8, 192.168.0.0/16, 203.0.113.5/32]}').check,
  );

  test.each([
    ['yes', 'allowed'],
    ['no', 'blocked'],
    ['unknown', 'unknown'],
  ] as const)('CIL-28 for nodes as policy-cidr-match-mode says: %s', (matches, expected) => {
    const { verdict } = egress('{toCIDR: [192.168.0.0/16]}', {
      flags: { ipBlockMatchesNodes: matches },
    });
    expect(verdict('shop/web', '192.168.0.2', 10250)).toBe(expected);
  });

  test.each`
    from              | to            | port    | verdict
    ${'203.0.113.5'}  | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'203.0.113.9'}  | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'198.51.100.1'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-28 but for the exceptions: $from → $to:$port is $verdict',
    ingress('{fromCIDRSet: [{cidr: 203.0.113.0/24, except: [203.0.113.8/29]}]}').check,
  );
});

test('CIL-28 bits behind a prefix mean nothing, which is told', () => {
  const { connectivity, verdict } = ingress(
    '{fromCIDR: [203.0.113.9/24]}, {fromCIDRSet: [{cidr: 198.51.100.0/24, except: [198.51.100.9/25]}]}',
  );
  expect(verdict('203.0.113.200', 'shop/web', 8080)).toBe('allowed');
  expect(verdict('198.51.100.100', 'shop/web', 8080)).toBe('blocked');
  expect(connectivity.snapshot.policies[0]?.notes).toMatchObject([
    { kind: 'host-bits-dropped', path: ['spec', 'ingress', 0, 'fromCIDR', 0] },
    { kind: 'host-bits-dropped', meant: '198.51.100.0/25' },
  ]);
});

describe('groups of CIDRs', () => {
  const objects = `
{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: office, labels: {site: home}}, spec: {externalCIDRs: [203.0.113.0/24, 10.0.0.0/8]}}
---
{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: other}, spec: {externalCIDRs: [198.51.100.0/24]}}
`;
  test.each(['{cidrGroupRef: office}', '{cidrGroupSelector: {matchLabels: {site: home}}}'])(
    'CIL-29 by name or labels: %s',
    (item) => {
      const { verdict } = ingress(`{fromCIDRSet: [${item}]}`, { objects });
      expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('allowed');
      expect(verdict('198.51.100.1', 'shop/web', 8080)).toBe('blocked');
      // CIL-28
      expect(verdict('shop/api', 'shop/web', 8080)).toBe('blocked');
    },
  );

  test('CIL-29 one that is missing matches nothing', () => {
    const { verdict } = ingress('{fromCIDRSet: [{cidrGroupRef: office}]}');
    expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('blocked');
  });

  test('CIL-29 one that cannot be read matches nothing, and is told', () => {
    const broken =
      '{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: office}, spec: {externalCIDRs: [everywhere]}}';
    const { verdict, connectivity } = ingress('{fromCIDRSet: [{cidrGroupRef: office}]}', {
      objects: broken,
    });
    expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('blocked');
    expect(connectivity.snapshot.problems).toMatchObject([
      { code: 'object-invalid', path: ['spec', 'externalCIDRs', 0] },
    ]);
  });

  test('AMB-16 an exception beside one leaves open what is left', () => {
    const { verdict } = ingress(
      '{fromCIDRSet: [{cidrGroupRef: office, except: [203.0.113.0/28]}]}',
      {
        objects,
      },
    );
    expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('unknown');
    expect(verdict('198.51.100.1', 'shop/web', 8080)).toBe('blocked');
  });
});

/** Who among them may connect: outside, a pod, another node, the own node, and a pod on it. */
const ENDS = ['203.0.113.5', 'shop/api', '192.168.0.2', '192.168.0.1', 'ops/agent'];

describe('entities as destinations', () => {
  test.each([
    ['all', ['allowed', 'allowed', 'allowed', 'allowed', 'allowed']],
    ['world', ['allowed', 'blocked', 'blocked', 'blocked', 'blocked']],
    ['cluster', ['blocked', 'allowed', 'allowed', 'allowed', 'allowed']],
    ['cluster-mesh', ['blocked', 'allowed', 'allowed', 'allowed', 'allowed']],
    ['host', ['blocked', 'blocked', 'blocked', 'allowed', 'allowed']],
    ['remote-node', ['blocked', 'blocked', 'allowed', 'blocked', 'blocked']],
    ['kube-apiserver', ['blocked', 'blocked', 'blocked', 'allowed', 'allowed']],
    ['unmanaged', ['blocked', 'unknown', 'blocked', 'blocked', 'blocked']],
    ['ingress', ['blocked', 'blocked', 'blocked', 'blocked', 'blocked']],
    ['init', ['blocked', 'blocked', 'blocked', 'blocked', 'blocked']],
    ['health', ['blocked', 'blocked', 'blocked', 'blocked', 'blocked']],
    ['none', ['blocked', 'blocked', 'blocked', 'blocked', 'blocked']],
  ])('CIL-30 %s', (entity, expected) => {
    const { verdict } = egress(`{toEntities: [${entity}]}`);
    expect(ENDS.map((end) => verdict('shop/web', end, 80))).toEqual(expected);
  });

  test.each([
    ['world-ipv4', ['unknown', 'blocked', 'blocked', 'blocked', 'blocked']],
    ['world-ipv6', ['blocked', 'blocked', 'blocked', 'blocked', 'blocked']],
  ])('CIL-30 by label alone: reserved:%s', (name, expected) => {
    const { verdict } = egress(`{toEndpoints: [{matchLabels: {"reserved:${name}": ""}}]}`);
    expect(ENDS.map((end) => verdict('shop/web', end, 80))).toEqual(expected);
  });
});

describe('entities as sources', () => {
  const { verdict } = ingress('{fromEntities: [world]}');
  test('CIL-30 world', () => {
    expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('allowed');
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
    expect(verdict('192.168.0.2', 'shop/web', 8080)).toBe('blocked');
  });

  test('CIL-31 whether the API server is seen as such is not sure', () => {
    const api = ciliumScenario({
      'shop/api':
        'endpointSelector: {matchLabels: {app: api}}\ningress: [{fromEntities: [kube-apiserver]}]',
    });
    expect(api.verdict('192.168.0.1', 'shop/api', 8081)).toBe('unknown');
    expect(api.verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
  });

  test('CIL-31 where its addresses are not known it may be anybody but a pod', () => {
    const gone =
      '{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: default}}';
    const slice =
      '{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: kubernetes, namespace: default}, addressType: IPv4, endpoints: []}';
    const { verdict: of } = egress('{toEntities: [kube-apiserver]}', {
      objects: `${gone}\n---\n${slice}`,
      states: { 'endpointslices.discovery.k8s.io': { status: 'forbidden', message: 'no' } },
    });
    expect(of('shop/web', '203.0.113.5', 6443)).toBe('unknown');
    expect(of('shop/web', 'shop/api', 8081)).toBe('blocked');
  });

  test('CIL-30 health, init and the like are nobody’s own', () => {
    const none = ingress('{fromEntities: [health, init, ingress]}');
    expect(none.verdict('shop/api', 'shop/web', 8080)).toBe('blocked');
  });
});

describe('nodes by their labels', () => {
  const NODES = (status: string) => `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress: [{fromNodes: [{}]}]
${status}`;

  test('CIL-32 leave open whether the policy is in force', () => {
    const { verdict, connectivity } = ciliumScenario({}, { objects: NODES('') });
    expect(verdict('192.168.0.2', 'shop/db', 5432)).toBe('unknown');
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
    expect(connectivity.snapshot.problems).toMatchObject([
      { code: 'policy-invalid', path: ['spec', 'ingress', 0, 'fromNodes'] },
    ]);
  });

  test.each`
    from             | to           | port    | verdict
    ${'192.168.0.2'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'192.168.0.1'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'shop/web'}    | ${'shop/db'} | ${5432} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/db'} | ${5432} | ${'blocked'}
  `(
    'CIL-32 which Cilium tells: $from → $to:$port is $verdict',
    ciliumScenario({}, { objects: NODES('status: {conditions: [{type: Valid, status: "True"}]}') })
      .check,
  );

  test('CIL-32 the own node never matches', () => {
    const { verdict } = ciliumScenario(
      {},
      {
        objects: NODES('status: {conditions: [{type: Valid, status: "True"}]}'),
        flags: { nodeReachesItsPods: 'no' },
      },
    );
    expect(verdict('192.168.0.1', 'shop/db', 5432)).toBe('blocked');
    expect(verdict('192.168.0.2', 'shop/db', 5432)).toBe('allowed');
  });
});

test('CIL-33 which addresses are in groups of another provider is not known', () => {
  const { verdict } = egress('{toGroups: [{aws: {securityGroupsIds: [sg-1]}}]}');
  expect(verdict('shop/web', '203.0.113.5', 443)).toBe('unknown');
  expect(verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
});

describe('the own node', () => {
  const deny = { 'shop/db': 'endpointSelector: {matchLabels: {app: db}}\ningress: [{}]' };
  test('CIL-34 reaches its pods', () => {
    const { verdict } = ciliumScenario(deny);
    expect(verdict('192.168.0.1', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('192.168.0.2', 'shop/db', 5432)).toBe('blocked');
  });

  test('CIL-34 unless agents are told to ask policies', () => {
    const flags = { nodeReachesItsPods: 'no' } as const;
    expect(ciliumScenario(deny, { flags }).verdict('192.168.0.1', 'shop/db', 5432)).toBe('blocked');
    const { verdict } = ingress('{fromEntities: [host]}', { flags });
    expect(verdict('192.168.0.1', 'shop/web', 8080)).toBe('allowed');
    expect(verdict('192.168.0.2', 'shop/web', 8080)).toBe('blocked');
  });
});

test('CIL-35 a node that forwards is another node, not the outside', () => {
  const { verdict } = ingress('{fromEntities: [world]}');
  expect(verdict('203.0.113.5', 'shop/web', 8080)).toBe('allowed');
  expect(verdict('192.168.0.2', 'shop/web', 8080)).toBe('blocked');
});

describe('domain names', () => {
  test.each([
    ['{matchName: a.example.com}', 'unknown'],
    ['{matchPattern: "*.example.com"}', 'unknown'],
  ])('CIL-36 decide about the outside, so that it is unknown: %s', (name, expected) => {
    const { verdict, causes } = egress(`{toFQDNs: [${name}], toPorts: [{ports: [{port: "443"}]}]}`);
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe(expected);
    expect(causes('shop/web', '203.0.113.5', 443)).toMatchObject([{ kind: 'domain-names' }]);
    expect(verdict('shop/web', '203.0.113.5', 80)).toBe('blocked');
  });

  test('CIL-36 never about pods and nodes', () => {
    const { verdict } = egress('{toFQDNs: [{matchPattern: "*"}]}');
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
    expect(verdict('shop/web', '192.168.0.2', 80)).toBe('blocked');
  });
});
