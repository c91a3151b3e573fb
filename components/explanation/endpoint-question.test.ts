import { expect, test } from 'vitest';
import type { EndpointView } from '#lib/view/workload-view.ts';
import {
  askForEndpoint,
  askForObject,
  endpointPath,
  explainPath,
  mapPath,
  workloadOf,
} from './endpoint-question.ts';

const WEB = { kind: 'Deployment', namespace: 'shop', name: 'web' };
const POD = { kind: 'Pod', namespace: 'shop', name: 'web-7d4f' };

test.each<[EndpointView, string, string | null]>([
  [
    { kind: 'workload', ref: WEB, pods: 2 },
    'shop/deployment/web',
    '/c/demo/ns/shop/deployment/web',
  ],
  [{ kind: 'pod', ref: POD, workload: WEB }, 'shop/pod/web-7d4f', '/c/demo/ns/shop/pod/web-7d4f'],
  [{ kind: 'node', name: 'n1', address: '192.168.0.1' }, '192.168.0.1', null],
  [{ kind: 'addresses', label: '10.0.0.0/8', first: '10.0.0.0' }, '10.0.0.0', null],
])('%j', (endpoint, asked, path) => {
  expect(askForEndpoint(endpoint)).toBe(asked);
  expect(endpointPath('demo', endpoint)).toBe(path);
});

test('a Service is asked for in its short form, a node by its kind', () => {
  expect(askForObject({ kind: 'Node', namespace: null, name: 'n1' })).toBe('node/n1');
  expect(askForObject({ kind: 'Service', namespace: 'shop', name: 'api' })).toBe('svc/shop/api');
});

test('the address of the map', () => {
  const db = { kind: 'StatefulSet', namespace: 'data', name: 'db' };
  expect(mapPath('demo', [WEB, db])).toBe(
    '/c/demo?sel=shop%2Fweb%5BDeployment%5D&expanded=shop%2Cdata',
  );
  expect(mapPath('demo', [])).toBeNull();
  expect(workloadOf({ kind: 'pod', ref: POD, workload: WEB })).toBe(WEB);
  expect(workloadOf({ kind: 'node', name: 'n1', address: '192.168.0.1' })).toBeNull();
});

test('the address of an explanation', () => {
  const port = { protocol: 'UDP', port: 53 } as const;
  expect(explainPath('my cluster', { from: 'shop/web', to: '10.0.0.1', port })).toBe(
    '/c/my%20cluster/explain?from=shop%2Fweb&to=10.0.0.1&port=53%2FUDP',
  );
});
