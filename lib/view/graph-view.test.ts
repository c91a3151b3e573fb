import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';
import { graphView } from './graph-builder.ts';
import type { GraphNode, GraphQuery, GraphView } from './graph-view.ts';

const CONTEXT = { cluster: 'fixture', revision: 7, readAt: '2026-01-01T00:00:00Z' };
const WHOLE: GraphQuery = {
  namespace: null,
  expanded: null,
  showOpen: false,
  showDns: false,
  opened: [],
  focus: null,
};

/** A front that everybody reaches, a chain behind it, name look-ups, and an outside block. */
const POLICIES = {
  'shop/deny-all': '{}',
  'shop/web': '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8080}]}]}',
  'shop/api': `
podSelector: {matchLabels: {app: api}}
ingress:
  - {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: http}]}
  - {from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: metrics}]}`,
  'shop/db': `
podSelector: {matchLabels: {app: db}}
ingress:
  - from: [{podSelector: {matchLabels: {app: api}}}, {ipBlock: {cidr: 203.0.113.0/24}}]
    ports: [{port: pg}]`,
  'kube-system/dns': `
ingress:
  - from: [{namespaceSelector: {matchLabels: {team: a}}}]
    ports: [{protocol: UDP, port: 53}, {port: 53}]`,
};

function view(
  query: Partial<GraphQuery> = {},
  policies: Readonly<Record<string, string>> = POLICIES,
  options: ScenarioOptions = {},
): GraphView {
  const { connectivity } = scenario(policies, options);
  const built = graphView(connectivity, CONTEXT, { ...WHOLE, ...query });
  if (built === null) throw new Error('no such namespace');
  return built;
}

/** `shop/web[Pod] > shop/api[Pod] TCP 8081 rules` */
function edgesOf({ edges }: GraphView): readonly string[] {
  return edges.map(({ source, target, ports, basis }) => `${source} > ${target} ${ports} ${basis}`);
}

function node<K extends GraphNode['kind']>({ nodes }: GraphView, kind: K, id: string) {
  const found = nodes.find((each) => each.kind === kind && each.id === id);
  return found as Extract<GraphNode, { kind: K }> | undefined;
}

const RULE_EDGES = [
  'ops/prom[Pod] > shop/api[Pod] TCP 9090 rules',
  'range:203.0.113.0/24 > shop/db[Pod] TCP 5432 rules',
  'shop/api[Pod] > shop/db[Pod] TCP 5432 rules',
  'shop/web[Pod] > shop/api[Pod] TCP 8081 rules',
];

describe('the whole of a small cluster', () => {
  const whole = view();

  test('is expanded, and shows what rules name', () => {
    expect(edgesOf(whole)).toEqual(RULE_EDGES);
    expect(whole.totals).toEqual({ namespaces: 4, workloads: 6, pods: 6 });
    expect(whole.edges[0]?.id).toBe('ops/prom[Pod]>shop/api[Pod]');
    expect(whole.namespaces).toEqual(
      ['kube-system', 'ops', 'shop'].map((name) => ({ name, expanded: true })),
    );
  });

  test('counts what it leaves out', () => {
    expect(whole.leftOut).toEqual({ open: 16, dns: 3 });
  });

  test('has a node for each workload in the frame of its namespace, and none for empty ones', () => {
    expect(whole.nodes.map(({ id, parent }) => [id, parent])).toEqual([
      ['ns:kube-system', null],
      ['kube-system/coredns[Pod]', 'ns:kube-system'],
      ['ns:ops', null],
      ['ops/agent[Pod]', 'ns:ops'],
      ['ops/prom[Pod]', 'ns:ops'],
      ['ns:shop', null],
      ['shop/api[Pod]', 'ns:shop'],
      ['shop/db[Pod]', 'ns:shop'],
      ['shop/web[Pod]', 'ns:shop'],
      ['range:203.0.113.0/24', null],
    ]);
  });

  test('says of each node whether it is isolated, and of what everybody reaches on which ports', () => {
    expect(node(whole, 'workload', 'shop/web[Pod]')).toMatchObject({
      label: 'web',
      ingress: 'isolated',
      egress: 'open',
      openTo: 'TCP 8080',
      hostNetwork: false,
    });
    expect(node(whole, 'workload', 'shop/db[Pod]')?.openTo).toBeNull();
    expect(node(whole, 'workload', 'ops/agent[Pod]')?.hostNetwork).toBe(true);
    expect(node(whole, 'namespace', 'ns:shop')).toMatchObject({
      collapsed: false,
      workloads: 3,
      pods: 3,
      inside: 2,
      ingress: 'isolated',
    });
  });

  test('sums up how many pods are isolated', () => {
    expect(whole.coverage).toEqual({ pods: 6, ingress: 4, egress: 0, both: 0 });
  });

  test('says where it is from', () => {
    expect(whole).toMatchObject({ ...CONTEXT, namespace: null });
  });
});

