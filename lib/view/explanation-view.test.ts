import { describe, expect, test } from 'vitest';
import { formatPath } from '#lib/model/problem.ts';
import { type Scenario, type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';
import { explanationView } from './explanation-builder.ts';
import type { ExplanationView } from './explanation-view.ts';

/** "Can A reach B, and why?", as it is typed and as it is shown. */

/** `web → api TCP/8081: allowed`, a part each, with how many pairs it stands for. */
function partsOf({ parts }: ExplanationView): readonly string[] {
  const name = (view: ExplanationView['parts'][number]['from']) =>
    view.kind === 'addresses' ? view.label : view.kind === 'node' ? view.name : view.ref.name;
  return parts.map(
    ({ from, to, port, pairs, answer }) =>
      `${name(from)} → ${name(to)} ${port === null ? 'any' : `${port.protocol}/${port.port}`} ×${pairs}: ${answer.verdict}`,
  );
}

function refusal({ ask }: Scenario, ...question: Parameters<Scenario['ask']>): string {
  const explained = ask(...question);
  return explained.ok ? 'explained' : `${explained.parameter}: ${explained.message}`;
}

const WITH_SERVICE = (spec: string, more = ''): ScenarioOptions => ({
  objects: `{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: ${spec}}${more}`,
});

describe('a Service as destination', () => {
  test('leads to its target port, by number', () => {
    const { explain } = scenario(
      {},
      WITH_SERVICE('{selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}'),
    );
    const view = explain('shop/web', 'svc/shop/s', 80);
    expect(partsOf(view)).toEqual(['web → db TCP/5432 ×1: allowed']);
    expect(view.service).toMatchObject({
      namespace: 'shop',
      name: 's',
      port: 'TCP 80',
      targets: '5432',
    });
    expect(view.asked).toEqual({
      from: 'shop/web',
      to: 'svc/shop/s',
      port: { protocol: 'TCP', port: 80 },
    });
  });

  test('by name, of the right protocol', () => {
    const { explain } = scenario({});
    const view = explain('shop/web', 'svc/kube-system/kube-dns', '53/UDP');
    expect(partsOf(view)).toEqual(['web → coredns UDP/53 ×1: allowed']);
    expect(partsOf(explain('shop/web', 'svc/shop/api', 80))).toEqual([
      'web → api TCP/8081 ×1: allowed',
    ]);
    expect(explain('shop/web', 'svc/shop/api', 80).service?.targets).toBe('http');
  });

  test('to the same port where none is named', () => {
    const { explain } = scenario({}, WITH_SERVICE('{selector: {app: db}, ports: [{port: 5432}]}'));
    expect(partsOf(explain('shop/web', 'svc/shop/s', 5432))).toEqual([
      'web → db TCP/5432 ×1: allowed',
    ]);
  });

  test('of one port needs none to be asked, of several it does', () => {
    const { explain } = scenario({});
    expect(partsOf(explain('shop/web', 'svc/shop/api'))).toEqual([
      'web → api TCP/8081 ×1: allowed',
    ]);
    expect(refusal(scenario({}), 'shop/web', 'svc/kube-system/kube-dns')).toBe(
      'port: say which port of service svc/kube-system/kube-dns: UDP/53 (dns), TCP/53 (dns-tcp)',
    );
    expect(partsOf(explain('shop/web', 'svc/kube-system/kube-dns', 'dns-tcp'))).toEqual([
      'web → coredns TCP/53 ×1: allowed',
    ]);
  });

  test('is refused on a port that it does not have', () => {
    expect(refusal(scenario({}), 'shop/web', 'svc/shop/api', 8081)).toBe(
      'port: say which port of service svc/shop/api: TCP/80',
    );
    expect(refusal(scenario({}), 'shop/web', 'svc/shop/api', '80/UDP')).toMatch(/^port: /);
  });

  test('whose backends have no such named port has nowhere to lead', () => {
    const options = WITH_SERVICE(
      '{selector: {app: prom}, ports: [{port: 80, targetPort: http}]}'.replace('prom', 'db'),
    );
    expect(refusal(scenario({}, options), 'shop/web', 'svc/shop/s', 80)).toBe(
      'port: svc/shop/s has no port named http',
    );
  });

  test('that is headless leads to the port that is dialled', () => {
    const { explain } = scenario(
      {},
      WITH_SERVICE('{clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}'),
    );
    const view = explain('shop/web', 'svc/shop/s', 80);
    expect(partsOf(view)).toEqual(['web → db TCP/80 ×1: allowed']);
    expect(view.service?.targets).toBe('unchanged');
    expect(partsOf(explain('shop/web', 'svc/shop/s'))).toEqual(['web → db any ×1: allowed']);
  });

  const SLICES = ['IPv4', 'IPv6']
    .map((family, i) => {
      const addresses = i === 0 ? ['10.0.6.1', '10.0.6.2'] : ['fd00::6:1', 'fd00::6:2'];
      const endpoints = addresses.map((address) => `{addresses: ["${address}"]}`).join(', ');
      return `\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-${i}, namespace: shop, labels: {kubernetes.io/service-name: s}}, addressType: ${family}, endpoints: [${endpoints}]}`;
    })
    .join('');
  const DUAL_PODS = [1, 2]
    .map(
      (n) =>
        `\n---\n{apiVersion: v1, kind: Pod, metadata: {name: s-${n}, namespace: shop, ownerReferences: [{kind: StatefulSet, name: s, controller: true}]}, status: {phase: Running, podIPs: [{ip: 10.0.6.${n}}, {ip: "fd00::6:${n}"}]}}`,
    )
    .join('');

  test('with an endpoint of each family for a pod has the pod once', () => {
    const { explain } = scenario({}, WITH_SERVICE('{ports: [{port: 80}]}', SLICES + DUAL_PODS));
    const view = explain('shop/web', 'svc/shop/s', 80);
    expect(partsOf(view)).toEqual(['web → s TCP/80 ×2: allowed']);
    expect(view.parts[0]?.to).toMatchObject({ kind: 'workload', pods: 2 });
  });

  test('asked from several pods counts each of its own once', () => {
    const { explain } = scenario({}, WITH_SERVICE('{ports: [{port: 80}]}', SLICES + DUAL_PODS));
    const view = explain('svc/shop/s', 'svc/shop/api', 80);
    expect(view.parts[0]).toMatchObject({ pairs: 2, from: { pods: 2 }, to: { kind: 'pod' } });
    const both = explain('10.0.6.0/30', '10.0.6.0/30', 80).parts.filter(
      ({ from, to }) => from.kind === 'workload' && to.kind === 'workload',
    );
    // Each of the two reaches the other, and itself by another reason.
    expect(both.map(({ pairs, from, to }) => [pairs, from, to])).toMatchObject([
      [2, { pods: 2 }, { pods: 2 }],
      [2, { pods: 2 }, { pods: 2 }],
    ]);
  });
});

describe('a named port', () => {
  test('is the destination’s', () => {
    const { explain } = scenario({ 'shop/api': 'ingress: [{ports: [{port: 9090}]}]' });
    const view = explain('shop/web', 'shop/api', 'metrics');
    expect(partsOf(view)).toEqual(['web → api TCP/9090 ×1: allowed']);
    expect(view.asked.port).toEqual({ protocol: 'TCP', port: 9090 });
    expect(partsOf(explain('shop/web', 'shop/api', 'http'))).toEqual([
      'web → api TCP/8081 ×1: blocked',
    ]);
  });

  test('that it does not have is refused', () => {
    expect(refusal(scenario({}), 'shop/web', 'shop/db', 'http')).toBe(
      'port: shop/db has no port named http',
    );
    expect(refusal(scenario({}), 'shop/web', '203.0.113.5', 'https')).toBe(
      'port: 203.0.113.5 has no port named https',
    );
  });
});

test('the parameter at fault is named', () => {
  expect(refusal(scenario({}), 'shop/nobody', 'shop/web', 80)).toMatch(/^from: /);
  expect(refusal(scenario({}), 'shop/web', 'nowhere/web', 80)).toMatch(/^to: /);
});

describe('ends in parts', () => {
  const TWO = `
{apiVersion: v1, kind: Pod, metadata: {name: d-1, namespace: shop, labels: {v: "1"}, ownerReferences: [{kind: StatefulSet, name: d, controller: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: d-2, namespace: shop, labels: {v: "2"}, ownerReferences: [{kind: StatefulSet, name: d, controller: true}]}}
`;

  test('a workload whose pods differ is mixed', () => {
    const { explain } = scenario(
      { 'shop/one': 'podSelector: {matchLabels: {v: "1"}}' },
      { objects: TWO },
    );
    const view = explain('ops/prom', 'shop/d', 80);
    expect(view.verdict).toBe('mixed');
    expect(partsOf(view)).toEqual(['prom → d TCP/80 ×1: blocked', 'prom → d TCP/80 ×1: allowed']);
  });

  test('one whose pods get the same answer is one part, with all pairs', () => {
    const { explain } = scenario({}, { objects: TWO });
    const view = explain('shop/d', 'ops/prom', 80);
    expect(view.verdict).toBe('allowed');
    expect(partsOf(view)).toEqual(['d → prom TCP/80 ×2: allowed']);
  });

  test('a block is cut where rules cut it', () => {
    const { explain } = scenario({
      'shop/web': 'egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]',
    });
    const view = explain('shop/web', '203.0.112.0/22', 443);
    expect(view.verdict).toBe('mixed');
    expect(partsOf(view)).toEqual([
      'web → 203.0.112.0/24, 203.0.114.0/23 TCP/443 ×2: blocked',
      'web → 203.0.113.0/24 TCP/443 ×1: allowed',
    ]);
  });
});

describe('documents', () => {
  const { connectivity } = scenario({
    'shop/api':
      '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 8081}]}]}',
    'shop/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{}]}',
    'shop/db': 'podSelector: {matchLabels: {app: db}}',
  });
  const asked: string[] = [];
  const explained = explanationView(
    connectivity,
    { cluster: 'fixture', revision: 1, readAt: null },
    { from: 'shop/web', to: 'shop/api', port: { protocol: 'TCP', port: 8081 } },
    (key) => {
      asked.push(key);
      return {
        text: key,
        writtenAt: null,
        lines: (path) => (path.length > 3 ? [path.length, 9] : null),
      };
    },
  );
  const documents = explained.ok ? explained.view.documents : [];

  test('are those of the policies that were considered, by key', () => {
    expect(documents.map(({ policy }) => policy.name)).toEqual(['api', 'web']);
    expect(asked).toEqual(documents.map(({ key }) => key));
  });

  test('have the lines of every field that a reason points at', () => {
    const path = ['spec', 'ingress', 0];
    expect(documents[0]?.lines).toEqual({
      [formatPath([...path, 'from', 0])]: [5, 9],
      [formatPath([...path, 'ports', 0])]: [5, 9],
    });
  });

  test('say what their rules are, and their notes', () => {
    expect(documents[0]?.rules).toMatchObject({ ingress: [{ ports: ['TCP 8081'] }], egress: [] });
    expect(documents[0]?.notes).toMatchObject([{ kind: 'policy-types-defaulted' }]);
    expect(documents[1]?.rules.egress).toMatchObject([
      { ports: 'all', peers: [{ match: { kind: 'anyone' } }] },
    ]);
  });
});
