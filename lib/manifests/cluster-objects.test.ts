import { describe, expect, test } from 'vitest';
import { formatIp } from '#lib/model/ip-address.ts';
import { parseOwned } from './metadata.ts';
import { parseNamespace } from './namespace.ts';
import { parseNode } from './node.ts';
import { parsePod, REPLICAS_ANNOTATION } from './pod.ts';
import { parseEndpointSlice, parseService } from './service.ts';

const ORIGIN = { file: 'a.yaml', line: 1, text: '' };

/** The parsed object; fails the test when it was refused. */
function accepted<T>(parsed: { ok: true; value: T } | { ok: false; problem: object }): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
}

describe('Pod', () => {
  test('with everything that matters', () => {
    const pod = accepted(
      parsePod(
        {
          metadata: {
            name: 'web-1',
            namespace: 'shop',
            labels: { app: 'web', constructor: 'yes', empty: null },
            ownerReferences: [
              { kind: 'Whatever', name: 'w' },
              { kind: 'ReplicaSet', name: 'web', controller: true },
            ],
          },
          spec: {
            nodeName: 'n1',
            containers: [
              { ports: [{ name: 'http', containerPort: 8080 }] },
              { ports: [{ containerPort: 53, protocol: 'UDP' }] },
            ],
            initContainers: [
              { ports: [{ containerPort: 1 }] },
              { restartPolicy: 'Always', ports: [{ containerPort: 2 }] },
            ],
          },
          status: {
            phase: 'Running',
            podIP: '10.0.0.1',
            podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
          },
        },
        null,
      ),
    );
    expect({ ...pod, addresses: pod.addresses.map(formatIp) }).toEqual({
      namespace: 'shop',
      name: 'web-1',
      labels: new Map([
        ['app', 'web'],
        ['constructor', 'yes'],
        ['empty', ''],
      ]),
      annotations: new Map(),
      addresses: ['10.0.0.1', 'fd00::1'],
      node: 'n1',
      hostNetwork: false,
      phase: 'Running',
      finished: false,
      ports: [
        { name: 'http', protocol: 'TCP', port: 8080, container: 'regular' },
        { name: null, protocol: 'UDP', port: 53, container: 'regular' },
        { name: null, protocol: 'TCP', port: 1, container: 'init' },
        { name: null, protocol: 'TCP', port: 2, container: 'sidecar' },
      ],
      workload: { kind: 'ReplicaSet', namespace: 'shop', name: 'web' },
      serviceAccount: 'default',
      replicas: 1,
      origin: null,
    });
  });

  test('with nothing but a name is a workload of its own in the namespace default', () => {
    expect(accepted(parsePod({ metadata: { name: 'a' } }, ORIGIN))).toMatchObject({
      namespace: 'default',
      phase: 'Unknown',
      finished: false,
      node: null,
      workload: { kind: 'Pod', namespace: 'default', name: 'a' },
    });
  });

  test.each(['Succeeded', 'Failed'])('%s is finished (GEN-18)', (phase) => {
    const pod = accepted(parsePod({ metadata: { name: 'a' }, status: { phase } }, null));
    expect(pod.finished).toBe(true);
  });

  test('of a node belongs to itself', () => {
    const metadata = {
      name: 'etcd',
      ownerReferences: [{ kind: 'Node', name: 'n1', controller: true }],
    };
    expect(accepted(parsePod({ metadata }, null)).workload.kind).toBe('Pod');
  });

  test.each([
    ['3', ORIGIN, 3],
    ['0', ORIGIN, 1],
    ['many', ORIGIN, 1],
    ['3', null, 1],
  ])('replicas %s from %j count as %i', (written, origin, expected) => {
    const metadata = { name: 'a', annotations: { [REPLICAS_ANNOTATION]: written } };
    expect(accepted(parsePod({ metadata }, origin)).replicas).toBe(expected);
  });

  test('with only podIP, as old API servers serve it', () => {
    const pod = accepted(
      parsePod({ metadata: { name: 'a' }, status: { podIP: '10.0.0.9' } }, null),
    );
    expect(pod.addresses.map(formatIp)).toEqual(['10.0.0.9']);
  });

  test.each([
    [{ metadata: { name: 'a', labels: { on: true } } }, ['metadata', 'labels', 'on'], 'quote it'],
    [{ metadata: { name: 'a', namespace: false } }, ['metadata', 'namespace'], 'quote it'],
    [{ metadata: {} }, ['metadata', 'name'], 'missing'],
    [{ metadata: { name: 'a' }, spec: { containers: {} } }, ['spec', 'containers'], 'array'],
    [
      { metadata: { name: 'a' }, spec: { containers: [{ ports: [{ containerPort: '80' }] }] } },
      ['spec', 'containers', 0, 'ports', 0, 'containerPort'],
      'port number',
    ],
    [
      { metadata: { name: 'a' }, status: { podIPs: [{ ip: '10.0.0.300' }] } },
      ['status', 'podIPs', 0, 'ip'],
      'not an IP address',
    ],
  ])('%j is refused with its path', (body, path, message) => {
    expect(parsePod(body, ORIGIN)).toMatchObject({
      ok: false,
      problem: {
        code: 'object-invalid',
        severity: 'error',
        message: expect.stringContaining(message),
        object: { kind: 'Pod' },
        path,
        origin: ORIGIN,
      },
    });
  });
});

