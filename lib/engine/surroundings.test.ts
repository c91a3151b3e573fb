import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

/** What stands around pods: DNS, the control plane, meshes, other addresses (GEN-6 … GEN-27). */

const only = (app: string, rule: string) => `{podSelector: {matchLabels: {app: ${app}}}, ${rule}}`;
const toApi = '{podSelector: {matchLabels: {app: api}}}';

describe('GEN-6 protocols without ports', () => {
  const through = (ports: string) =>
    scenario({
      'shop/api': only(
        'api',
        `ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]${ports}}]`,
      ),
    });

  test('pass where a rule has no ports', () => {
    expect(through('').answer('shop/web', 'shop/api').ports.allowed.other).toBe(true);
    expect(through('').answer('shop/db', 'shop/api').ports.allowed.other).toBe(false);
  });

  test('AMB-12 do not where it has some', () => {
    const { answer } = through(', ports: [{protocol: TCP}, {protocol: UDP}, {protocol: SCTP}]');
    expect(answer('shop/web', 'shop/api').ports.allowed.other).toBe(false);
  });
});

describe('GEN-11 a controller for what comes in is a source like others', () => {
  const controller = (hostNetwork: boolean, ip: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: controller, namespace: ops, labels: {app: ingress}}, spec: {nodeName: n1, hostNetwork: ${hostNetwork}, containers: [{name: main}]}, status: {podIPs: [{ip: ${ip}}]}}`;
  const fromOps = {
    'shop/api': only('api', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]'),
  };
  const fromNode = {
    'shop/api': only('api', 'ingress: [{from: [{ipBlock: {cidr: 192.168.0.1/32}}]}]'),
  };

  test('a pod is matched by its labels', () => {
    const { verdict } = scenario(fromOps, { objects: controller(false, '10.0.2.30') });
    expect(verdict('ops/controller', 'shop/api', 8081)).toBe('allowed');
    expect(verdict('kube-system/coredns', 'shop/api', 8081)).toBe('blocked');
  });

  test('one in its node’s network by the address of the node', () => {
    const objects = controller(true, '192.168.0.1');
    expect(scenario(fromOps, { objects }).verdict('ops/controller', 'shop/api', 8081)).toBe(
      'blocked',
    );
    expect(scenario(fromNode, { objects }).verdict('ops/controller', 'shop/api', 8081)).toBe(
      'allowed',
    );
  });
});

describe('GEN-12 names are resolved by pods, over UDP and TCP', () => {
  const web = (rules: string) => scenario({ 'shop/web': only('web', `egress: [${rules}]`) });
  const dns = (ports: string) =>
    `{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [${ports}]}`;

  test('without a rule to them no name is resolved', () => {
    const { verdict } = web(`{to: [${toApi}]}`);
    expect(verdict('shop/web', 'svc/kube-system/kube-dns', '53/UDP')).toBe('blocked');
  });

  test('each protocol needs a rule', () => {
    const { verdict } = web(dns('{protocol: UDP, port: 53}'));
    expect(verdict('shop/web', 'svc/kube-system/kube-dns', '53/UDP')).toBe('allowed');
    expect(verdict('shop/web', 'svc/kube-system/kube-dns', 53)).toBe('blocked');
  });

  test('for the port behind the Service', () => {
    const objects =
      '{apiVersion: v1, kind: Service, metadata: {name: kube-dns, namespace: kube-system}, spec: {clusterIPs: [10.96.0.10], selector: {k8s-app: kube-dns}, ports: [{port: 53, targetPort: 5353, protocol: UDP}]}}';
    const behind = (port: number) =>
      scenario(
        { 'shop/web': only('web', `egress: [${dns(`{protocol: UDP, port: ${port}}`)}]`) },
        { objects },
      ).verdict('shop/web', 'svc/kube-system/kube-dns', '53/UDP');
    expect(behind(5353)).toBe('allowed');
    expect(behind(53)).toBe('blocked');
  });
});

test('GEN-12a a cache on the node is an address, and no selector matches it', () => {
  const to = (peer: string) =>
    scenario({
      'shop/web': only('web', `egress: [{to: [${peer}], ports: [{protocol: UDP, port: 53}]}]`),
    }).verdict('shop/web', '169.254.20.10', '53/UDP');
  expect(to('{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}')).toBe(
    'blocked',
  );
  expect(to('{ipBlock: {cidr: 169.254.20.10/32}}')).toBe('allowed');
});

test('GEN-19 init containers and sidecars have the policies of their pod', () => {
  const objects =
    '{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {initContainers: [{name: first}, {name: beside, restartPolicy: Always}], containers: [{name: main}], ephemeralContainers: [{name: debug}]}, status: {podIPs: [{ip: 10.0.1.10}]}}';
  const closed = scenario({ 'shop/web': only('web', 'policyTypes: [Egress]') }, { objects });
  expect(closed.verdict('shop/web', '203.0.113.5', 443)).toBe('blocked');
  expect(scenario({}, { objects }).verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
});

test('GEN-21 an address on a further interface is none of the pod’s', () => {
  const networks = JSON.stringify(JSON.stringify([{ name: 'net1', ips: ['172.16.0.5'] }]));
  const objects = `{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}, annotations: {k8s.v1.cni.cncf.io/network-status: ${networks}}}, spec: {nodeName: n1, containers: [{name: main}]}, status: {podIPs: [{ip: 10.0.1.12}]}}`;
  const { verdict, answer } = scenario(
    { 'shop/db': only('db', 'policyTypes: [Ingress]') },
    { objects },
  );
  expect(verdict('shop/web', '10.0.1.12', 5432)).toBe('blocked');
  expect(answer('shop/web', '172.16.0.5', 5432).ingress.reason).toEqual({
    kind: 'outside',
  });
});

test('GEN-22 the API server as a source is the address it runs on', () => {
  const from = (peer: string) =>
    scenario({ 'shop/api': only('api', `ingress: [{from: [${peer}]}]`) }).verdict(
      '192.168.0.1',
      'shop/api',
      8081,
    );
  expect(from('{namespaceSelector: {}}')).toBe('blocked');
  expect(from('{ipBlock: {cidr: 192.168.0.1/32}}')).toBe('allowed');
});

test('GEN-23 a pod that calls the API server reaches its endpoints, not the Service’s address', () => {
  const to = (address: string, port: number) =>
    scenario({
      'shop/web': only(
        'web',
        `egress: [{to: [{ipBlock: {cidr: ${address}/32}}], ports: [{port: ${port}}]}]`,
      ),
    }).verdict('shop/web', 'svc/default/kubernetes', 443);
  expect(to('192.168.0.1', 6443)).toBe('allowed');
  expect(to('10.96.0.1', 443)).toBe('blocked');
});

test('GEN-24 what a mesh carries on its own port needs a rule for that port', () => {
  const on = (ports: string) =>
    scenario({
      'shop/api': only('api', `ingress: [{from: [{podSelector: {}}], ports: [${ports}]}]`),
    }).verdict('shop/web', 'shop/api', 15008);
  expect(on('{port: 8081}')).toBe('blocked');
  expect(on('{port: 8081}, {port: 15008}')).toBe('allowed');
});

test('GEN-26 a policy counts from the moment it is there', () => {
  const objects = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: new, namespace: shop, creationTimestamp: "${new Date().toISOString()}"}, spec: {}}`;
  expect(scenario({}, { objects }).verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  expect(scenario({}).verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
});

test('GEN-27 a pod whose address was rewritten is seen as its node', () => {
  const { verdict } = scenario({
    'shop/api': only('api', 'ingress: [{from: [{ipBlock: {cidr: 198.51.100.7/32}}]}]'),
  });
  // A pod of another cluster, behind the node 198.51.100.1.
  expect(verdict('198.51.100.7', 'shop/api', 8081)).toBe('allowed');
  expect(verdict('198.51.100.1', 'shop/api', 8081)).toBe('blocked');
});
