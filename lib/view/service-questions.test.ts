import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';
import type { ExplanationView } from './explanation-view.ts';

/** Questions whose connections are led on: by Services, nodes, name servers (GEN-7 … GEN-12a, GEN-22, GEN-23). */

function partsOf({ parts }: ExplanationView): readonly string[] {
  const name = (end: ExplanationView['parts'][number]['from']) => {
    if (end.kind === 'node') return `${end.name} ${end.address}`;
    return end.kind === 'addresses' ? end.label : end.ref.name;
  };
  return parts.map(
    ({ from, to, port, answer }) =>
      `${name(from)} → ${name(to)} ${port?.protocol} ${port?.port}: ${answer.verdict}`,
  );
}

const notesOf = ({ notes }: ExplanationView) => notes.map(({ kind }) => kind);
const service = (spec: string, name = 's') =>
  `---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: shop}, spec: ${spec}}\n`;
const slice = (name: string, rest: string) =>
  `---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${name}, namespace: shop, labels: {kubernetes.io/service-name: s}}, ${rest}}\n`;
const letIn = (app: string, from: string) => ({
  [`shop/${app}`]: `{podSelector: {matchLabels: {app: ${app}}}, ingress: [${from}]}`,
});

describe('a Service', () => {
  test('GEN-7 is its pods on the target port, dialled by name or by address', () => {
    const on = (port: number) => scenario(letIn('api', `{ports: [{port: ${port}}]}`));
    expect(partsOf(on(8081).explain('shop/web', '10.96.0.11', 80))).toEqual([
      'web → api TCP 8081: allowed',
    ]);
    expect(on(80).verdict('shop/web', '10.96.0.11', 80)).toBe('blocked');
  });

  const TWO = `
apiVersion: v1
kind: Pod
metadata: {name: api-2, namespace: shop, labels: {app: api, closed: "yes"}}
spec: {nodeName: n1, containers: [{name: main, ports: [{name: http, containerPort: 9999}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.21}]}
`;

  test('GEN-8 is mixed where its backends differ, each on its own port of that name', () => {
    const closed = { 'shop/closed': '{podSelector: {matchLabels: {closed: "yes"}}}' };
    const view = scenario(closed, { objects: TWO }).explain('shop/web', 'svc/shop/api', 80);
    expect(view.verdict).toBe('mixed');
    expect(partsOf(view)).toEqual(['web → api TCP 8081: allowed', 'web → api-2 TCP 9999: blocked']);
  });

  test('GEN-9 without a selector has the addresses and ports of all its slices', () => {
    const objects =
      service('{ports: [{name: web, port: 80, targetPort: 1}, {name: admin, port: 81}]}') +
      slice(
        's-1',
        'addressType: IPv4, ports: [{name: web, port: 5432}], endpoints: [{addresses: [10.0.1.12]}]',
      ) +
      slice(
        's-2',
        'addressType: IPv4, ports: [{name: web, port: 8443}], endpoints: [{addresses: [203.0.113.5]}, {addresses: [203.0.113.6], conditions: {ready: false}}]',
      );
    const { explain, ask } = scenario(letIn('db', '{ports: [{port: 80}]}'), { objects });
    expect(partsOf(explain('shop/web', 'svc/shop/s', 80))).toEqual([
      'web → db TCP 5432: blocked',
      'web → 203.0.113.5 TCP 8443: allowed',
    ]);
    // No slice has this port.
    expect(ask('shop/web', 'svc/shop/s', 81)).toMatchObject({ ok: false, parameter: 'port' });
  });

  test('GEN-9 that leads to a name is unknown, whatever policies say', () => {
    const closed = { 'shop/closed': 'policyTypes: [Egress]' };
    const external = service('{type: ExternalName, externalName: db.example}');
    const named =
      service('{ports: [{port: 80}]}') +
      slice(
        's-1',
        'addressType: FQDN, ports: [{port: 80}], endpoints: [{addresses: [db.example]}]',
      );
    for (const objects of [external, named]) {
      const view = scenario(closed, { objects }).explain('shop/web', 'svc/shop/s', 80);
      expect([view.verdict, view.service?.hostNames]).toEqual(['unknown', ['db.example']]);
    }
  });

  test('GEN-9 that is headless leads to the port that is dialled', () => {
    const objects = service(
      '{clusterIP: None, selector: {app: api}, ports: [{port: 80, targetPort: 8081}]}',
    );
    const { explain } = scenario(letIn('api', '{ports: [{port: 8081}]}'), { objects });
    expect(partsOf(explain('shop/web', 'svc/shop/s', 80))).toEqual(['web → api TCP 80: blocked']);
  });

  test.each<[string, ExplanationView['verdict']]>([
    ['kubernetes', 'unknown'],
    ['cilium', 'allowed'],
    ['calico', 'blocked'],
  ])('AMB-10 GEN-17 that leads a pod back to itself is %s’s affair: %s', (cni, verdict) => {
    const closed = { 'shop/closed': '{podSelector: {matchLabels: {app: api}}}' };
    expect(scenario(closed, { cni }).verdict('shop/api', 'svc/shop/api', 80)).toBe(verdict);
  });

  test('AMB-21 GEN-20 of both families leads to the pod by either', () => {
    const objects = service(
      '{clusterIPs: [10.96.0.50, "fd00::50"], selector: {app: api}, ports: [{port: 80, targetPort: 8081}]}',
    );
    const { explain } = scenario({}, { objects });
    for (const address of ['10.96.0.50', 'fd00::50'])
      expect(partsOf(explain('shop/web', address, 80))).toEqual(['web → api TCP 8081: allowed']);
  });

  test('AMB-15 that keeps pods to their own node says so, and nothing else', () => {
    const spec = (policy: string) =>
      service(`{selector: {app: api}, ports: [{port: 80}], internalTrafficPolicy: ${policy}}`);
    const ask = (policy: string) =>
      scenario({}, { objects: spec(policy) }).explain('shop/web', 'svc/shop/s', 80);
    expect([ask('Local').verdict, notesOf(ask('Local'))]).toEqual([
      'allowed',
      ['same-node-backends'],
    ]);
    expect(notesOf(ask('Cluster'))).toEqual([]);
  });
});

