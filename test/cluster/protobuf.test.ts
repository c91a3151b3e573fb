import { afterAll, beforeAll, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { JOBS, PODS, REPLICA_SETS, type Resource } from '#lib/model/resource.ts';
import { ApiConnection } from '#lib/sources/kubernetes-api/api-connection.ts';
import { ApiCredentials } from '#lib/sources/kubernetes-api/api-credentials.ts';
import { systemClock } from '#lib/sources/kubernetes-api/clock.ts';
import { readListPage } from '#lib/sources/kubernetes-api/protobuf/list-page.ts';
import { prune } from '#lib/sources/kubernetes-api/prune.ts';
import { apiVersion, listPath } from '#lib/sources/kubernetes-api/resource-path.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { apply, namespace, pod } from './objects.ts';

/** What a real API server sends in protobuf says, field by field, what it sends in JSON. */

let server: ApiServer;
let connection: ApiConnection;
beforeAll(async () => {
  server = await startApiServer();
  const access = { file: server.kubeconfig, environment: {} };
  const credentials = new ApiCredentials(access, null, systemClock);
  connection = new ApiConnection(credentials, systemClock, {});
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

const limits = { signal: new AbortController().signal, timeoutMs: 30_000 };

async function inBothForms(resource: Resource, query: Readonly<Record<string, string>> = {}) {
  const path = listPath(resource, null);
  const json = await connection.json(path, query, limits);
  const answer = await connection.protobuf(path, query, limits);
  if (answer.form !== 'protobuf') throw new Error('the API server has no protobuf for it');
  return { json, protobuf: readListPage(resource, answer.bytes) };
}

/** The items of a page as a source tells of them. */
function pruned(resource: Resource, { items }: JsonObject): readonly JsonObject[] {
  const kind = { apiVersion: apiVersion(resource), kind: resource.kind };
  return (items as readonly JsonObject[]).map((item) => prune(resource, { ...kind, ...item }));
}

/** JSON has no undefined. */
const plain = (value: Json | undefined): Json => JSON.parse(JSON.stringify(value));

const owners = (...kinds: readonly (readonly [string, boolean | undefined])[]) =>
  kinds.map(([kind, controller], i) => ({
    apiVersion: 'apps/v1',
    kind,
    name: `owner-${i}`,
    uid: `0f0a1b2c-0000-4000-8000-00000000000${i}`,
    ...(controller === undefined ? {} : { controller }),
  }));

const probe = { httpGet: { path: '/healthz', port: 'http', scheme: 'HTTPS' }, periodSeconds: 5 };

/** As full as the API server lets a pod be. */
const FULL: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'full',
    generateName: 'fu',
    namespace: 'forms',
    labels: { constructor: 'x', 'app.kubernetes.io/name': 'web', empty: '' },
    annotations: {
      'sightline.dev/note': 'Grüße, 漢字 🚀',
      'sightline.dev/empty': '',
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9090',
      other: 'x'.repeat(5000),
    },
    finalizers: ['example.com/keep'],
    ownerReferences: owners(['ReplicaSet', true], ['Node', false], ['Thing', undefined]),
  },
  spec: {
    nodeName: 'n1',
    hostNetwork: true,
    hostPID: true,
    serviceAccountName: 'builder',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 7,
    activeDeadlineSeconds: 90,
    nodeSelector: { disk: 'ssd' },
    priority: 0,
    tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 3 }],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } },
        ],
      },
    },
    volumes: [
      { name: 'v', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'c', configMap: { name: 'c', items: [{ key: 'k', path: 'p' }] } },
    ],
    initContainers: [
      {
        name: 'sidecar',
        image: 'i',
        restartPolicy: 'Always',
        ports: [{ containerPort: 15_090, protocol: 'TCP', name: 'stats' }],
      },
      { name: 'init', image: 'i', ports: [{ containerPort: 1, protocol: 'SCTP' }] },
    ],
    containers: [
      {
        name: 'main',
        image: 'registry.example/main:1',
        command: ['a', 'b'],
        args: ['--c'],
        env: [
          { name: 'A', value: 'ü' },
          { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        ],
        ports: [
          { name: 'http', containerPort: 8080, hostPort: 8080, protocol: 'TCP' },
          { name: 'dns', containerPort: 53, hostPort: 53, protocol: 'UDP', hostIP: '10.0.0.1' },
          { containerPort: 65_535, hostPort: 65_535, protocol: 'TCP' },
        ],
        resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } },
        volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true }],
        livenessProbe: probe,
        readinessProbe: probe,
        lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } },
        securityContext: { runAsUser: 1000, capabilities: { drop: ['ALL'] } },
      },
      { name: 'bare', image: 'i' },
    ],
  },
};

