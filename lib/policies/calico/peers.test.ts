import { describe, expect, test } from 'vitest';
import {
  calicoCluster,
  calicoObject,
  cnp,
  gnp,
  storedObject,
} from '#lib/testing/calico-cluster.ts';

/** Whom the source and the destination of a rule match (CAL-21 … CAL-30, CAL-33, CAL-35). */

const EXT = '203.0.113.5';
const ENDS = ['shop/api', 'shop/db', 'ops/prom', 'kube-system/coredns', '192.168.0.2', EXT];

/** Who reaches web when a policy on it allows what these fields of `source` match. */
function sources(
  of: 'NetworkPolicy' | 'GlobalNetworkPolicy',
  source: string,
  objects: string[] = [],
) {
  const spec = `selector: "app == 'web'", ingress: [{action: Allow, source: {${source}}}]`;
  const policy = of === 'NetworkPolicy' ? cnp('shop/p', spec) : gnp('p', spec);
  const { verdict } = calicoCluster([policy, ...objects]);
  return ENDS.filter((end) => verdict(end, 'shop/web', 80) === 'allowed');
}

const EVERYBODY = ENDS;
const PODS = ['shop/api', 'shop/db', 'ops/prom', 'kube-system/coredns'];
const SHOP = ['shop/api', 'shop/db'];
const OUTSIDE = ['192.168.0.2', EXT];

const OFFICE = calicoObject('GlobalNetworkSet', 'office', 'nets: [203.0.113.0/24]', 'role: office');
const OFFICE_IN_SHOP = calicoObject(
  'NetworkSet',
  'shop/office',
  'nets: [203.0.113.5]',
  'role: office',
);
const OFFICE_IN_OPS = calicoObject(
  'NetworkSet',
  'ops/office',
  'nets: [203.0.113.5]',
  'role: office',
);

describe('CAL-23 a rule of a NetworkPolicy', () => {
  test.each([
    ['', EVERYBODY],
    [`selector: all()`, SHOP],
    [`selector: "app == 'prom'"`, []],
    [`selector: "app == 'api'"`, ['shop/api']],
    [`selector: "app != 'api'"`, ['shop/db']],
    [`namespaceSelector: all()`, PODS],
    [`namespaceSelector: "team == 'b'"`, ['ops/prom']],
    [`namespaceSelector: "team == 'b'", selector: "app == 'prom'"`, ['ops/prom']],
    [`namespaceSelector: "team == 'b'", selector: "app == 'api'"`, []],
    [`namespaceSelector: "!has(team)"`, ['kube-system/coredns']],
    [`namespaceSelector: global()`, []],
  ])('{%s}: %j', (source, expected) => {
    expect(sources('NetworkPolicy', source)).toEqual(expected);
  });
});

describe('CAL-26 a rule of a GlobalNetworkPolicy', () => {
  test.each([
    ['', EVERYBODY],
    [`selector: all()`, PODS],
    [`selector: "app == 'prom'"`, ['ops/prom']],
    [`selector: "app != 'prom'"`, ['shop/api', 'shop/db', 'kube-system/coredns']],
    [`namespaceSelector: all()`, PODS],
    [`namespaceSelector: "projectcalico.org/name == 'ops'"`, ['ops/prom']],
    [`namespaceSelector: "kubernetes.io/metadata.name == 'shop'"`, SHOP],
  ])('{%s}: %j', (source, expected) => {
    expect(sources('GlobalNetworkPolicy', source)).toEqual(expected);
  });
});

describe('CAL-24 notSelector', () => {
  test('of a GlobalNetworkPolicy leaves everybody else, outsiders included', () => {
    expect(sources('GlobalNetworkPolicy', `notSelector: "app == 'api'"`)).toEqual(
      EVERYBODY.filter((end) => end !== 'shop/api'),
    );
    expect(
      sources(
        'GlobalNetworkPolicy',
        `notSelector: "app == 'api'", namespaceSelector: "team == 'a'"`,
      ),
    ).toEqual(['shop/db']);
  });

  test('of a NetworkPolicy leaves its own namespace alone', () => {
    expect(sources('NetworkPolicy', `notSelector: "app == 'api'"`)).toEqual(['shop/db']);
    expect(
      sources('NetworkPolicy', `notSelector: "app == 'api'", namespaceSelector: all()`),
    ).toEqual(['shop/db', 'ops/prom', 'kube-system/coredns']);
  });

  test('takes away sets of addresses as well', () => {
    expect(sources('GlobalNetworkPolicy', `notSelector: "role == 'office'"`, [OFFICE])).toEqual(
      EVERYBODY.filter((end) => end !== EXT),
    );
  });
});

