import { describe, expect, test } from 'vitest';
import { formatPorts } from '#lib/model/port-set.ts';
import { scenario } from '#lib/testing/scenario.ts';
import { connectionList } from './connection-list.ts';
import { blockedEntries } from './entry-rows.ts';

/** What comes in through Ingresses and routes whose controller is not among the pods (GEN-11). */

const ingress = (service: string, port: string, rest = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: public, namespace: shop}
spec: {${rest}defaultBackend: {service: {name: ${service}, port: {${port}}}}}
`;
const service = (name: string, spec: string) =>
  `---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: shop}, spec: ${spec}}\n`;
const route = (to: string) => `---
{apiVersion: route.openshift.io/v1, kind: Route, metadata: {name: public, namespace: shop}, spec: ${to}}
`;
const CLOSED = { 'shop/closed': 'podSelector: {}' };

function rows(objects: string, policies: Readonly<Record<string, string>> = {}) {
  const { connectivity } = scenario(policies, { objects });
  return [...connectionList(connectivity)]
    .filter(({ src }) => src === '{ingress-controller}')
    .map(({ dst, allowed, unknown }) =>
      [dst, formatPorts(allowed), formatPorts(unknown)].join(' '),
    );
}

function warnings(objects: string, policies: Readonly<Record<string, string>> = {}) {
  return blockedEntries(scenario(policies, { objects }).connectivity).map(({ message }) => message);
}

describe('an Ingress', () => {
  test('leads through the Service’s port to the target port (GEN-7, GEN-8)', () => {
    expect(rows(ingress('api', 'number: 80'))).toEqual(['shop/api[Pod] TCP 8081 none']);
    expect(rows(ingress('api', 'number: 8081'))).toEqual([]);
    expect(rows(ingress('nobody', 'number: 80'))).toEqual([]);
  });

  test('names a port of the Service, which names one of the pods', () => {
    const spec =
      '{selector: {app: api}, ports: [{name: web, port: 80, targetPort: metrics}, {name: udp, port: 53, protocol: UDP}]}';
    expect(rows(ingress('s', 'name: web') + service('s', spec))).toEqual([
      'shop/api[Pod] TCP 9090 none',
    ]);
    // What it leads to is TCP.
    expect(rows(ingress('s', 'name: udp') + service('s', spec))).toEqual([]);
  });

  test('is stopped where the pods let no unknown pod in, and a warning says so', () => {
    const objects = ingress('api', 'number: 80');
    expect(rows(objects, CLOSED)).toEqual([]);
    expect(warnings(objects, CLOSED)).toEqual([
      'it leads to shop/api[Pod] on TCP 8081, where policies let no unknown pod in',
    ]);
    expect(warnings(objects)).toEqual([]);
  });

  test.each<[string, boolean]>([
    ['from: [{namespaceSelector: {}}]', true],
    ['from: [{podSelector: {}}]', false],
    ['ports: [{port: 8081}]', true],
    ['ports: [{port: 80}]', false],
    ['from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress}}}]', false],
    ['from: [{ipBlock: {cidr: 0.0.0.0/0}}]', false],
  ])('whose pods have a rule {%s} is let in: %s', (rule, isLetIn) => {
    const policies = {
      'shop/api': `{podSelector: {matchLabels: {app: api}}, ingress: [{${rule}}]}`,
    };
    expect(rows(ingress('api', 'number: 80'), policies).length > 0).toBe(isLetIn);
  });

  test('whose controller is among the pods has no row: that controller has its own', () => {
    const objects = `---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}
---
apiVersion: v1
kind: Pod
metadata:
  name: controller
  namespace: ops
  labels: {app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}
`;
    const classed = ingress('api', 'number: 80', 'ingressClassName: nginx, ');
    expect(rows(classed)).toHaveLength(1);
    expect(rows(classed + objects)).toEqual([]);
  });
});

describe('an OpenShift Route', () => {
  const ports =
    '[{name: web, port: 80, targetPort: http}, {name: more, port: 81, targetPort: 9090}]';
  const objects = (to: string) =>
    route(to) + service('s', `{selector: {app: api}, ports: ${ports}}`);

  test.each<[string, string]>([
    ['{to: {name: s}}', 'TCP 8081,9090'],
    ['{to: {name: s}, port: {targetPort: 9090}}', 'TCP 9090'],
    ['{to: {name: s}, port: {targetPort: web}}', 'TCP 8081'],
    ['{to: {name: x}, alternateBackends: [{name: s}]}', 'TCP 8081,9090'],
  ])('%s leads to %s', (to, expected) => {
    expect(rows(objects(to))).toEqual([`shop/api[Pod] ${expected} none`]);
  });

  test('on a port that the endpoints do not have leads nowhere', () => {
    expect(rows(objects('{to: {name: s}, port: {targetPort: 80}}'))).toEqual([]);
  });
});

test('a route that its Gateway refuses leads nowhere', () => {
  const group = 'gateway.networking.k8s.io';
  const objects = (from: string) => `
apiVersion: ${group}/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{name: public, namespace: ops}], rules: [{backendRefs: [{name: api, port: 80}]}]}
---
apiVersion: ${group}/v1
kind: Gateway
metadata: {name: public, namespace: ops}
spec: {gatewayClassName: x, listeners: [{name: a, allowedRoutes: {namespaces: {from: ${from}}}}]}
`;
  expect(rows(objects('All'))).toEqual(['shop/api[Pod] TCP 8081 none']);
  expect(rows(objects('Same'))).toEqual([]);
});
