import { expect, test } from 'vitest';
import { CLUSTER_RESOURCES, NAMESPACES, NODES, PODS } from '#lib/model/resource.ts';
import { clusterSourceContract } from '#lib/sources/cluster-source.contract.ts';
import type { SourceSink } from '#lib/sources/cluster-source.ts';
import { ApiTestbed } from '#lib/testing/api-testbed.ts';
import { kubeConfigText } from '#lib/testing/fake-kubeconfig.ts';
import { KubeConfigError } from './kubeconfig-file.ts';
import { openKubernetesApi } from './kubernetes-api-source.ts';

for (const protobuf of [false, true])
  clusterSourceContract(`kubernetes-api, ${protobuf ? 'with protobuf' : 'all in JSON'},`, {
    contents: 'given',
    changes: true,
    open: async (objects) => {
      const bed = await ApiTestbed.start({ protobuf });
      for (const object of objects) bed.apply(object);
      return {
        source: bed.source(),
        set: async (object) => bed.apply(object),
        delete: async (object) => bed.remove(object),
        close: () => bed[Symbol.asyncDispose](),
      };
    },
  });

const pod = (name: string) => ({ metadata: { name, namespace: 'shop' } });
const allLive = (bed: ApiTestbed) =>
  bed.sink.until(() => CLUSTER_RESOURCES.every((resource) => bed.sink.status(resource) === 'live'));

test('it says which cluster it reads', async () => {
  await using bed = await ApiTestbed.start();
  const source = bed.source();
  expect(source.origin).toEqual({
    kind: 'kubernetes-api',
    context: 'test',
    server: bed.server.url,
  });
  expect(source.verifiesServer).toBe(false);
});

test('nothing is asked before the start, and a context that cannot be used is told at once', async () => {
  await using bed = await ApiTestbed.start();
  bed.source();
  expect(bed.server.requests).toEqual([]);
  const kubeConfig = { file: bed.directory.file('config'), environment: {}, allowHttp: true };
  expect(() => openKubernetesApi({ kubeConfig, context: 'prod' })).toThrow(KubeConfigError);
});

test('every resource is read, by GET alone', async () => {
  await using bed = await ApiTestbed.start();
  bed.start(...CLUSTER_RESOURCES);
  await allLive(bed);
  expect(bed.server.requests).toHaveLength(CLUSTER_RESOURCES.length * 2);
  expect(new Set(bed.server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
});

test('R14 an exception of the sink does not stop the source', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.store.set(PODS, pod('a'));
  const source = bed.source();
  const sink: SourceSink = {
    changed: (...change) => {
      bed.sink.changed(...change);
      throw new Error('not mine');
    },
    stateChanged: (...state) => {
      bed.sink.stateChanged(...state);
      throw new Error('not mine');
    },
    problemsChanged: () => {},
  };
  source.start([PODS], sink);
  await bed.sink.until(() => bed.sink.status(PODS) === 'live');
  bed.server.store.set(PODS, pod('b'));
  await bed.sink.until(() => bed.sink.names(PODS).length === 2);
  expect(source.statistics().sinkErrors).toBe(bed.sink.calls.length);
});

test('R15 stopping twice is stopping once; no socket, no timer, no word after it', async () => {
  await using bed = await ApiTestbed.start();
  const source = bed.start(...CLUSTER_RESOURCES);
  await allLive(bed);
  const calls = bed.sink.calls.length;
  await Promise.all([source.stop(), source.stop()]);
  await source.stop();
  bed.server.store.set(PODS, pod('late'));
  expect(bed.clock.pending).toBe(0);
  await bed.server.until(() => bed.server.sockets === 0);
  expect(bed.sink.calls).toHaveLength(calls);
});

test.each(['hang', 'reset'] as const)(
  'R15 stopping while the server does %s leaves nothing behind',
  async (kind) => {
    await using bed = await ApiTestbed.start();
    bed.server.intercept(() => ({ kind }));
    const source = bed.start(PODS, NODES);
    await bed.server.until(() => bed.server.requests.length >= 2);
    await source.stop();
    expect(bed.clock.pending).toBe(0);
    await bed.server.until(() => bed.server.sockets === 0);
    expect(bed.server.requests).toHaveLength(2);
  },
);

test('R15 stopping before the start is allowed, and starting twice is not', async () => {
  await using bed = await ApiTestbed.start();
  await bed.source().stop();
  const source = bed.start(PODS);
  expect(() => source.start([PODS], bed.sink)).toThrow('once');
});

test('R15 stopping does not wait for a credential plugin', async () => {
  await using bed = await ApiTestbed.start();
  const args = ['-e', 'setInterval(() => {}, 1000)'];
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args };
  bed.writeKubeConfig({ user: { exec } });
  const source = bed.start(PODS);
  await source.stop();
  expect(bed.clock.pending).toBe(0);
  expect(bed.server.requests).toEqual([]);
});

