import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { PODS } from '#lib/model/resource.ts';
import { ApiTestbed } from '#lib/testing/api-testbed.ts';
import { writeStatus } from '#lib/testing/protobuf-writer.ts';
import type { ApiConnection } from './api-connection.ts';
import type { ApiObject } from './api-object.ts';
import { Failure } from './failure.ts';
import { ObjectIndex } from './object-index.ts';
import { type ListListener, ObjectList } from './object-list.ts';

const signal = new AbortController().signal;

async function withPods(count: number): Promise<ApiTestbed> {
  const bed = await ApiTestbed.start();
  for (let index = 0; index < count; index += 1) {
    bed.server.store.set(PODS, {
      metadata: { name: `pod-${index}`, namespace: 'shop' },
      spec: { volumes: [1] },
    });
  }
  return bed;
}

async function problem(attempt: Promise<unknown>): Promise<Failure> {
  const error = await attempt.catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error('no failure');
  return error;
}

/** A list with what was read of it. */
function listOf(connection: ApiConnection, namespace: string | null = null, limit?: number) {
  const objects: ApiObject[] = [];
  const progress: (readonly [number, number | null])[] = [];
  const listener: ListListener = {
    page(page, count, expected) {
      objects.push(...page);
      progress.push([count, expected]);
    },
    restart: () => objects.splice(0),
  };
  const list = new ObjectList(connection, PODS, namespace, listener, limit);
  return { list, objects, progress };
}

/** Reads on where it stopped. */
async function read({ list, objects }: ReturnType<typeof listOf>) {
  const resourceVersion = await list.read(signal);
  return { objects, resourceVersion };
}

test('R3 R13 a list is read page by page, and pruned', async () => {
  await using bed = await withPods(1200);
  const list = listOf(bed.connection());
  const { objects, resourceVersion } = await read(list);
  expect(new Set(objects.map(({ name }) => name)).size).toBe(1200);
  expect(resourceVersion).toBe(String(bed.server.store.version));
  expect(list.progress).toEqual([
    [500, 1200],
    [1000, 1200],
    [1200, 1200],
  ]);
  expect(objects[0]?.body).toMatchObject({ apiVersion: 'v1', kind: 'Pod', spec: {} });
  expect(JSON.stringify(objects)).not.toContain('volumes');
  const queries = bed.server.requests.map(({ query }) => query.toString());
  expect(queries).toEqual(['limit=500', 'limit=500&continue=page-1', 'limit=500&continue=page-2']);
});

/** As the controllers make them: eight siblings per owner, in the order of their names. */
function siblings(index: number): JsonObject {
  const owner = `web-${Math.floor(index / 8)}-7d4f9c6b5d`;
  const ip = `10.0.${index >> 8}.${index & 255}`;
  const labels = {
    'app.kubernetes.io/name': owner,
    'app.kubernetes.io/instance': owner,
    'pod-template-hash': '7d4f9c6b5d',
  };
  return {
    metadata: {
      name: `${owner}-${String(index).padStart(5, '0')}`,
      namespace: `team-${Math.floor(index / 250)}`,
      uid: `0f0a1b2c-aaaa-bbbb-cccc-${String(index).padStart(12, '0')}`,
      labels,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: owner,
          uid: `uid of ${owner}`,
          controller: true,
        },
      ],
      managedFields: [{ manager: 'kubelet', fieldsV1: { x: 'y'.repeat(2000) } }],
    },
    spec: {
      nodeName: `ip-10-0-${index % 250}-12.eu-west-1.compute.internal`,
      serviceAccountName: 'default',
      containers: [
        {
          name: 'main',
          image: 'i',
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        },
      ],
    },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], hostIP: '192.168.0.1' },
  };
}

test('R13 a pod costs less than a kilobyte of memory, its place in the index included', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  await using bed = await ApiTestbed.start();
  const count = 4000;
  for (let index = 0; index < count; index += 1) bed.server.store.set(PODS, siblings(index));
  const connection = bed.connection();
  await read(listOf(connection));
  const before = used();
  const index = new ObjectIndex();
  const relist = index.relist();
  await new ObjectList(connection, PODS, null, {
    page: (objects) => relist.add(objects),
    restart: () => relist.restart(),
  }).read(signal);
  const changes = relist.finish();
  expect((used() - before) / count).toBeLessThan(1024);
  expect([changes.length, index.size]).toEqual([count, count]);
}, 30_000);

