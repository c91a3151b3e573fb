import { describe, expect, test } from 'vitest';
import type { PortSet } from '#lib/model/port-set.ts';
import { calicoCluster, gnp } from '#lib/testing/calico-cluster.ts';
import type { WrittenPort } from '#lib/testing/scenario.ts';

/** What of a connection rules match beside its ends (CAL-28, CAL-31 … CAL-34, CAL-45, CAL-46). */

/** What passes from prom to web when a policy on web has one rule with these fields. */
function toWeb(fields: string, action = 'Allow', after = '') {
  const rule = `{action: ${action}, ${fields}}`;
  return calicoCluster([gnp('p', `selector: "app == 'web'", ingress: [${rule}${after}]`)]);
}

const ask = (fields: string, port: WrittenPort) =>
  toWeb(fields).verdict('ops/prom', 'shop/web', port);

/** Whether protocols without ports pass: what no question can name. */
function portless(fields: string): Pick<PortSet, 'icmp' | 'other'>[] {
  const { ports } = toWeb(fields).answer('ops/prom', 'shop/web');
  return [ports.allowed, ports.unknown].map(({ icmp, other }) => ({ icmp, other }));
}

describe('CAL-28 ports', () => {
  test.each<[string, WrittenPort, string]>([
    ['protocol: TCP, destination: {ports: [80]}', 80, 'allowed'],
    ['protocol: TCP, destination: {ports: [80]}', 81, 'blocked'],
    ['protocol: TCP, destination: {ports: [80]}', '80/UDP', 'blocked'],
    ['protocol: TCP, destination: {ports: ["80"]}', 80, 'allowed'],
    ['protocol: TCP, destination: {ports: [80, "8000:8100"]}', 8000, 'allowed'],
    ['protocol: TCP, destination: {ports: [80, "8000:8100"]}', 8100, 'allowed'],
    ['protocol: TCP, destination: {ports: [80, "8000:8100"]}', 8101, 'blocked'],
    ['protocol: TCP, destination: {ports: [http]}', 8080, 'allowed'],
    ['protocol: TCP, destination: {ports: [http]}', 80, 'blocked'],
    ['protocol: UDP, destination: {ports: [http]}', '8080/UDP', 'blocked'],
    ['protocol: TCP, destination: {notPorts: [80]}', 80, 'blocked'],
    ['protocol: TCP, destination: {notPorts: [80]}', 81, 'allowed'],
    ['protocol: TCP, destination: {notPorts: [http]}', 8080, 'blocked'],
    ['protocol: TCP, destination: {ports: ["1:100"], notPorts: ["50:60"]}', 55, 'blocked'],
    ['protocol: TCP, destination: {ports: ["1:100"], notPorts: ["50:60"]}', 61, 'allowed'],
    ['protocol: SCTP, destination: {ports: [80]}', '80/SCTP', 'allowed'],
  ])('{%s} at %s: %s', (fields, port, expected) => {
    expect(ask(fields, port)).toBe(expected);
  });

  test('of the source are not known', () => {
    const { verdict, causes } = toWeb('protocol: TCP, source: {ports: ["1024:65535"]}');
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    expect(causes('ops/prom', 'shop/web', 80)).toMatchObject([
      { kind: 'condition', path: ['spec', 'ingress', 0, 'source', 'ports'] },
    ]);
    expect(verdict('ops/prom', 'shop/web', '80/UDP')).toBe('blocked');
    const both = toWeb('protocol: TCP, source: {ports: [53]}', 'Deny', ', {action: Deny}');
    expect(both.verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  });

  test('of egress are those of the other end', () => {
    const { verdict } = calicoCluster([
      gnp(
        'p',
        `selector: "app == 'web'", egress: [{action: Allow, protocol: TCP, destination: {ports: [http, 5432]}}]`,
      ),
    ]);
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
    expect(verdict('shop/web', 'shop/api', 8080)).toBe('blocked');
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  });
});

test('CAL-45 named ports are those of init containers as well', () => {
  const pod =
    '{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {nodeName: n1, initContainers: [{name: init, ports: [{name: setup, containerPort: 9999}]}], containers: [{name: main}]}, status: {phase: Running, podIPs: [{ip: 10.0.1.10}]}}';
  const { verdict } = calicoCluster([
    pod,
    gnp(
      'p',
      `selector: "app == 'web'", ingress: [{action: Allow, protocol: TCP, destination: {ports: [setup]}}]`,
    ),
  ]);
  expect(verdict('ops/prom', 'shop/web', 9999)).toBe('allowed');
  expect(verdict('ops/prom', 'shop/web', 9998)).toBe('blocked');
});

test('CAL-46 endPort, SCTP and except of NetworkPolicies are honoured', () => {
  const { verdict } = calicoCluster([], {
    'shop/p': `
podSelector: {matchLabels: {app: web}}
ingress:
  - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.1.0/24]}}]
    ports: [{port: 8000, endPort: 8090}, {protocol: SCTP, port: 7}]
`,
  });
  expect(verdict('ops/prom', 'shop/web', 8090)).toBe('allowed');
  expect(verdict('ops/prom', 'shop/web', 8091)).toBe('blocked');
  expect(verdict('ops/prom', 'shop/web', '7/SCTP')).toBe('allowed');
  expect(verdict('shop/api', 'shop/web', 8000)).toBe('blocked');
});

describe('CAL-31 protocols', () => {
  const NEITHER = { icmp: false, other: false };

  test.each<[string, WrittenPort, string]>([
    ['protocol: TCP', 80, 'allowed'],
    ['protocol: TCP', '80/UDP', 'blocked'],
    ['protocol: tcp', 80, 'allowed'],
    ['protocol: 6', 80, 'allowed'],
    ['protocol: "17"', '80/UDP', 'allowed'],
    ['protocol: 132', '80/SCTP', 'allowed'],
    ['notProtocol: TCP', 80, 'blocked'],
    ['notProtocol: TCP', '80/UDP', 'allowed'],
    ['protocol: ICMP', 80, 'blocked'],
    ['protocol: UDPLite', 80, 'blocked'],
  ])('{%s} at %s: %s', (fields, port, expected) => {
    expect(ask(fields, port)).toBe(expected);
  });

  test.each([
    ['', { icmp: true, other: true }, NEITHER],
    ['protocol: TCP', NEITHER, NEITHER],
    ['notProtocol: TCP', { icmp: true, other: true }, NEITHER],
    ['protocol: ICMP', { icmp: true, other: false }, NEITHER],
    ['protocol: 1', { icmp: true, other: false }, NEITHER],
    ['notProtocol: ICMP', { icmp: false, other: true }, NEITHER],
    ['protocol: UDPLite', NEITHER, { icmp: false, other: true }],
    ['protocol: 47', NEITHER, { icmp: false, other: true }],
    ['notProtocol: 47', { icmp: true, other: false }, { icmp: false, other: true }],
    // CAL-32: ICMPv6 is of IP version 6, which these pods do not have.
    ['protocol: ICMPv6', NEITHER, NEITHER],
    ['protocol: ICMP, icmp: {type: 8}', NEITHER, { icmp: true, other: false }],
    ['protocol: ICMP, icmp: {}', { icmp: true, other: false }, NEITHER],
    ['protocol: ICMP, notICMP: {type: 8, code: 0}', NEITHER, { icmp: true, other: false }],
  ])('CAL-32 {%s}: %j surely, %j perhaps', (fields, surely, perhaps) => {
    expect(portless(fields)).toEqual([surely, perhaps]);
  });

  test('CAL-32 notICMP without the protocol leaves the rule open', () => {
    expect(ask('notICMP: {type: 8}', 80)).toBe('unknown');
  });
});

test('CAL-34 what http asks of requests is told, and opens the connection', () => {
  const { verdict, answer } = toWeb('protocol: TCP, http: {methods: [GET], paths: [{prefix: /a}]}');
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  expect(verdict('ops/prom', 'shop/web', '80/UDP')).toBe('blocked');
  const [policy] = answer('ops/prom', 'shop/web', 80).ingress.considered;
  expect(policy?.rules[0]?.qualifiers).toMatchObject([
    { kind: 'http', path: ['spec', 'ingress', 0, 'http'] },
  ]);
});