describe('CAL-22 sets of addresses', () => {
  const byRole = `selector: "role == 'office'"`;

  test.each([
    ['GlobalNetworkPolicy', byRole, OFFICE, [EXT]],
    ['GlobalNetworkPolicy', byRole, OFFICE_IN_OPS, [EXT]],
    ['NetworkPolicy', byRole, OFFICE, []],
    ['NetworkPolicy', byRole, OFFICE_IN_SHOP, [EXT]],
    ['NetworkPolicy', byRole, OFFICE_IN_OPS, []],
    ['NetworkPolicy', `${byRole}, namespaceSelector: "team == 'b'"`, OFFICE_IN_OPS, [EXT]],
    ['NetworkPolicy', `${byRole}, namespaceSelector: global()`, OFFICE, [EXT]],
    ['NetworkPolicy', `${byRole}, namespaceSelector: global()`, OFFICE_IN_SHOP, []],
    ['NetworkPolicy', `namespaceSelector: "team == 'b'"`, OFFICE_IN_OPS, ['ops/prom', EXT]],
    ['GlobalNetworkPolicy', 'namespaceSelector: all()', OFFICE, PODS],
    ['GlobalNetworkPolicy', `selector: "role == 'home'"`, OFFICE, []],
  ] as const)('%s {%s} with %s: %j', (kind, source, set, expected) => {
    expect(sources(kind, source, [set])).toEqual(expected);
  });

  test('of egress', () => {
    const { verdict } = calicoCluster([
      OFFICE,
      gnp('p', `selector: "app == 'web'", egress: [{action: Allow, destination: {${byRole}}}]`),
    ]);
    expect(verdict('shop/web', EXT, 443)).toBe('allowed');
    expect(verdict('shop/web', '198.51.100.1', 443)).toBe('blocked');
    expect(verdict('shop/web', 'shop/api', 443)).toBe('blocked');
  });

  test('match the pods that have these addresses', () => {
    const set = calicoObject('GlobalNetworkSet', 'pods', 'nets: [10.0.2.0/24]', 'role: office');
    expect(sources('GlobalNetworkPolicy', byRole, [set])).toEqual(['ops/prom']);
  });

  test('that are stored keep their labels in an annotation', () => {
    const stored = storedObject('GlobalNetworkSet', 'office', 'nets: [203.0.113.0/24]').replace(
      'labels: {}',
      `annotations: {projectcalico.org/metadata: '{"labels": {"role": "office"}}'}`,
    );
    expect(sources('GlobalNetworkPolicy', byRole, [stored])).toEqual([EXT]);
  });

  test('with a block that is none are read without it, and it is told', () => {
    const { connectivity } = calicoCluster([
      calicoObject('GlobalNetworkSet', 'office', 'nets: [203.0.113.0/24, office]'),
    ]);
    expect(connectivity.snapshot.addressSets).toMatchObject([{ blocks: [{ family: 4 }] }]);
    expect(connectivity.snapshot.problems).toMatchObject([
      { code: 'object-invalid', path: ['spec', 'nets', 1], object: { name: 'office' } },
    ]);
  });
});

describe('CAL-27 addresses', () => {
  test.each([
    ['nets: [10.0.0.0/16]', PODS],
    ['nets: [10.0.1.0/24, 203.0.113.5]', [...SHOP, EXT]],
    ['nets: [192.168.0.0/24]', ['192.168.0.2']],
    ['notNets: [10.0.0.0/16]', OUTSIDE],
    ['nets: [10.0.0.0/8], notNets: [10.0.2.0/24]', ['shop/api', 'shop/db', 'kube-system/coredns']],
    ['notNets: [0.0.0.0/0]', []],
    [`nets: [10.0.1.0/24], selector: "app != 'api'"`, ['shop/db']],
    ['nets: ["2001:db8::/32"]', []],
    ['notNets: ["2001:db8::/32"]', []],
    ['notNets: ["2001:db8::/32", 10.0.0.0/16]', OUTSIDE],
  ])('CAL-21 {%s}: %j', (source, expected) => {
    expect(sources('GlobalNetworkPolicy', source)).toEqual(expected);
  });

  test('host bits are dropped, and told', () => {
    const { connectivity } = calicoCluster([
      gnp(
        'p',
        'namespaceSelector: all(), types: [Ingress], ingress: [{action: Allow, source: {nets: [10.0.1.9/24]}}]',
      ),
    ]);
    expect(connectivity.snapshot.policies[0]?.notes).toEqual([
      {
        kind: 'host-bits-dropped',
        path: ['spec', 'ingress', 0, 'source', 'nets', 0],
        written: '10.0.1.9/24',
        meant: '10.0.1.0/24',
      },
    ]);
  });
});