describe('AWS-2 on EKS', () => {
  const egress = (rule: string) => ({
    'shop/web': `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{${rule}}]}`,
  });
  const ask = (rule: string, to = 'svc/shop/api') =>
    scenario(egress(rule), { cni: 'aws' }).explain(
      'shop/web',
      to,
      to === 'svc/shop/api' ? 80 : 443,
    );
  const TO_API = 'to: [{podSelector: {matchLabels: {app: api}}}]';

  test('a rule has to list the port of the Service', () => {
    expect(ask(`${TO_API}, ports: [{port: 8081}]`).verdict).toBe('blocked');
    const view = ask(`${TO_API}, ports: [{port: 80}]`);
    expect([view.verdict, partsOf(view), notesOf(view)]).toEqual([
      'allowed',
      ['web → api TCP 8081: allowed'],
      ['egress-before-translation'],
    ]);
    expect(ask(TO_API).verdict).toBe('allowed');
    expect(
      scenario(egress(`${TO_API}, ports: [{port: 8081}]`)).verdict('shop/web', 'svc/shop/api', 80),
    ).toBe('allowed');
  });

  test('ingress sees the port of the pod', () => {
    const on = (port: number) =>
      scenario(letIn('api', `{ports: [{port: ${port}}]}`), { cni: 'aws' }).verdict(
        'shop/web',
        'svc/shop/api',
        80,
      );
    expect([on(8081), on(80)]).toEqual(['allowed', 'blocked']);
  });

  test('NP-34 GEN-23 a Service without a selector is its own address', () => {
    const block = (address: string) => `to: [{ipBlock: {cidr: ${address}/32}}]`;
    expect(ask(block('10.96.0.1'), 'api-server').verdict).toBe('allowed');
    expect(ask(block('192.168.0.1'), 'api-server').verdict).toBe('blocked');
  });
});

describe('GEN-10 AMB-11 from outside to a Service', () => {
  const objects = (policy: string, type = 'NodePort') =>
    service(
      `{type: ${type}, selector: {app: api}, ports: [{port: 80, targetPort: 8081}], externalTrafficPolicy: ${policy}}`,
    );
  const clients = letIn('api', '{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}');
  const ask = (policies: Readonly<Record<string, string>>, options: ScenarioOptions) =>
    scenario(policies, options).explain('203.0.113.7', 'svc/shop/s', 80);

  test('Local keeps the address of the client', () => {
    const view = ask(clients, { objects: objects('Local') });
    expect([view.verdict, view.notes]).toEqual([
      'allowed',
      [{ kind: 'source-address', trafficPolicy: 'Local', nodes: 'left-open' }],
    ]);
  });

  test('Cluster may give it a node’s: both are answered, and unknown where they differ', () => {
    const view = ask(clients, { objects: objects('Cluster') });
    expect(view.verdict).toBe('unknown');
    expect(partsOf(view)).toEqual([
      '203.0.113.7 → api TCP 8081: allowed',
      'n1 192.168.0.1 → api TCP 8081: blocked',
      // The pod's own node always reaches it (GEN-14).
      'n2 192.168.0.2 → api TCP 8081: allowed',
    ]);
  });

  test('Cluster changes nothing where everybody is let in', () => {
    expect(ask({}, { objects: objects('Cluster', 'LoadBalancer') }).verdict).toBe('allowed');
  });

  test('Cluster is unknown where the nodes are', () => {
    const states = { nodes: { status: 'forbidden', message: '' } } as const;
    expect(ask({}, { objects: objects('Cluster'), states }).verdict).toBe('unknown');
  });

  test('that has no address there is said to have none', () => {
    const view = ask(clients, { objects: objects('Cluster', 'ClusterIP') });
    expect(notesOf(view)).toEqual(['no-way-in']);
  });
});

