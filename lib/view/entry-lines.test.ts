import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';
import { workloadView } from './workload-builder.ts';

/** How requests from outside come to a workload, and whether policies let them (GEN-11). */

const CONTEXT = { cluster: 'fixture', revision: 1, readAt: null };

function entriesOf(
  name: string,
  objects: string,
  policies: Readonly<Record<string, string>> = {},
  options: ScenarioOptions = {},
) {
  const { connectivity } = scenario(policies, { ...options, objects });
  const ref = { kind: 'Pod', namespace: 'shop', name };
  return workloadView(connectivity, CONTEXT, ref)?.entries ?? [];
}

const rule = (host: string, path: string) =>
  `{host: ${host}, http: {paths: [{path: ${path}, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}}`;
const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: public, namespace: shop}
spec: {ingressClassName: nginx, rules: [${rule('a.example', '/')}, ${rule('b.example', '/cart')}]}
`;
const CLASS = (controller: string) =>
  `---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: ${controller}}}\n`;
const CONTROLLER = (node: string, hostNetwork: boolean) => `---
apiVersion: v1
kind: Pod
metadata:
  name: controller
  namespace: ops
  labels: {app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}
spec: {nodeName: ${node}, hostNetwork: ${hostNetwork}, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: ${hostNetwork ? '192.168.0.1' : '10.0.2.77'}}]}
`;
const NGINX = CLASS('k8s.io/ingress-nginx');
const api = (from: string) => ({
  'shop/api': `{podSelector: {matchLabels: {app: api}}, ingress: [${from}]}`,
});

test('a line says what comes in, through what, to where', () => {
  expect(entriesOf('api', INGRESS)).toEqual([
    {
      entry: { group: 'networking.k8s.io', kind: 'Ingress', namespace: 'shop', name: 'public' },
      requests: ['a.example/', 'b.example/cart'],
      through: { kind: 'ingress-class', name: 'nginx' },
      service: { namespace: 'shop', name: 'api', port: '80' },
      target: 'TCP 8081',
      controller: { kind: 'not-known', letIn: 'everybody' },
      refused: null,
      verdict: 'allowed',
      causes: [],
    },
  ]);
  expect(entriesOf('web', INGRESS)).toEqual([]);
});

describe('a controller whose pods are known', () => {
  const verdictOf = (from: string, pods: string, options: ScenarioOptions = {}) =>
    entriesOf('api', INGRESS + NGINX + pods, api(from), options).map(({ controller, verdict }) => [
      controller.kind,
      verdict,
    ]);
  const FROM_OPS =
    '{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}}]}';

  test('is a source like others', () => {
    const pods = CONTROLLER('n1', false);
    expect(verdictOf(FROM_OPS, pods)).toEqual([['workloads', 'allowed']]);
    expect(verdictOf('{from: [{podSelector: {}}]}', pods)).toEqual([['workloads', 'blocked']]);
  });

  test('on its node’s network is a node: a block of its address lets it in', () => {
    const pods = CONTROLLER('n1', true);
    expect(verdictOf(FROM_OPS, pods)).toEqual([['workloads', 'blocked']]);
    const block = '{from: [{ipBlock: {cidr: 192.168.0.1/32}}]}';
    expect(verdictOf(block, pods)).toEqual([['workloads', 'allowed']]);
    expect(verdictOf(block, pods, { cni: 'undetected' })).toEqual([['workloads', 'unknown']]);
    // The pod's own node reaches it all the same (GEN-14).
    expect(verdictOf(FROM_OPS, CONTROLLER('n2', true))).toEqual([['workloads', 'allowed']]);
  });

  test('is known by what its class says, not by its name', () => {
    const [line] = entriesOf('api', INGRESS + CONTROLLER('n1', false));
    expect(line?.controller.kind).toBe('not-known');
    const [other] = entriesOf(
      'api',
      INGRESS + CLASS('example.com/other') + CONTROLLER('n1', false),
    );
    expect(other?.controller.kind).toBe('not-known');
  });
});

describe('a controller that is not known', () => {
  const letIn = (from: string, yaml = INGRESS) =>
    entriesOf('api', yaml, api(from)).map(({ controller, verdict }) => [
      controller.kind === 'workloads' ? null : controller.letIn,
      verdict,
    ]);

  test.each([
    ['{ports: [{port: 8081}]}', 'everybody', 'allowed'],
    ['{from: [{namespaceSelector: {}}]}', 'any-pod', 'unknown'],
    ['{from: [{podSelector: {}}]}', 'some', 'unknown'],
    ['{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}', 'some', 'unknown'],
    ['{ports: [{port: 80}]}', 'nobody', 'unknown'],
  ])('where %s is permitted: %s, %s', (from, expected, verdict) => {
    expect(letIn(from)).toEqual([[expected, verdict]]);
  });

  test('answers outside the cluster where its class is a cloud’s', () => {
    const [line] = entriesOf('api', INGRESS + CLASS('ingress.k8s.aws/alb'));
    expect(line?.controller).toEqual({ kind: 'outside', letIn: 'everybody' });
  });
});

describe('a Gateway', () => {
  const GROUP = 'gateway.networking.k8s.io';
  const objects = (allowed: string, labels: string) => `
apiVersion: ${GROUP}/v1
kind: GRPCRoute
metadata: {name: grpc, namespace: shop}
spec: {parentRefs: [{name: public, namespace: ops}], hostnames: [grpc.example], rules: [{backendRefs: [{name: api, port: 80}]}]}
---
apiVersion: ${GROUP}/v1
kind: Gateway
metadata: {name: public, namespace: ops}
spec: {gatewayClassName: x, listeners: [{name: web, allowedRoutes: {namespaces: {from: ${allowed}}}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: envoy, namespace: ops, labels: {${labels}}}
spec: {nodeName: n1, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 10.0.2.78}]}
`;

  test('is the pods that carry its name', () => {
    const [line] = entriesOf('api', objects('All', `${GROUP}/gateway-name: public`));
    expect(line).toMatchObject({
      requests: ['grpc.example'],
      through: { kind: 'gateway', namespace: 'ops', name: 'public' },
      controller: { kind: 'workloads', refs: [{ namespace: 'ops', name: 'envoy' }] },
      verdict: 'allowed',
    });
    const [other] = entriesOf('api', objects('All', `${GROUP}/gateway-name: private`));
    expect(other?.controller.kind).toBe('not-known');
  });

  test('that does not take the route says so', () => {
    const [line] = entriesOf('api', objects('Same', 'app: x'));
    expect(line?.refused).toContain('no listener takes');
  });
});