test('connections open on both sides are drawn when asked for', () => {
  const { edges, leftOut } = view({ showOpen: true });
  expect(leftOut).toEqual({ open: 0, dns: 3 });
  expect(edges.filter(({ basis }) => basis === 'open')).toHaveLength(16);
  expect(edges).toContainEqual({
    id: 'ops/prom[Pod]>shop/web[Pod]',
    source: 'ops/prom[Pod]',
    target: 'shop/web[Pod]',
    verdict: 'allowed',
    ports: 'TCP 8080',
    connections: 1,
    basis: 'open',
  });
});

test('so are name look-ups', () => {
  const asked = view({ showDns: true });
  expect(asked.leftOut.dns).toBe(0);
  expect(edgesOf(asked)).toContain('shop/db[Pod] > kube-system/coredns[Pod] TCP 53; UDP 53 dns');
});

test('a focus draws both around one workload', () => {
  const focused = view({ focus: 'shop/db[Pod]' });
  expect(edgesOf(focused).filter((edge) => !RULE_EDGES.includes(edge))).toEqual([
    'ops/agent[Pod] > shop/db[Pod] all open',
    'shop/db[Pod] > kube-system/coredns[Pod] TCP 53; UDP 53 dns',
    'shop/db[Pod] > ops/agent[Pod] all open',
    'shop/db[Pod] > ops/prom[Pod] all open',
    'shop/db[Pod] > shop/web[Pod] TCP 8080 open',
  ]);
  expect(focused.leftOut).toEqual({ open: 12, dns: 2 });
});

describe('collapsed namespaces', () => {
  test('stand for their workloads, and gather their edges', () => {
    const collapsed = view({ expanded: [], showOpen: true });
    expect(collapsed.nodes.map(({ id }) => id)).toEqual([
      'ns:kube-system',
      'ns:ops',
      'ns:shop',
      'range:203.0.113.0/24',
    ]);
    expect(edgesOf(collapsed)).toContain('ns:ops > ns:shop 3 sets of ports rules');
    expect(edgesOf(collapsed)).toContain('range:203.0.113.0/24 > ns:shop TCP 5432 rules');
    expect(collapsed.edges.find(({ id }) => id === 'ns:ops>ns:shop')?.connections).toBe(4);
    expect(collapsed.edges.some(({ source, target }) => source === target)).toBe(false);
    expect(node(collapsed, 'namespace', 'ns:shop')).toMatchObject({ collapsed: true, inside: 2 });
  });

  test('one of them alone', () => {
    const partly = view({ expanded: ['shop', 'nowhere'] });
    expect(edgesOf(partly)).toContain('ns:ops > shop/api[Pod] TCP 9090 rules');
    expect(partly.namespaces.filter(({ expanded }) => expanded)).toEqual([
      { name: 'shop', expanded: true },
    ]);
  });

  test('are what a cluster with many workloads begins with', () => {
    const objects = Array.from(
      { length: 101 },
      (_, i) => `{apiVersion: v1, kind: Pod, metadata: {name: p${i}, namespace: big}}`,
    ).join('\n---\n');
    const large = view({}, {}, { objects });
    expect(large.nodes.map(({ id }) => id)).toEqual([
      'ns:big',
      'ns:kube-system',
      'ns:ops',
      'ns:shop',
    ]);
    expect(node(large, 'namespace', 'ns:big')).toMatchObject({ workloads: 101, collapsed: true });
  });
});

describe('one namespace', () => {
  test('is drawn with its neighbours collapsed', () => {
    const shop = view({ namespace: 'shop' });
    expect(shop.namespace).toBe('shop');
    expect(shop.totals).toEqual({ namespaces: 1, workloads: 3, pods: 3 });
    expect(shop.nodes.map(({ id }) => id)).toEqual([
      'ns:ops',
      'ns:shop',
      'shop/api[Pod]',
      'shop/db[Pod]',
      'shop/web[Pod]',
      'range:203.0.113.0/24',
    ]);
    expect(shop.coverage).toEqual({ pods: 3, ingress: 3, egress: 0, both: 0 });
    expect(edgesOf(shop)).toContain('ns:ops > shop/api[Pod] TCP 9090 rules');
  });

  test('leaves out what is not its own', () => {
    const dns = view({ namespace: 'kube-system' });
    expect(dns.nodes.map(({ id }) => id)).toEqual(['ns:kube-system', 'kube-system/coredns[Pod]']);
    expect(dns.edges).toEqual([]);
    expect(dns.leftOut).toEqual({ open: 3, dns: 3 });
  });

  test('stays expanded whatever else is asked for', () => {
    const shop = view({ namespace: 'shop', expanded: ['ops'] });
    expect(edgesOf(shop)).toContain('ops/prom[Pod] > shop/api[Pod] TCP 9090 rules');
    expect(node(shop, 'workload', 'shop/web[Pod]')).toBeDefined();
  });

  test('that is empty is still there; one that does not exist is not', () => {
    expect(view({ namespace: 'default' }).nodes.map(({ id }) => id)).toEqual(['ns:default']);
    const { connectivity } = scenario(POLICIES);
    expect(graphView(connectivity, CONTEXT, { ...WHOLE, namespace: 'nowhere' })).toBeNull();
  });
});

