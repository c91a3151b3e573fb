import { describe, expect, test } from 'vitest';
import { calicoObject, gnp } from '#lib/testing/calico-cluster.ts';
import { findingsOf } from '#lib/testing/findings.ts';

/** Mistakes in policies of the plugins' own kinds: each, and what nearly is one. */

function cilium(spec: string, name = 'policy'): string {
  return `---\n{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: shop, name: ${name}}, spec: ${spec}}\n`;
}

const found = (id: string, spec: string, name = 'policy') =>
  findingsOf(id, {}, { cni: 'cilium', objects: cilium(spec, name) });

const WEB = 'endpointSelector: {matchLabels: {app: web}}';

test.each([
  [
    '{endpointSelector: {matchLabels: {pod-template-hash: abc}}, ingress: [{}]}',
    ['endpointSelector'],
  ],
  [
    '{endpointSelector: {}, egressDeny: [{toEndpoints: [{matchLabels: {"k8s:statefulset.kubernetes.io/pod-name": db-0}}]}]}',
    ['egressDeny', 0, 'toEndpoints', 0],
  ],
])('PIT-SEL-11 %s asks for a label that agents leave out', (spec, path) => {
  expect(found('PIT-SEL-11', spec)).toMatchObject([{ path: ['spec', ...path] }]);
});

test('PIT-SEL-11 not for labels that agents know, nor for NetworkPolicies of another plugin', () => {
  const known = `{endpointSelector: {matchLabels: {app.kubernetes.io/name: web, "k8s:io.kubernetes.pod.namespace": shop}}, ingress: [{}]}`;
  expect(found('PIT-SEL-11', known)).toEqual([]);
  const plain = { 'shop/hash': 'podSelector: {matchLabels: {pod-template-hash: abc}}' };
  expect(findingsOf('PIT-SEL-11', plain)).toEqual([]);
  expect(findingsOf('PIT-SEL-11', plain, { cni: 'cilium' })).toHaveLength(1);
});

test.each([
  ['ops', 1],
  ['shop', 0],
])('PIT-SEL-12 endpointSelector names the namespace %s: %i', (namespace, count) => {
  const selector = `{matchLabels: {"k8s:io.kubernetes.pod.namespace": ${namespace}}}`;
  const spec = `{endpointSelector: ${selector}, ingress: [{}]}`;
  expect(found('PIT-SEL-12', spec)).toHaveLength(count);
});

test.each([
  ['policy', 'ingress: [{}]', ['info']],
  ['allow-all', 'ingress: [{}]', ['warning']],
  ['deny-all', 'ingress: [{}], egress: [{}]', ['info', 'info']],
  ['policy', 'ingress: [{}, {fromEntities: [all]}]', []],
])('PIT-DIR-11 the policy %s with %s: %j', (name, rules, severities) => {
  const all = found('PIT-DIR-11', `{${WEB}, ${rules}}`, name);
  expect(all.map(({ severity }) => severity)).toEqual(severities);
});

test.each([
  ['ingress: []', 1],
  ['ingress: [{}]', 0],
  ['egressDeny: [{toEntities: [world]}]', 0],
])('PIT-DIR-12 %s: %i', (rules, count) => {
  expect(found('PIT-DIR-12', `{${WEB}, ${rules}}`)).toHaveLength(count);
});

test.each([
  ['ingress: [{}], enableDefaultDeny: {egress: true}', 1],
  ['ingress: [{}], enableDefaultDeny: {ingress: true}', 0],
  ['ingress: [{}], enableDefaultDeny: {egress: false}', 0],
])('PIT-DIR-13 %s: %i', (rules, count) => {
  expect(found('PIT-DIR-13', `{${WEB}, ${rules}}`)).toHaveLength(count);
});

describe('PIT-DIR-14', () => {
  const spec = (isolates: boolean) =>
    `{${WEB}, ingress: [{fromEndpoints: [{matchLabels: {app: api}}]}], enableDefaultDeny: {ingress: ${isolates}}}`;

  test('PIT-DIR-14 nothing else isolates the pods', () => {
    expect(found('PIT-DIR-14', spec(false))).toMatchObject([
      { path: ['spec', 'enableDefaultDeny', 'ingress'], message: expect.stringContaining('1 pod') },
    ]);
    expect(found('PIT-DIR-14', spec(true))).toEqual([]);
  });

  test('PIT-DIR-14 not where another policy isolates them', () => {
    const options = { cni: 'cilium', objects: cilium(spec(false)) };
    expect(findingsOf('PIT-DIR-14', { 'shop/all': 'podSelector: {}' }, options)).toEqual([]);
  });
});