test('R4 the newest state is asked for, never one from a cache', async () => {
  await using bed = await withPods(1);
  await read(listOf(bed.connection()));
  expect(bed.server.requests[0]?.query.has('resourceVersion')).toBe(false);
});

test('a list is read in protobuf where the server has it, and says the same', async () => {
  await using bed = await ApiTestbed.start({ protobuf: true });
  for (let index = 0; index < 700; index += 1) bed.server.store.set(PODS, siblings(index));
  const inProtobuf = await read(listOf(bed.connection()));
  const json = { kind: 'status', code: 406, reason: 'NotAcceptable' } as const;
  bed.server.intercept(({ headers }) => (headers.accept === 'application/json' ? null : json));
  const inJson = await read(listOf(bed.connection()));
  expect(JSON.parse(JSON.stringify(inProtobuf))).toEqual(JSON.parse(JSON.stringify(inJson)));
  expect(inJson.objects).toHaveLength(700);
  const forms = bed.server.requests.map(({ headers }) => headers.accept?.includes('protobuf'));
  expect(forms).toEqual([true, true, true, false, false]);
});

test('B8 a refusal in protobuf says what it says in JSON', async () => {
  await using bed = await withPods(1200);
  const { server } = bed;
  const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
  const refuse = (code: number, more: JsonObject) =>
    ({
      kind: 'raw',
      code,
      headers,
      body: writeStatus({ code, message: 'told', ...more }),
    }) as const;
  server.failOnce(({ query }) => query.has('continue'), refuse(410, { reason: 'Expired' }));
  const list = listOf(bed.connection());
  expect((await read(list)).objects).toHaveLength(1200);
  server.failOnce(() => true, refuse(429, { details: { retryAfterSeconds: 7 } }));
  const failure = await problem(read(listOf(bed.connection())));
  expect(failure.message).toContain('told');
  expect(failure.cause).toMatchObject({ status: 429, retryAfterMs: 7000 });
});

test('protobuf that cannot be read is a failure, and the next try is in JSON', async () => {
  await using bed = await withPods(3);
  const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
  const broken = { kind: 'raw', body: Buffer.from('k8s\0\x0a\xff'), headers } as const;
  bed.server.intercept((request) => (request.headers.accept?.includes('protobuf') ? broken : null));
  const list = listOf(bed.connection());
  const failure = await problem(read(list));
  expect(failure.cause).toEqual({ kind: 'malformed' });
  expect(failure.message).toContain('a list of pods that is broken');
  expect((await read(list)).objects).toHaveLength(3);
});

test('the page that was asked for ahead is not waited for when the one before is not taken', async () => {
  await using bed = await withPods(1200);
  bed.server.intercept(({ query }) => (query.has('continue') ? { kind: 'hang' } : null));
  const list = new ObjectList(bed.connection(), PODS, null, {
    page: () => {
      throw new Failure({ kind: 'malformed' }, 'not taken');
    },
    restart: () => {},
  });
  expect((await problem(list.read(signal))).message).toBe('not taken');
});

test('R17 the list of one namespace', async () => {
  await using bed = await withPods(1);
  bed.server.store.set(PODS, { metadata: { name: 'x', namespace: 'ops' } });
  const { objects } = await read(listOf(bed.connection(), 'ops'));
  expect(objects.map(({ namespace, name }) => [namespace, name])).toEqual([['ops', 'x']]);
});

test('R3 a page that failed is asked for again where the list stopped', async () => {
  await using bed = await withPods(1200);
  const { server } = bed;
  server.failOnce(({ query }) => query.get('continue') === 'page-2', { kind: 'status', code: 500 });
  const list = listOf(bed.connection());
  expect((await problem(read(list))).status).toBe(500);
  expect((await read(list)).objects).toHaveLength(1200);
  expect(server.requests).toHaveLength(4);
});