describe('a node', () => {
  test('is asked for by its name, in either direction', () => {
    const { explain } = scenario({ 'shop/closed': '{}' });
    expect(partsOf(explain('node/n2', 'shop/db', 5432))).toEqual([
      'n2 192.168.0.2 → db TCP 5432: blocked',
    ]);
    expect(partsOf(explain('node/n1', 'shop/db', 5432))).toEqual([
      'n1 192.168.0.1 → db TCP 5432: allowed',
    ]);
    expect(partsOf(explain('shop/web', 'node/n2', 22))).toEqual([
      'web → n2 192.168.0.2 TCP 22: allowed',
    ]);
  });

  test('that is not there is not found', () => {
    expect(scenario({}).ask('node/n9', 'shop/db')).toEqual({
      ok: false,
      parameter: 'from',
      message: 'there is no node n9',
    });
  });
});

describe('the API server', () => {
  test('GEN-23 is its endpoints, behind its Service', () => {
    const to = (address: string) =>
      scenario({
        'shop/web': `egress: [{to: [{ipBlock: {cidr: ${address}/32}}], ports: [{port: 6443}]}]`,
      });
    expect(partsOf(to('192.168.0.1').explain('shop/web', 'api-server'))).toEqual([
      'web → n1 192.168.0.1 TCP 6443: allowed',
    ]);
    expect(to('10.96.0.1').verdict('shop/web', 'api-server')).toBe('blocked');
  });

  const MANAGED =
    '---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}, addressType: IPv4, endpoints: [{addresses: [198.51.100.1]}]}\n';

  test('GEN-22 comes from the addresses of its nodes, which no selector matches', () => {
    const policies = letIn('api', '{from: [{namespaceSelector: {}}]}');
    const view = scenario(policies).explain('api-server', 'shop/api', 8081);
    expect([view.verdict, notesOf(view)]).toEqual(['blocked', ['control-plane-source']]);
  });

  test('GEN-22 CIL-31 of a managed control plane may come from anywhere', () => {
    const blocked = letIn('api', '{from: [{ipBlock: {cidr: 198.51.100.1/32}}]}');
    const ask = (policies: Readonly<Record<string, string>>) =>
      scenario(policies, { objects: MANAGED }).verdict('api-server', 'shop/api', 8081);
    expect(ask(blocked)).toBe('unknown');
    expect(ask({})).toBe('allowed');
  });
});

describe('name servers', () => {
  const egress = (rule: string) => ({
    'shop/web': `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [${rule}]}`,
  });
  const DNS_PODS = 'to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]';

  test('GEN-12 need UDP and TCP to the pods behind their Service', () => {
    const ask = (rule: string) => scenario(egress(rule)).explain('shop/web', 'dns');
    expect(ask('{to: [{podSelector: {}}]}').verdict).toBe('blocked');
    expect(ask(`{${DNS_PODS}}`).verdict).toBe('allowed');
    const half = ask(`{${DNS_PODS}, ports: [{port: 53, protocol: UDP}]}`);
    expect([half.verdict, partsOf(half)]).toEqual([
      'mixed',
      ['web → coredns UDP 53: allowed', 'web → coredns TCP 53: blocked'],
    ]);
  });

  const CACHE = `
apiVersion: v1
kind: Pod
metadata: {name: node-local-dns, namespace: kube-system, labels: {k8s-app: node-local-dns}}
spec: {nodeName: n1, hostNetwork: true, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 192.168.0.1}]}
`;

  test('GEN-12a with caches on nodes need those to be permitted as well', () => {
    const ask = (rule: string) =>
      scenario(egress(rule), { objects: CACHE }).explain('shop/web', 'dns');
    const podsOnly = ask(`{${DNS_PODS}}`);
    expect([podsOnly.verdict, notesOf(podsOnly)]).toEqual(['unknown', ['dns-cache']]);
    expect(partsOf(podsOnly)).toEqual([
      'web → coredns UDP 53: allowed',
      'web → coredns TCP 53: allowed',
      'web → n1 169.254.20.10 UDP 53: blocked',
      'web → n1 169.254.20.10 TCP 53: blocked',
    ]);
    expect(ask(`{${DNS_PODS}}, {to: [{ipBlock: {cidr: 169.254.20.10/32}}]}`).verdict).toBe(
      'allowed',
    );
  });
});