test('B14 a credential plugin that fails is a state with a reason, and does no harm to others', async () => {
  await using bed = await ApiTestbed.start();
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' };
  bed.writeKubeConfig({ user: { exec } });
  bed.start(PODS);
  await bed.sink.until(() => bed.sink.status(PODS) === 'failed');
  expect(bed.sink.state(PODS)).toEqual({
    status: 'failed',
    message: 'the credential plugin no-such-plugin was not found',
    attempt: 1,
  });
});

test('B13 a token that expires is replaced without a word', async () => {
  await using bed = await ApiTestbed.start();
  const tokenFile = bed.directory.write('token', 'old');
  bed.directory.write('config', kubeConfigText({ server: bed.server.url, user: { tokenFile } }));
  bed.server.token = 'old';
  bed.start(PODS);
  await bed.sink.until(() => bed.sink.status(PODS) === 'live');
  bed.server.token = 'new';
  bed.directory.write('token', 'new');
  bed.server.watchOf('pods').reset();
  await bed.sink.until(() => bed.sink.status(PODS) === 'stale');
  bed.clock.advance(1000);
  await bed.server.until(() => bed.server.watches.length === 1);
  bed.server.store.set(PODS, pod('a'));
  await bed.sink.until(() => bed.sink.status(PODS) === 'live');
});

test('B3 R22 a server that freezes is noticed within 45 s, and is live again within 10 s', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.store.set(PODS, pod('a'));
  bed.start(PODS, NAMESPACES);
  await bed.sink.until(() => [PODS, NAMESPACES].every((kind) => bed.sink.status(kind) === 'live'));
  const thaw = bed.server.intercept(() => ({ kind: 'hang' }));
  for (const watch of bed.server.watches) watch.freeze();
  bed.clock.advance(30_000);
  await bed.server.until(() => bed.server.requests.at(-1)?.path === '/version');
  bed.clock.advance(15_000);
  await bed.sink.until(() => [PODS, NAMESPACES].every((kind) => bed.sink.status(kind) === 'stale'));
  expect(bed.sink.state(PODS)).toMatchObject({ cause: `${bed.server.url} gave no answer in 15 s` });
  expect(bed.sink.names(PODS)).toEqual(['shop/a']);
  thaw();
  bed.server.store.set(PODS, pod('b'));
  bed.clock.advance(10_000);
  await bed.sink.until(() => bed.sink.names(PODS).length === 2);
  await bed.sink.until(() => bed.sink.status(PODS) === 'live');
});

test('B2 whoever reaches the server first tells the others', async () => {
  await using bed = await ApiTestbed.start();
  const { server, sink, clock } = bed;
  const fails = server.intercept(({ resource }) =>
    resource === 'nodes' ? { kind: 'reset' } : null,
  );
  bed.start(PODS, NODES);
  await sink.until(() => sink.status(PODS) === 'live');
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await sink.until(() => {
      const state = sink.state(NODES);
      return state?.status === 'failed' && state.attempt === attempt;
    });
    if (attempt < 8) clock.advance(10_000);
  }
  clock.advance(500);
  fails();
  server.watchOf('pods').end();
  // nobody waits for the clock any more
  await sink.until(() => sink.status(NODES) === 'live');
});

test('B3 a server that says something is not asked whether it is there', async () => {
  await using bed = await ApiTestbed.start();
  const source = bed.start(PODS);
  await bed.sink.until(() => bed.sink.status(PODS) === 'live');
  for (let half = 0; half < 4; half += 1) {
    bed.clock.advance(20_000);
    bed.server.store.skipVersions(1);
    bed.server.watchOf('pods').bookmark();
    const version = String(bed.server.store.version);
    while (source.statistics().resources.get('pods')?.resourceVersion !== version) {
      await new Promise(setImmediate);
    }
  }
  expect(bed.server.requests.filter(({ path }) => path === '/version')).toEqual([]);
});

test('R19 what was done is told', async () => {
  await using bed = await ApiTestbed.start();
  const source = bed.start(PODS);
  await bed.sink.until(() => bed.sink.status(PODS) === 'live');
  expect(source.statistics()).toEqual({
    requests: 2,
    sinkErrors: 0,
    resources: new Map([
      [
        'pods',
        {
          lists: 1,
          watches: 1,
          malformed: 0,
          resourceVersion: String(bed.server.store.version),
          provenAt: bed.clock.now().toISOString(),
        },
      ],
    ]),
  });
});