const STATUS: JsonObject = {
  phase: 'Running',
  message: 'm',
  reason: 'r',
  hostIP: '192.168.0.1',
  hostIPs: [{ ip: '192.168.0.1' }, { ip: 'fd00::1' }],
  podIP: '10.0.0.7',
  podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }],
  startTime: '2026-01-01T00:00:00Z',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  containerStatuses: [
    {
      name: 'main',
      image: 'i',
      imageID: 'i',
      ready: true,
      restartCount: 3,
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    },
  ],
};

test('pods: full ones and bare ones', async () => {
  await apply(server.call, namespace('forms'));
  await apply(server.call, FULL);
  const path = '/api/v1/namespaces/forms/pods/full';
  const created = (await server.call('GET', path)) as JsonObject;
  await server.call('PUT', `${path}/status`, { ...created, status: STATUS });
  await apply(server.call, pod('bare', 'forms'));
  await apply(server.call, pod('labelled', 'forms', { app: 'web' }));
  const deleted = pod('deleted', 'forms');
  await apply(server.call, {
    ...deleted,
    metadata: { ...(deleted.metadata as JsonObject), finalizers: ['example.com/keep'] },
  });
  await server.call('DELETE', '/api/v1/namespaces/forms/pods/deleted', { gracePeriodSeconds: 0 });

  const { json, protobuf } = await inBothForms(PODS);
  expect(plain(protobuf.items)).toEqual(plain(pruned(PODS, json)));
  expect(protobuf).toMatchObject({ apiVersion: 'v1', kind: 'PodList' });
  expect(plain(protobuf.metadata)).toEqual(plain(json.metadata));
  const full = pruned(PODS, protobuf).find(
    ({ metadata }) => isJsonObject(metadata) && metadata.name === 'full',
  );
  // what was filled in is there: two empty lists would agree as well
  expect(full).toMatchObject({
    metadata: {
      annotations: { 'sightline.dev/note': 'Grüße, 漢字 🚀', 'sightline.dev/empty': '' },
    },
    spec: {
      automountServiceAccountToken: false,
      initContainers: [{ restartPolicy: 'Always' }, {}],
      containers: [{ ports: [{ hostPort: 8080 }, { protocol: 'UDP' }, {}] }, { name: 'bare' }],
    },
    status: { phase: 'Running', podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }] },
  });
});

test('pages: where they go on, and how many are left', async () => {
  const { json, protobuf } = await inBothForms(PODS, { limit: '2' });
  const { continue: _, ...metadata } = json.metadata as JsonObject;
  expect(plain(protobuf.metadata)).toMatchObject(metadata);
  expect(metadata.remainingItemCount).toBe(2);
  const token = (protobuf.metadata as JsonObject).continue;
  const next = await inBothForms(PODS, { limit: '2', continue: String(token) });
  expect(plain(next.protobuf.items)).toEqual(plain(pruned(PODS, next.json)));
  expect(next.protobuf.items).toHaveLength(2);
});

test.each([
  ['a page that never was', { continue: 'nonsense' }, 400],
  ['a selector that is none', { fieldSelector: 'nonsense' }, 400],
])('a refusal says the same in both forms: %s', async (_, query, status) => {
  const path = listPath(PODS, null);
  const refusal = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      ({ message, cause }: Error) => ({ message, cause }),
    );
  const inJson = await refusal(connection.json(path, query, limits));
  expect(await refusal(connection.protobuf(path, query, limits))).toEqual(inJson);
  expect(inJson).toMatchObject({ cause: { kind: 'status', status, reason: 'BadRequest' } });
});

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'i' }] },
};

test.each([
  [
    REPLICA_SETS,
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'web-1',
        namespace: 'forms',
        labels: { app: 'web' },
        ownerReferences: owners(['Deployment', true]),
      },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { ...template, spec: { ...template.spec, restartPolicy: 'Always' } },
      },
    },
  ],
  [
    JOBS,
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'backup-29384756',
        namespace: 'forms',
        ownerReferences: owners(['CronJob', true]),
      },
      spec: { template },
    },
  ],
])('%j', async (resource, object) => {
  await apply(server.call, object);
  const { json, protobuf } = await inBothForms(resource);
  expect(protobuf.items).toHaveLength(1);
  expect(plain(protobuf.items)).toEqual(plain(pruned(resource, json)));
});