describe('what is in doubt', () => {
  test('is an edge of its own kind', () => {
    const policies = {
      'shop/api':
        '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{ipBlock: {cidr: 10.0.1.10/32}}]}]}',
    };
    const doubtful = view({}, policies, { flags: { ipBlockMatchesPods: 'unknown' } });
    expect(doubtful.edges.find(({ id }) => id === 'shop/web[Pod]>shop/api[Pod]')).toMatchObject({
      verdict: 'unknown',
      ports: 'all',
      basis: 'rules',
    });
  });

  test('shows in the badges', () => {
    const policies = {
      'shop/bad': '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 0}]}]}',
    };
    const doubtful = view({}, policies);
    expect(node(doubtful, 'workload', 'shop/web[Pod]')).toMatchObject({
      ingress: 'unknown',
      egress: 'unknown',
    });
    expect(node(doubtful, 'namespace', 'ns:shop')?.ingress).toBe('unknown');
    expect(doubtful.coverage.ingress).toBe(0);
    expect(
      view({}, { 'shop/web': '{podSelector: {matchLabels: {app: web}}}' }).nodes,
    ).toContainEqual(expect.objectContaining({ id: 'ns:shop', ingress: 'mixed', egress: 'open' }));
  });
});

test('outside blocks are drawn as rules name them, in both directions', () => {
  const block = '{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 192.168.0.0/16]}}';
  const outside = view(
    {},
    {
      'shop/web': `{podSelector: {matchLabels: {app: web}}, ingress: [{from: [${block}]}], egress: [{to: [${block}], ports: [{port: 443}]}]}`,
      'shop/named':
        '{podSelector: {matchLabels: {app: db}}, egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: pg}]}]}',
    },
  );
  const id = 'range:0.0.0.0/0 except 10.0.0.0/8, 192.168.0.0/16';
  expect(outside.nodes.filter(({ kind }) => kind === 'outside').map((each) => each.id)).toEqual([
    id,
  ]);
  expect(edgesOf(outside)).toContain(`${id} > shop/web[Pod] all rules`);
  expect(edgesOf(outside)).toContain(`shop/web[Pod] > ${id} TCP 443 rules`);
});

describe('the outside world with policies that deny', () => {
  const policy = (rules: string) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: outward}
spec:
  tier: Admin
  priority: 1
  subject: {pods: {podSelector: {matchLabels: {app: web}}, namespaceSelector: {}}}
  egress: ${rules}
`;
  const outsideEdges = (rules: string) =>
    view({}, {}, { objects: policy(rules) })
      .edges.filter(({ target }) => target.startsWith('range:'))
      .map(({ target, verdict, ports }) => `${target} ${verdict} ${ports}`);
  const ACCEPT = '{action: Accept, to: [{networks: [203.0.113.0/24]}]}';

  test('draws a block that a rule accepts', () => {
    expect(outsideEdges(`[${ACCEPT}]`)).toEqual(['range:203.0.113.0/24 allowed all']);
  });

  test('draws none that an earlier rule denies', () => {
    const deny = '{action: Deny, to: [{networks: [203.0.112.0/20]}]}';
    expect(outsideEdges(`[${deny}, ${ACCEPT}]`)).toEqual([]);
  });

  test('CNP-21 draws domain names, and leaves them open', () => {
    const names = '{action: Accept, to: [{domainNames: ["*.example.com"]}]}';
    const deny = '{action: Deny, to: [{networks: [0.0.0.0/0]}]}';
    expect(outsideEdges(`[${names}, ${deny}]`)).toEqual(['range:*.example.com unknown all']);
  });
});

test('CIL-40 an edge says that rules look at the requests on it', () => {
  const objects = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: api}}
  ingress:
    - fromEndpoints: [{matchLabels: {app: web}}]
      toPorts: [{ports: [{port: "8081", protocol: TCP}], rules: {http: [{method: GET, path: /public}]}}]
    - fromEndpoints: [{matchLabels: {app: db}}]
      toPorts: [{ports: [{port: "8081", protocol: TCP}]}]
`;
  expect(edgesOf(view({}, {}, { objects, cni: 'cilium' }))).toEqual([
    'shop/db[Pod] > shop/api[Pod] TCP 8081 rules',
    'shop/web[Pod] > shop/api[Pod] TCP 8081 (L7) rules',
  ]);
});
