import { describe, expect, test } from 'vitest';
import { GATEWAY_ROUTES } from '#lib/model/resource.ts';
import { parseGateway, parseGatewayClass, parseReferenceGrant } from './gateway.ts';
import { parseGatewayRoute } from './gateway-route.ts';
import { parseIngress, parseIngressClass } from './ingress.ts';
import type { Parsed } from './metadata.ts';
import { parseOpenShiftRoute } from './openshift-route.ts';

/** Objects that lead requests into a cluster. */

/** The parsed object; fails the test when it was refused. */
function accepted<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
}

function refusal(parsed: Parsed<unknown>): string {
  if (parsed.ok) throw new Error('it was accepted');
  return `${parsed.problem.path.join('.')}: ${parsed.problem.message}`;
}

const metadata = { name: 'web', namespace: 'shop' };
const toService = (name: string, port: object) => ({ service: { name, port } });

describe('Ingress', () => {
  const ingress = (spec: unknown, annotations: object = {}) =>
    parseIngress({ metadata: { ...metadata, annotations }, spec }, null);

  test('leads hosts and paths to ports of Services, and the rest to its default', () => {
    const parsed = accepted(
      ingress({
        ingressClassName: 'nginx',
        defaultBackend: toService('fallback', { number: 8080 }),
        rules: [
          {
            host: 'shop.example.com',
            http: {
              paths: [
                { path: '/cart', pathType: 'Prefix', backend: toService('cart', { name: 'http' }) },
                { path: '/', pathType: 'Exact', backend: toService('web', { number: 80 }) },
              ],
            },
          },
          { host: 'nothing.example.com' },
        ],
      }),
    );
    expect(parsed.className).toBe('nginx');
    const service = (name: string, port: number | string) => [
      { kind: 'service', namespace: 'shop', name, port: { of: 'service', port }, refused: null },
    ];
    const hosts = ['shop.example.com'];
    expect(parsed.ways).toEqual([
      { hosts, match: '/cart', protocol: 'TCP', backends: service('cart', 'http') },
      { hosts, match: '= /', protocol: 'TCP', backends: service('web', 80) },
      { hosts: [], match: null, protocol: 'TCP', backends: service('fallback', 8080) },
    ]);
  });

  test('may have its class in an annotation, and lead to what is no Service', () => {
    const resource = { apiGroup: 'k8s.example.com', kind: 'Bucket', name: 'assets' };
    const parsed = accepted(
      ingress({ defaultBackend: { resource } }, { 'kubernetes.io/ingress.class': 'traefik' }),
    );
    expect(parsed.className).toBe('traefik');
    expect(parsed.ways.flatMap(({ backends }) => backends)).toEqual([
      {
        kind: 'other',
        ref: { group: 'k8s.example.com', kind: 'Bucket', namespace: 'shop', name: 'assets' },
      },
    ]);
  });

  test.each<[unknown, string]>([
    [null, 'spec: '],
    [{ rules: {} }, 'spec.rules: '],
    [{ defaultBackend: {} }, 'spec.defaultBackend: a service or a resource is needed'],
    [
      { defaultBackend: toService('a', { number: 70000 }) },
      'spec.defaultBackend.service.port.number: a port is 1 to 65535',
    ],
    [
      { defaultBackend: toService('a', {}) },
      'spec.defaultBackend.service.port: a name or a number is needed',
    ],
    [
      { rules: [{ http: { paths: [{ path: '/', backend: toService('a', { number: 1 }) }] } }] },
      'spec.rules.0.http.paths.0.pathType: ',
    ],
  ])('with the spec %j is refused', (spec, message) => {
    expect(refusal(ingress(spec))).toContain(message);
  });

  test('a class names a controller, and may be the default', () => {
    const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
    const spec = { controller: 'k8s.io/ingress-nginx' };
    expect(
      accepted(parseIngressClass({ metadata: { name: 'nginx', annotations }, spec }, null)),
    ).toEqual({ name: 'nginx', controller: 'k8s.io/ingress-nginx', isDefault: true });
    expect(accepted(parseIngressClass({ metadata: { name: 'x' } }, null))).toMatchObject({
      controller: null,
      isDefault: false,
    });
  });
});