test('R3 B8 a list that expires while it is read starts again, once', async () => {
  await using bed = await withPods(1200);
  const { server } = bed;
  const second = { kind: 'status', code: 410, reason: 'Expired' } as const;
  server.failOnce(({ query }) => query.get('continue') === 'page-1', second);
  const connection = bed.connection();
  expect((await read(listOf(connection))).objects).toHaveLength(1200);

  server.intercept(({ query }) => (query.has('continue') ? second : null));
  const list = listOf(connection);
  expect((await problem(read(list))).status).toBe(410);
  expect(server.requests.slice(-4).map(({ query }) => query.has('continue'))).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

test('B18 a page that takes too long to arrive is asked for in smaller sizes', async () => {
  await using bed = await withPods(30);
  const { server, clock } = bed;
  server.intercept(({ query }) => (query.get('limit') === '20' ? null : { kind: 'stall' }));
  const connection = bed.connection();
  const reading = read(listOf(connection));
  for (const limit of ['500', '100']) {
    await server.until(() => server.requests.at(-1)?.query.get('limit') === limit);
    // the head of the answer is real traffic, which the clock knows nothing of
    while (connection.lastByteAt !== clock.monotonic()) await new Promise(setImmediate);
    clock.advance(30_000);
  }
  expect((await reading).objects).toHaveLength(30);
  const limits = server.requests.map(({ query }) => query.get('limit'));
  expect(limits).toEqual(['500', '100', '20', '20']);
});

test('B3 no answer at all is told, and the next page is smaller', async () => {
  await using bed = await withPods(30);
  const { server, clock } = bed;
  server.failOnce(() => true, { kind: 'hang' });
  const list = listOf(bed.connection());
  const reading = problem(read(list));
  await server.until(() => server.requests.length === 1);
  clock.advance(30_000);
  expect((await reading).cause).toEqual({ kind: 'timeout' });
  expect((await read(list)).objects).toHaveLength(30);
  expect(server.requests[1]?.query.get('limit')).toBe('100');
});

test('B17 a page that is too large is asked for in smaller sizes', async () => {
  await using bed = await withPods(3);
  const body = Buffer.alloc(65 * 1024 * 1024, 0x20);
  bed.server.intercept(({ query }) =>
    query.get('limit') === '500' ? { kind: 'raw', body } : null,
  );
  expect((await read(listOf(bed.connection()))).objects).toHaveLength(3);
});

const page = (content: object) =>
  ({ kind: 'raw', body: JSON.stringify({ apiVersion: 'v1', ...content }) }) as const;
const metadata = { resourceVersion: '5' };
const pod = { metadata: { name: 'a', namespace: 'shop', uid: 'u', resourceVersion: '1' } };

test('input 65: no items at all is an empty list', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => page({ metadata, items: null }));
  expect(await read(listOf(bed.connection()))).toEqual({
    objects: [],
    resourceVersion: '5',
  });
});

test('input 65: a list that continues with itself ends as a failure', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => page({ metadata: { ...metadata, continue: 'same' }, items: [pod] }));
  const failure = await problem(read(listOf(bed.connection())));
  expect(failure.message).toContain('never ends');
  expect(bed.server.requests).toHaveLength(2);
});

test.each([
  ['items that are no list', { metadata, items: {} }],
  ['no resourceVersion', { items: [] }],
  ['another apiVersion', { apiVersion: 'v2', metadata, items: [] }],
  ['an object without a name', { metadata, items: [{ metadata: { ...pod.metadata, name: '' } }] }],
  [
    'an object without a uid',
    { metadata, items: [{ metadata: { ...pod.metadata, uid: undefined } }] },
  ],
  ['an object of another kind', { metadata, items: [{ ...pod, kind: 'Secret' }] }],
  [
    'an object without its namespace',
    { metadata, items: [{ metadata: { ...pod.metadata, namespace: undefined } }] },
  ],
  ['an item that is no object', { metadata, items: ['a'] }],
])('R11 %s is a failure, not an absence', async (_, content) => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => page(content));
  const failure = await problem(read(listOf(bed.connection())));
  expect(failure.cause).toEqual({ kind: 'malformed' });
});

test('input 66: a version that is empty or no number is accepted', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => page({ metadata: { resourceVersion: '' }, items: [] }));
  expect((await read(listOf(bed.connection()))).resourceVersion).toBe('');
});

test('R21 more objects than memory is planned for are refused', async () => {
  await using bed = await withPods(11);
  const failure = await problem(read(listOf(bed.connection(), null, 10)));
  expect(failure.cause).toEqual({ kind: 'too-many-objects' });
  expect(failure.message).toBe('more than 10 pods: too many to hold');
});