describe('CAL-33 ipVersion', () => {
  const dual = `
apiVersion: v1
kind: Pod
metadata: {name: dual, namespace: shop, labels: {app: dual}}
spec: {nodeName: n2, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.20}, {ip: "2001:db8::20"}]}
`;
  const ask = (version: number, source: string) =>
    calicoCluster([
      dual,
      gnp('p', `selector: "app == 'web'", ingress: [{action: Allow, ipVersion: ${version}}]`),
    ]).verdict(source, 'shop/web', 80);

  test.each([
    [4, 'shop/api', 'allowed'],
    [6, 'shop/api', 'blocked'],
    [4, EXT, 'allowed'],
    [6, EXT, 'blocked'],
    [4, '2001:db8::1', 'blocked'],
    [6, '2001:db8::1', 'allowed'],
    [4, 'shop/dual', 'allowed'],
    // GEN-20: web has an IPv4 address alone, so that is what the two speak.
    [6, 'shop/dual', 'blocked'],
  ])('%i, from %s: %s', (version, source, expected) => {
    expect(ask(version, source)).toBe(expected);
  });
});

describe('both ends of a rule', () => {
  test('the own end is asked as well', () => {
    const { verdict, answer } = calicoCluster([
      gnp(
        'p',
        `namespaceSelector: "team == 'a'", types: [Ingress], ingress: [{action: Allow, source: {selector: "app == 'prom'"}, destination: {selector: "app == 'db'"}}]`,
      ),
    ]);
    expect(verdict('ops/prom', 'shop/db', 80)).toBe('allowed');
    expect(verdict('ops/prom', 'shop/api', 80)).toBe('blocked');
    expect(verdict('shop/web', 'shop/db', 80)).toBe('blocked');
    const [policy] = answer('ops/prom', 'shop/api', 80).ingress.considered;
    expect(policy?.rules[0]).toMatchObject({
      match: 'no',
      peer: 'yes',
      own: [{ path: ['spec', 'ingress', 0, 'destination', 'selector'], match: 'no' }],
    });
  });

  test('of egress, by its addresses', () => {
    const { verdict } = calicoCluster([
      gnp(
        'p',
        `namespaceSelector: "team == 'a'", types: [Egress], egress: [{action: Allow, source: {notNets: [10.0.1.11]}}]`,
      ),
    ]);
    expect(verdict('shop/web', EXT, 443)).toBe('allowed');
    expect(verdict('shop/api', EXT, 443)).toBe('blocked');
  });

  test('CAL-23 the own end of a NetworkPolicy is in its namespace', () => {
    const { verdict } = calicoCluster([
      cnp('shop/p', `ingress: [{action: Allow, destination: {selector: "app == 'web'"}}]`),
    ]);
    expect(verdict(EXT, 'shop/web', 80)).toBe('allowed');
    expect(verdict(EXT, 'shop/api', 80)).toBe('blocked');
  });
});

describe('CAL-29 services', () => {
  test('as a destination are their backends, at the ports they lead to', () => {
    const { verdict } = calicoCluster([
      cnp(
        'shop/p',
        `selector: "app == 'web'", egress: [{action: Allow, destination: {services: {name: api}}}]`,
      ),
    ]);
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
    expect(verdict('shop/web', 'shop/api', 9090)).toBe('blocked');
    expect(verdict('shop/web', 'shop/db', 8081)).toBe('blocked');
  });

  test('without a selector are the addresses of their endpoints', () => {
    const { verdict } = calicoCluster([
      cnp(
        'shop/p',
        `selector: "app == 'api'", egress: [{action: Allow, destination: {services: {name: kubernetes, namespace: default}}}]`,
      ),
    ]);
    expect(verdict('shop/api', '192.168.0.1', 6443)).toBe('allowed');
    expect(verdict('shop/api', '192.168.0.1', 443)).toBe('blocked');
    expect(verdict('shop/api', EXT, 6443)).toBe('blocked');
  });

  test('as a source are their backends, at any port', () => {
    const source = (services: string) => sources('NetworkPolicy', `services: {${services}}`);
    expect(source('name: api')).toEqual(['shop/api']);
    expect(source('name: kube-dns, namespace: kube-system')).toEqual(['kube-system/coredns']);
    expect(source('name: nobody')).toEqual([]);
  });

  test('with a protocol are those ports of it alone', () => {
    const dns = (protocol: string) =>
      calicoCluster([
        cnp(
          'shop/p',
          `selector: "app == 'web'", egress: [{action: Allow, protocol: ${protocol}, destination: {services: {name: kube-dns, namespace: kube-system}}}]`,
        ),
      ]);
    expect(dns('UDP').verdict('shop/web', 'kube-system/coredns', '53/UDP')).toBe('allowed');
    expect(dns('UDP').verdict('shop/web', 'kube-system/coredns', 53)).toBe('blocked');
    expect(dns('TCP').verdict('shop/web', 'kube-system/coredns', 53)).toBe('allowed');
  });

  test('without a namespace, in a policy that has none, are not known', () => {
    const { verdict } = calicoCluster([
      gnp(
        'p',
        `selector: "app == 'web'", egress: [{action: Allow, destination: {services: {name: api}}}]`,
      ),
    ]);
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('unknown');
  });
});