test('a Namespace always carries its name as a label (SEL-12)', () => {
  const body = { metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'other' } } };
  const { labels } = accepted(parseNamespace(body, null));
  expect(labels.get('kubernetes.io/metadata.name')).toBe('shop');
});

test('a Node has the addresses among its addresses', () => {
  const addresses = [
    { type: 'Hostname', address: 'n1' },
    { type: 'InternalIP', address: '192.168.0.1' },
  ];
  const body = { metadata: { name: 'n1', labels: { zone: 'a' } }, status: { addresses } };
  const node = accepted(parseNode(body, null));
  expect(node.addresses.map(formatIp)).toEqual(['192.168.0.1']);
  expect(node.labels.get('zone')).toBe('a');
});

describe('Service', () => {
  const service = (spec: object) => accepted(parseService({ metadata: { name: 's' }, spec }, null));

  test('with a selector and ports', () => {
    const parsed = service({
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10', 'fd00::10'],
      selector: { b: '2', a: '1' },
      ports: [
        { name: 'web', port: 80, targetPort: 'http' },
        { port: 53, protocol: 'UDP' },
        { port: 443, targetPort: 8443 },
      ],
    });
    expect(parsed).toMatchObject({
      namespace: 'default',
      type: 'ClusterIP',
      headless: false,
      selector: [
        { key: 'a', operator: 'In', values: ['1'] },
        { key: 'b', operator: 'In', values: ['2'] },
      ],
      ports: [
        { name: 'web', protocol: 'TCP', port: 80, targetPort: 'http' },
        { name: null, protocol: 'UDP', port: 53, targetPort: 53 },
        { name: null, protocol: 'TCP', port: 443, targetPort: 8443 },
      ],
      endpoints: null,
    });
    expect(parsed.clusterAddresses.map(formatIp)).toEqual(['10.96.0.10', 'fd00::10']);
  });

  test('without a selector, headless, of another type', () => {
    expect(service({ clusterIP: 'None' })).toMatchObject({
      headless: true,
      selector: null,
      clusterAddresses: [],
    });
    expect(service({ type: 'ExternalName', externalName: 'db.example' }).type).toBe('ExternalName');
    expect(service({ selector: {} }).selector).toBeNull();
  });

  test('an ExternalName keeps the name it stands for (GEN-9)', () => {
    const parsed = service({ type: 'ExternalName', externalName: 'db.example' });
    expect(parsed.externalName).toBe('db.example');
    expect(service({}).externalName).toBeNull();
  });

  test('how it is reached from outside (GEN-10)', () => {
    const parsed = accepted(
      parseService(
        {
          metadata: { name: 's' },
          spec: {
            type: 'LoadBalancer',
            externalTrafficPolicy: 'Local',
            externalIPs: ['198.51.100.7'],
            ports: [{ port: 80, nodePort: 30080 }],
          },
          status: {
            loadBalancer: { ingress: [{ ip: '203.0.113.9' }, { hostname: 'lb.example' }] },
          },
        },
        null,
      ),
    );
    expect(parsed.externalTrafficPolicy).toBe('Local');
    expect(parsed.internalTrafficPolicy).toBe('Cluster');
    expect(parsed.ports[0]?.nodePort).toBe(30080);
    expect(parsed.externalAddresses.map(formatIp)).toEqual(['203.0.113.9', '198.51.100.7']);
  });
});

test('an EndpointSlice has the ready addresses of its Service (GEN-8)', () => {
  const slice = accepted(
    parseEndpointSlice(
      {
        metadata: { name: 's-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 's' } },
        addressType: 'IPv4',
        endpoints: [
          { addresses: ['10.0.0.1'], conditions: { ready: true } },
          { addresses: ['10.0.0.2'], conditions: { ready: false } },
          { addresses: ['10.0.0.3'] },
        ],
      },
      null,
    ),
  );
  expect(slice.service).toBe('s');
  expect(slice.addresses.map(formatIp)).toEqual(['10.0.0.1', '10.0.0.3']);
});

test('an EndpointSlice has ports of its own, and may hold names of hosts (GEN-9)', () => {
  const slice = accepted(
    parseEndpointSlice(
      {
        metadata: { name: 's-1', labels: { 'kubernetes.io/service-name': 's' } },
        addressType: 'FQDN',
        ports: [
          { name: 'https', port: 6443 },
          { name: '', protocol: 'UDP' },
        ],
        endpoints: [{ addresses: ['api.example.com'] }],
      },
      null,
    ),
  );
  expect(slice.addresses).toEqual([]);
  expect(slice.backends).toEqual([
    {
      at: 'api.example.com',
      ports: [
        { name: 'https', protocol: 'TCP', port: 6443 },
        { name: null, protocol: 'UDP', port: null },
      ],
    },
  ]);
});

test('an owned object names its controller', () => {
  const ownerReferences = [{ kind: 'Deployment', name: 'web', controller: true }];
  const owned = (metadata: object) =>
    accepted(parseOwned({ kind: 'ReplicaSet', metadata: { name: 'web-1', ...metadata } }, null));
  expect(owned({ namespace: 'shop', ownerReferences })).toEqual({
    key: 'shop/web-1',
    controller: { kind: 'Deployment', namespace: 'shop', name: 'web' },
  });
  expect(owned({}).controller).toBeNull();
});
