import { expect, test } from 'vitest';
import { NAMESPACES, PODS } from '#lib/model/resource.ts';
import { ApiTestbed } from '#lib/testing/api-testbed.ts';
import { Failure } from './failure.ts';
import { openWatch, readEvent, type WatchEvent } from './watch-stream.ts';

const metadata = { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '7' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata };

/** An open watch, read one batch at a time. */
async function watch(bed: ApiTestbed, resourceVersion = String(bed.server.store.version)) {
  const stop = new AbortController();
  const batches = await openWatch(
    bed.connection(),
    PODS,
    null,
    resourceVersion,
    bed.clock,
    stop.signal,
  );
  const iterator = batches[Symbol.asyncIterator]();
  // reading starts the timers, so a first read is under way from the beginning
  let pending = iterator.next();
  pending.catch(() => {});
  return {
    stop: () => stop.abort(),
    next: async (): Promise<readonly WatchEvent[] | null> => {
      const { value, done } = await pending;
      if (done) return null;
      pending = iterator.next();
      pending.catch(() => {});
      return value;
    },
    failure: async (): Promise<Failure> => {
      const error = await pending.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof Failure)) throw new Error('no failure');
      return error;
    },
  };
}

const thrown = (line: string): Failure => {
  try {
    readEvent(PODS, line);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('no failure');
};

test('R6 bookmarks are asked for, and a time between five and ten minutes', async () => {
  await using bed = await ApiTestbed.start();
  await watch(bed, '42');
  expect(Object.fromEntries(bed.server.requests[0]?.query ?? [])).toEqual({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: '42',
    timeoutSeconds: '450',
  });
});

test('changes come in order, those that arrive together in one batch', async () => {
  await using bed = await ApiTestbed.start();
  const { store } = bed.server;
  const start = store.version;
  store.set(PODS, pod);
  store.set(PODS, pod);
  store.delete(PODS, 'shop', 'web');
  const watched = await watch(bed, String(start));
  const [added, modified, deleted] = (await watched.next()) ?? [];
  expect([added?.type, modified?.type, deleted?.type]).toEqual(['set', 'set', 'delete']);
  bed.server.watchOf('pods').bookmark();
  expect(await watched.next()).toEqual([
    { type: 'bookmark', resourceVersion: String(store.version) },
  ]);
});

test('R7 a watch that the server ends in the regular way ends without a failure', async () => {
  await using bed = await ApiTestbed.start();
  const watched = await watch(bed);
  bed.server.watchOf('pods').end();
  expect(await watched.next()).toBeNull();
  expect(bed.clock.pending).toBe(0);
});

test('R9 an error event ends the watch, whatever its code', async () => {
  for (const code of [410, 429, 500, 504]) {
    await using bed = await ApiTestbed.start();
    const watched = await watch(bed);
    bed.server.watchOf('pods').error(code, 'Reason', 'message', { retryAfterSeconds: 3 });
    const failure = await watched.failure();
    expect(failure.cause).toEqual({
      kind: 'status',
      status: code,
      reason: 'Reason',
      retryAfterMs: 3000,
    });
    expect(failure.message).toBe('message');
  }
});

test('R10 a watch that is silent for 75 s is ended', async () => {
  await using bed = await ApiTestbed.start();
  const watched = await watch(bed);
  bed.clock.advance(50_000);
  bed.server.watchOf('pods').bookmark();
  await watched.next();
  bed.clock.advance(74_999);
  expect(bed.server.watches).toHaveLength(1);
  bed.clock.advance(1);
  expect((await watched.failure()).cause).toEqual({ kind: 'stalled' });
  await bed.server.until(() => bed.server.watches.length === 0);
});

test('R10 a watch that goes on far longer than asked for is ended', async () => {
  await using bed = await ApiTestbed.start();
  const watched = await watch(bed);
  for (let minute = 0; minute < 8; minute += 1) {
    bed.clock.advance(60_000);
    bed.server.watchOf('pods').bookmark();
    await watched.next();
  }
  bed.clock.advance(15_000);
  expect((await watched.failure()).message).toBe(
    'the watch went on for longer than it was asked for',
  );
});

test('R1 a watch that is not opened in 15 s is given up', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => ({ kind: 'hang' }));
  const opened = watch(bed).catch((error: unknown) => error);
  await bed.server.until(() => bed.server.requests.length === 1);
  bed.clock.advance(15_000);
  expect(await opened).toMatchObject({ cause: { kind: 'timeout' } });
});

test('R11 what came before a bad line is not lost', async () => {
  await using bed = await ApiTestbed.start();
  const watched = await watch(bed);
  const good = JSON.stringify({ type: 'ADDED', object: pod });
  bed.server.watchOf('pods').write(`${good}\n{"garbage\n`);
  expect(await watched.next()).toHaveLength(1);
  expect((await watched.failure()).cause).toEqual({ kind: 'malformed' });
});

test.each([
  ['garbage', '{"type":"ADD'],
  ['a scalar', '5'],
  ['an unknown type', '{"type":"CHANGED","object":{}}'],
  ['no object', '{"type":"ADDED"}'],
  ['an object without metadata', '{"type":"ADDED","object":{}}'],
  [
    'an object without a uid',
    JSON.stringify({ type: 'ADDED', object: { metadata: { ...metadata, uid: '' } } }),
  ],
  [
    'an object without a version',
    JSON.stringify({
      type: 'DELETED',
      object: { metadata: { ...metadata, resourceVersion: null } },
    }),
  ],
  ['input 67: another kind', JSON.stringify({ type: 'ADDED', object: { ...pod, kind: 'Secret' } })],
  [
    'input 67: another apiVersion',
    JSON.stringify({ type: 'ADDED', object: { ...pod, apiVersion: 'v2' } }),
  ],
  ['a bookmark without a version', '{"type":"BOOKMARK","object":{"metadata":{}}}'],
])('B7 R11 %s is a bad line', (_, line) => {
  expect(thrown(line).cause).toEqual({ kind: 'malformed' });
});

test('an error event without a Status counts as 500', () => {
  expect(thrown('{"type":"ERROR"}').status).toBe(500);
});

test('an object of the whole cluster has no namespace', () => {
  const line = JSON.stringify({
    type: 'ADDED',
    object: { metadata: { ...metadata, namespace: undefined } },
  });
  expect(readEvent(NAMESPACES, line)).toMatchObject({ object: { namespace: null, name: 'web' } });
});

test('R15 stopping ends the watch and leaves no timer', async () => {
  await using bed = await ApiTestbed.start();
  const watched = await watch(bed);
  watched.stop();
  await watched.failure();
  expect(bed.clock.pending).toBe(0);
  await bed.server.until(() => bed.server.watches.length === 0);
});