describe('PIT-PORT-13', () => {
  const API = 'endpointSelector: {matchLabels: {app: api}}';
  const entry = (extra: string) =>
    `{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "8081", protocol: TCP}]${extra}}]}`;
  const get = entry(', rules: {http: [{method: GET}]}');

  test('PIT-PORT-13 a plain rule permits the same', () => {
    expect(found('PIT-PORT-13', `{${API}, ingress: [${get}, ${entry('')}]}`)).toMatchObject([
      { message: expect.stringContaining('“only HTTP GET” has no effect there') },
    ]);
    const options = { cni: 'cilium', objects: cilium(`{${API}, ingress: [${get}]}`) };
    const plain = '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8081}]}]}';
    expect(findingsOf('PIT-PORT-13', { 'shop/plain': plain }, options)).toHaveLength(1);
  });

  test('PIT-PORT-13 not where the plain rule is for another port or other pods', () => {
    const other = '{fromEndpoints: [{matchLabels: {app: db}}]}';
    const port =
      '{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "9090", protocol: TCP}]}]}';
    expect(found('PIT-PORT-13', `{${API}, ingress: [${get}, ${other}, ${port}]}`)).toEqual([]);
  });
});

function calico(spec: string, apiVersion = 'projectcalico.org/v3', kind = 'NetworkPolicy'): string {
  const namespace = kind === 'NetworkPolicy' ? 'namespace: shop, ' : '';
  return `---\n{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {${namespace}name: policy}, spec: ${spec}}\n`;
}

test.each([
  ['NetworkPolicy', "{notSelector: app == 'evil'}", 1],
  ['NetworkPolicy', "{notSelector: app == 'evil', namespaceSelector: all()}", 0],
  ['GlobalNetworkPolicy', "{notSelector: app == 'evil'}", 0],
])('PIT-SEL-13 the source of a %s is %s: %i', (kind, source, count) => {
  const spec = `{selector: all(), types: [Ingress], ingress: [{action: Allow, source: ${source}}]}`;
  const objects = calico(spec, 'projectcalico.org/v3', kind);
  expect(findingsOf('PIT-SEL-13', {}, { cni: 'calico', objects })).toHaveLength(count);
});

describe('PIT-SEL-14', () => {
  const HOST = calicoObject('HostEndpoint', 'n1-eth0', 'node: n1', 'role: host');
  const TIER = calicoObject('Tier', 'sec', 'order: 10, defaultAction: Pass');
  const selecting = (spec: string) =>
    findingsOf(
      'PIT-SEL-14',
      {},
      { cni: 'calico', objects: [HOST, TIER, gnp('p', spec)].join('\n---\n') },
    );
  const DENY = 'types: [Ingress], ingress: [{action: Deny, source: {nets: [203.0.113.0/24]}}]';

  test.each([
    ['selector: all(), types: [Ingress]', 'ingress by the end of the tier default'],
    ['selector: "!has(app) || app == \'web\'", types: [Egress]', 'egress by the end of the tier'],
    [`tier: sec, ${DENY}`, 'ingress by a rule'],
  ])('PIT-SEL-14 %s', (spec, how) => {
    expect(selecting(spec)).toMatchObject([
      {
        object: { kind: 'GlobalNetworkPolicy', name: 'p' },
        message: expect.stringContaining(
          `the host endpoint n1-eth0 beside pods, and denies ${how}`,
        ),
        related: [{ kind: 'HostEndpoint', name: 'n1-eth0' }],
        patch: expect.stringContaining('namespaceSelector: all()'),
      },
    ]);
  });

  test.each([
    ['it selects namespaces', `namespaceSelector: all(), ${DENY}`],
    ['it selects accounts', `serviceAccountSelector: all(), ${DENY}`],
    ['its selector does not match the host', `selector: "app == 'web'", ${DENY}`],
    ['it is for hosts alone', `selector: "role == 'host'", ${DENY}`],
    ['it asks for what pods have', `selector: "projectcalico.org/orchestrator == 'k8s'", ${DENY}`],
    ['it permits the rest', 'types: [Ingress], ingress: [{action: Allow}]'],
    ['the tier passes the rest on', 'tier: sec, types: [Ingress]'],
  ])('PIT-SEL-14 not where %s', (_, spec) => {
    expect(selecting(spec)).toEqual([]);
  });

  test('PIT-SEL-14 is not run where host endpoints may not be read', () => {
    const states = {
      'hostendpoints.projectcalico.org': { status: 'forbidden', message: 'no right' } as const,
    };
    expect(() => findingsOf('PIT-SEL-14', {}, { cni: 'calico', states })).toThrow('host-endpoints');
  });
});

test.each([
  ['crd.projectcalico.org/v1', '', 1],
  ['crd.projectcalico.org/v1', ', types: [Ingress]', 0],
  ['projectcalico.org/v3', '', 0],
])('PIT-DIR-15 %s with%s: %i', (apiVersion, types, count) => {
  const objects = calico(`{selector: all(), egress: [{action: Allow}]${types}}`, apiVersion);
  expect(findingsOf('PIT-DIR-15', {}, { cni: 'calico', objects })).toHaveLength(count);
});

test.each([
  ['NetworkPolicy', 1],
  ['StagedNetworkPolicy', 0],
])('PIT-SEL-3 what only previews protects nobody: %s: %i', (kind, count) => {
  const objects = `---\n{apiVersion: projectcalico.org/v3, kind: ${kind}, metadata: {namespace: ops, name: policy}, spec: {selector: all(), types: [Ingress]}}\n`;
  expect(findingsOf('PIT-SEL-3', {}, { cni: 'calico', objects })).toHaveLength(count);
});
