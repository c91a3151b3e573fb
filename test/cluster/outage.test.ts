import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PODS } from '#lib/model/resource.ts';
import {
  type KubernetesApiSource,
  openKubernetesApi,
} from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { ManualClock } from '#lib/testing/manual-clock.ts';
import { RecordingSink } from '#lib/testing/recording-sink.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { apply, namespace, pod, remove, untilFresh } from './objects.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  await apply(server.call, namespace('shop'));
});
afterAll(() => server.stop());

let source: KubernetesApiSource;
let sink: RecordingSink;

beforeEach(async () => {
  for (const name of ['a', 'b', 'c', 'd']) await apply(server.call, pod(name, 'shop'));
});
afterEach(() => source.stop());

async function follow(clock?: ManualClock): Promise<void> {
  const kubeConfig = { file: server.kubeconfig, environment: {} };
  source = openKubernetesApi({ kubeConfig, ...(clock && { clock }) });
  sink = new RecordingSink();
  source.start([PODS, NETWORK_POLICIES], sink);
  await becomes('live');
}

const are = (status: string) =>
  [PODS, NETWORK_POLICIES].every((resource) => sink.status(resource) === status);
const becomes = (status: string) => sink.until(() => are(status));

/** What a test has to notice later: pods gone, made anew under their name, and added. */
async function change(call: ApiServer['call']): Promise<void> {
  await remove(call, pod('a', 'shop'));
  await remove(call, pod('b', 'shop'));
  await apply(call, pod('b', 'shop', { made: 'anew' }));
  await apply(call, pod('e', 'shop'));
  await apply(call, pod('c', 'shop', { changed: 'yes' }));
}

test.each([
  ['over the history kept', false],
  ['with the history compacted away', true],
])('B2 B21 kube-apiserver is killed and comes back: nothing is lost, %s', async (_, compacted) => {
  await follow();
  const before = sink.names(PODS);
  await server.kill();
  await becomes('stale');
  expect(sink.state(PODS)).toMatchObject({ since: expect.stringMatching(/^\d{4}-/) });
  expect(sink.names(PODS)).toEqual(before);
  const replica = await server.replica();
  await change(replica.call);
  await replica.stop();
  if (compacted) await server.compact();
  await server.restart();
  const returned = performance.now();
  await untilFresh(server.call, sink, PODS);
  await becomes('live');
  // ten seconds between two tries, one until a watch has proved itself, and the work itself
  expect(performance.now() - returned).toBeLessThan(13_000);
  expect(sink.names(PODS)).toEqual(['shop/b', 'shop/c', 'shop/d', 'shop/e']);
  // it goes on from there
  await remove(server.call, pod('e', 'shop'));
  await untilFresh(server.call, sink, PODS);
});

test('B3 kube-apiserver freezes with its connections open, and thaws', async () => {
  const clock = new ManualClock();
  await follow(clock);
  server.pause();
  clock.advance(30_000);
  const { requests } = source.statistics();
  // the heartbeat goes out; it waits for 15 s
  while (source.statistics().requests === requests) await new Promise(setImmediate);
  clock.advance(15_000);
  await becomes('stale');
  server.resume();
  await change(server.call);
  for (let seconds = 0; seconds < 10 && !are('live'); seconds += 1) {
    clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await becomes('live');
  await untilFresh(server.call, sink, PODS);
});

test('B1 kube-apiserver is down at the start, and comes', async () => {
  await server.kill();
  const kubeConfig = { file: server.kubeconfig, environment: {} };
  source = openKubernetesApi({ kubeConfig });
  sink = new RecordingSink();
  source.start([PODS, NETWORK_POLICIES], sink);
  await becomes('failed');
  expect(sink.state(PODS)).toMatchObject({ message: `cannot reach ${server.url}: ECONNREFUSED` });
  await server.restart();
  await becomes('live');
  await untilFresh(server.call, sink, PODS);
});
