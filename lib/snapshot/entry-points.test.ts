import { describe, expect, test } from 'vitest';
import type { EntryPoint } from '#lib/model/entry-point.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { manifestStore } from '#lib/testing/fixture-cluster.ts';

/** Ways into the cluster, as the lists about them tell together. */

function pointsOf(yaml: string, states: Readonly<Record<string, ListState>> = {}) {
  return manifestStore(yaml, { states }).snapshot().entryPoints;
}

function only(points: readonly EntryPoint[]): EntryPoint {
  const [point, ...others] = points;
  if (point === undefined || others.length > 0) throw new Error(`${points.length} ways in`);
  return point;
}

const ingress = (spec: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop}, spec: {${spec}}}`;
const ingressClass = (name: string, isDefault: boolean) =>
  `\n---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: ${name}, annotations: {ingressclass.kubernetes.io/is-default-class: "${isDefault}"}}, spec: {controller: example.com/${name}}}`;
const GATEWAY = 'gateway.networking.k8s.io';

describe('an Ingress', () => {
  test.each<[string, string, string | null, string | null]>([
    ['ingressClassName: a', 'a', 'example.com/a', 'of its class'],
    ['', 'b', 'example.com/b', 'of the default class'],
    ['ingressClassName: lost', 'lost', null, 'of a class that is not there'],
  ])('with {%s} comes in through %s by %s: %s', (spec, name, controller) => {
    const classes = ingressClass('a', false) + ingressClass('b', true);
    expect(only(pointsOf(ingress(spec) + classes)).doors).toEqual([
      { through: { kind: 'ingress-class', name }, controller, refused: null },
    ]);
  });

  test('is left to whoever takes it where no class is the default', () => {
    expect(only(pointsOf(ingress(''))).doors).toMatchObject([
      { through: { kind: 'ingress-class', name: null }, controller: null },
    ]);
  });

  test('that is not valid is a problem, and no way in', () => {
    const snapshot = manifestStore(ingress('rules: 7')).snapshot();
    expect(snapshot.entryPoints).toEqual([]);
    expect(snapshot.problems).toMatchObject([
      { code: 'object-invalid', object: { kind: 'Ingress', namespace: 'shop', name: 'web' } },
    ]);
  });
});

describe('a route of the Gateway API', () => {
  const namespaces = `
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {edge: "yes"}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: infra}}`;
  const gateway = (allowed: string) => `
---
apiVersion: ${GATEWAY}/v1
kind: Gateway
metadata: {name: public, namespace: infra}
spec: {gatewayClassName: istio, listeners: [{name: web, allowedRoutes: {namespaces: {${allowed}}}}]}
---
apiVersion: ${GATEWAY}/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}`;
  const route = (parent = 'name: public, namespace: infra') => `
apiVersion: ${GATEWAY}/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{${parent}}]
  rules: [{backendRefs: [{name: db, namespace: data, port: 80}, {name: web, port: 80}]}]`;

  test.each<[string, string | null]>([
    ['from: All', null],
    ['from: Selector, selector: {matchLabels: {edge: "yes"}}', null],
    ['from: Selector, selector: {matchLabels: {edge: "no"}}', 'no listener takes'],
    ['from: Same', 'no listener takes'],
    ['', 'no listener takes'],
  ])('whose Gateway takes routes {%s}: %s', (allowed, refused) => {
    const [door] = only(pointsOf(route() + gateway(allowed) + namespaces)).doors;
    expect(door).toMatchObject({
      through: { kind: 'gateway', namespace: 'infra', name: 'public' },
      controller: 'istio.io/gateway-controller',
      refused: refused === null ? null : expect.stringContaining(refused),
    });
  });

  test('asks for a listener that is not there', () => {
    const parent = 'name: public, namespace: infra, sectionName: https';
    const [door] = only(pointsOf(route(parent) + gateway('from: All') + namespaces)).doors;
    expect(door?.refused).toContain('listener https');
  });

  test('whose Gateway was not read is not refused, and nobody is known to answer', () => {
    expect(only(pointsOf(route())).doors).toMatchObject([{ controller: null, refused: null }]);
  });

  test('of a mesh, that names no Gateway, is no way in', () => {
    expect(pointsOf(route('name: web, kind: Service, group: ""'))).toEqual([]);
  });

  const grant = (from: string) => `
---
apiVersion: ${GATEWAY}/v1beta1
kind: ReferenceGrant
metadata: {name: web, namespace: data}
spec:
  from: [{group: ${GATEWAY}, kind: HTTPRoute, namespace: ${from}}]
  to: [{group: "", kind: Service}]`;

  test('leads to another namespace where that lets it', () => {
    const refusals = (yaml: string, states = {}) =>
      only(pointsOf(yaml, states))
        .ways.flatMap(({ backends }) => backends)
        .map((each) => (each.kind === 'service' ? each.refused : 'other'));
    const refused = expect.stringContaining('no ReferenceGrant in data');
    expect(refusals(route() + grant('shop'))).toEqual([null, null]);
    expect(refusals(route() + grant('ops'))).toEqual([refused, null]);
    const unread: ListState = { status: 'forbidden', message: '' };
    expect(refusals(route(), { [`referencegrants.${GATEWAY}`]: unread })).toEqual([null, null]);
  });
});

test('the ways in are sorted, and an OpenShift Route is one', () => {
  const route =
    '\n---\n{apiVersion: route.openshift.io/v1, kind: Route, metadata: {name: a, namespace: shop}, spec: {to: {name: web}}}';
  expect(pointsOf(ingress('') + route).map(({ ref, doors }) => [ref.kind, doors])).toMatchObject([
    ['Ingress', [{ through: { kind: 'ingress-class' } }]],
    ['Route', [{ through: { kind: 'openshift-router' } }]],
  ]);
});