function routeOf(kind: string, body: object) {
  const resource = GATEWAY_ROUTES.find((each) => each.kind === kind);
  if (resource === undefined) throw new Error(kind);
  return parseGatewayRoute(resource)({ metadata, ...body }, null);
}

describe('routes of the Gateway API', () => {
  test('an HTTPRoute has a way for each rule, and its Gateways', () => {
    const parsed = accepted(
      routeOf('HTTPRoute', {
        spec: {
          parentRefs: [
            { name: 'public', namespace: 'infra', sectionName: 'https' },
            { name: 'web', kind: 'Service', group: '' },
          ],
          hostnames: ['shop.example.com'],
          rules: [
            {
              matches: [
                { path: { type: 'PathPrefix', value: '/api' }, method: 'GET' },
                { headers: [{ name: 'x-beta', value: '1' }] },
              ],
              filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'copy' } } }],
              backendRefs: [
                { name: 'api', port: 80 },
                { name: 'old', port: 80, weight: 0 },
                { name: 'db', port: 5432, namespace: 'data' },
                { group: 'multicluster.example.com', kind: 'ServiceImport', name: 'far' },
              ],
            },
            { backendRefs: [{ name: 'web', port: 8080 }] },
          ],
        },
      }),
    );
    expect(parsed.parents).toEqual([
      { namespace: 'infra', name: 'public', section: 'https', refused: null },
    ]);
    expect(
      parsed.ways.map(({ match, backends }) => [
        match,
        backends.map((each) =>
          each.kind === 'service' ? [each.namespace, each.name, each.port] : each.ref.kind,
        ),
      ]),
    ).toEqual([
      [
        'GET /api or header x-beta',
        [
          ['shop', 'api', { of: 'service', port: 80 }],
          ['data', 'db', { of: 'service', port: 5432 }],
          'ServiceImport',
          ['shop', 'copy', { of: 'all' }],
        ],
      ],
      [null, [['shop', 'web', { of: 'service', port: 8080 }]]],
    ]);
  });

  test('a Gateway that does not accept it says why', () => {
    const parentRef = { name: 'public' };
    const parsed = accepted(
      routeOf('TLSRoute', {
        spec: { parentRefs: [parentRef, { name: 'other' }], rules: [] },
        status: {
          parents: [
            {
              parentRef: { ...parentRef, namespace: 'shop' },
              conditions: [{ type: 'Accepted', status: 'False', message: 'no such listener' }],
            },
          ],
        },
      }),
    );
    expect(parsed.parents.map(({ refused }) => refused)).toEqual(['no such listener', null]);
  });

  test('gRPC names services and methods; a UDPRoute leads UDP', () => {
    const grpc = accepted(
      routeOf('GRPCRoute', {
        spec: {
          rules: [{ matches: [{ method: { service: 'shop.Cart', method: 'Add' } }] }],
        },
      }),
    );
    expect(grpc.ways[0]?.match).toBe('/shop.Cart/Add');
    const udp = accepted(
      routeOf('UDPRoute', { spec: { rules: [{ backendRefs: [{ name: 'dns', port: 53 }] }] } }),
    );
    expect(udp.ways[0]?.protocol).toBe('UDP');
  });

  test.each<[string, object, string]>([
    ['HTTPRoute', {}, 'spec: '],
    ['TCPRoute', { spec: { rules: [{ backendRefs: [{ port: 1 }] }] } }, 'backendRefs.0.name: '],
    ['TLSRoute', { spec: { parentRefs: [{}] } }, 'spec.parentRefs.0.name: '],
    ['GRPCRoute', { spec: { rules: [{ matches: [{ method: 7 }] }] } }, 'matches.0.method'],
  ])('a %s with %j is refused', (kind, body, message) => {
    expect(refusal(routeOf(kind, body))).toContain(message);
  });
});