describe('CAL-30 serviceAccounts', () => {
  const account = `
{apiVersion: v1, kind: Pod, metadata: {name: prom, namespace: ops, labels: {app: prom}}, spec: {serviceAccountName: prom, nodeName: n2, containers: [{name: main}]}, status: {phase: Running, podIPs: [{ip: 10.0.2.20}]}}
`;
  const ask = (kind: 'NetworkPolicy' | 'GlobalNetworkPolicy', source: string) =>
    sources(kind, source, [account]);

  test('by name, in the namespace of a NetworkPolicy', () => {
    expect(ask('NetworkPolicy', 'serviceAccounts: {names: [prom]}')).toEqual([]);
    expect(ask('NetworkPolicy', 'serviceAccounts: {names: [default]}')).toEqual(SHOP);
    expect(
      ask('NetworkPolicy', `serviceAccounts: {names: [prom]}, namespaceSelector: "team == 'b'"`),
    ).toEqual(['ops/prom']);
    expect(ask('GlobalNetworkPolicy', 'serviceAccounts: {names: [prom, other]}')).toEqual([
      'ops/prom',
    ]);
    expect(
      ask('GlobalNetworkPolicy', `serviceAccounts: {names: [default]}, selector: "app == 'db'"`),
    ).toEqual(['shop/db']);
  });

  test('by labels they are not known, and outsiders have none', () => {
    const { verdict } = calicoCluster([
      gnp(
        'p',
        `selector: "app == 'web'", ingress: [{action: Allow, source: {serviceAccounts: {names: [default], selector: "team == 'x'"}}}]`,
      ),
      account,
    ]);
    expect(verdict('shop/api', 'shop/web', 80)).toBe('unknown');
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
    expect(verdict(EXT, 'shop/web', 80)).toBe('blocked');
  });

  test('that ask for nothing limit nothing', () => {
    expect(ask('NetworkPolicy', 'serviceAccounts: {names: []}')).toEqual(EVERYBODY);
  });
});

test('CAL-22 a set is in its namespace, even where nothing else is', () => {
  const lost = calicoObject('NetworkSet', 'lost/office', 'nets: [203.0.113.5]', 'role: office');
  const source = (selector: string) =>
    sources('GlobalNetworkPolicy', `selector: "role == 'office'"${selector}`, [lost]);
  expect(source('')).toEqual([EXT]);
  expect(source(', namespaceSelector: "projectcalico.org/name == \'lost\'"')).toEqual([EXT]);
  expect(source(', namespaceSelector: has(team)')).toEqual([]);
});

test('CAL-25 the default deny of the documentation leaves out its namespaces', () => {
  const { verdict } = calicoCluster([
    gnp(
      'deny-app-policy',
      `namespaceSelector: 'has(projectcalico.org/name) && projectcalico.org/name not in {"kube-system", "calico-system"}', types: [Ingress, Egress], egress: [{action: Allow, protocol: UDP, destination: {selector: 'k8s-app == "kube-dns"', ports: [53]}}]`,
    ),
  ]);
  expect(verdict('shop/web', 'kube-system/coredns', '53/UDP')).toBe('allowed');
  expect(verdict('shop/web', 'kube-system/coredns', 53)).toBe('blocked');
  expect(verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
  expect(verdict('kube-system/coredns', EXT, 53)).toBe('allowed');
});

test('CAL-35 the names of a set are not known either', () => {
  const set = calicoObject(
    'GlobalNetworkSet',
    'office',
    'nets: [198.51.100.0/24], allowedEgressDomains: ["*.example.com"]',
    'role: office',
  );
  const { verdict } = calicoCluster([
    set,
    gnp(
      'p',
      `selector: "app == 'web'", egress: [{action: Allow, destination: {selector: "role == 'office'"}}]`,
    ),
  ]);
  expect(verdict('shop/web', '198.51.100.1', 443)).toBe('allowed');
  expect(verdict('shop/web', EXT, 443)).toBe('unknown');
  expect(verdict('shop/web', 'shop/api', 443)).toBe('blocked');
});

test('CAL-35 what domain names decide is not known', () => {
  const { verdict, causes } = calicoCluster([
    gnp(
      'p',
      `selector: "app == 'web'", egress: [{action: Allow, destination: {domains: ["*.example.com"]}}]`,
    ),
  ]);
  expect(verdict('shop/web', EXT, 443)).toBe('unknown');
  expect(causes('shop/web', EXT, 443)).toMatchObject([{ kind: 'domain-names' }]);
  expect(verdict('shop/web', 'shop/api', 443)).toBe('blocked');
});