test('a Gateway says from where its listeners take routes', () => {
  const selector = { matchLabels: { edge: 'yes' } };
  const listener = (name: string, namespaces?: object) => ({
    name,
    port: 80,
    protocol: 'HTTP',
    ...(namespaces && { allowedRoutes: { namespaces } }),
  });
  const gateway = accepted(
    parseGateway(
      {
        metadata,
        spec: {
          gatewayClassName: 'istio',
          listeners: [
            listener('own'),
            listener('all', { from: 'All' }),
            listener('some', { from: 'Selector', selector }),
          ],
        },
      },
      null,
    ),
  );
  expect(gateway).toEqual({
    ...metadata,
    className: 'istio',
    listeners: [
      { name: 'own', routesFrom: 'Same' },
      { name: 'all', routesFrom: 'All' },
      { name: 'some', routesFrom: [{ key: 'edge', operator: 'In', values: ['yes'] }] },
    ],
  });
  expect(refusal(parseGateway({ metadata, spec: {} }, null))).toContain('spec.gatewayClassName');
  const controllerName = 'istio.io/gateway-controller';
  expect(accepted(parseGatewayClass({ metadata, spec: { controllerName } }, null))).toEqual({
    name: 'web',
    controller: controllerName,
  });
  expect(refusal(parseGatewayClass({ metadata, spec: {} }, null))).toContain('controllerName');
});

test('a ReferenceGrant names who may refer to what', () => {
  const from = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }];
  const to = [
    { group: '', kind: 'Service', name: 'db' },
    { group: '', kind: 'Secret' },
  ];
  expect(accepted(parseReferenceGrant({ metadata, spec: { from, to } }, null))).toEqual({
    ...metadata,
    from,
    to: [to[0], { ...to[1], name: null }],
  });
  expect(refusal(parseReferenceGrant({ metadata, spec: { from } }, null))).toContain('spec.to');
});

describe('an OpenShift Route', () => {
  const route = (spec: unknown, status: object = {}) =>
    parseOpenShiftRoute({ metadata, spec, status }, null);

  test('leads to a port of the endpoints of one Service, or of several', () => {
    const spec = {
      host: 'web.apps.example.com',
      path: '/shop',
      to: { kind: 'Service', name: 'web', weight: 90 },
      alternateBackends: [{ kind: 'Service', name: 'web-next', weight: 10 }],
      port: { targetPort: 8080 },
    };
    const port = { of: 'endpoints', port: 8080 };
    const backend = { kind: 'service', namespace: 'shop', port, refused: null };
    expect(accepted(route(spec))).toEqual({
      ...metadata,
      refused: null,
      ways: [
        {
          hosts: ['web.apps.example.com'],
          match: '/shop',
          protocol: 'TCP',
          backends: [
            { ...backend, name: 'web' },
            { ...backend, name: 'web-next' },
          ],
        },
      ],
    });
  });

  test('without a port leads to all; what is no Service is named; a router may refuse it', () => {
    const to = { kind: 'Bucket', name: 'assets' };
    const condition = { type: 'Admitted', status: 'False', message: 'host is taken' };
    const parsed = accepted(route({ to }, { ingress: [{ conditions: [condition] }] }));
    expect(parsed.refused).toBe('host is taken');
    expect(parsed.ways[0]?.backends[0]).toMatchObject({ kind: 'other', ref: { kind: 'Bucket' } });
    const plain = accepted(route({ to: { name: 'web' } }));
    expect(plain.ways[0]?.backends[0]).toMatchObject({ name: 'web', port: { of: 'all' } });
    expect(plain.ways[0]?.hosts).toEqual([]);
  });

  test.each<[unknown, string]>([
    [undefined, 'spec: '],
    [{}, 'spec.to: '],
    [{ to: { name: 7 } }, 'spec.to.name: '],
  ])('with the spec %j is refused', (spec, message) => {
    expect(refusal(route(spec))).toContain(message);
  });
});
