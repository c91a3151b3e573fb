import { expect, test } from 'vitest';
import { PODS } from '#lib/model/resource.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { ApiTestbed, NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { ObjectIndex } from './object-index.ts';
import { type Denial, Reflector } from './reflector.ts';

/** A reflector of pods that tells the sink of the testbed. */
function reflect(bed: ApiTestbed, resource = PODS) {
  const statistics = { lists: 0, watches: 0, malformed: 0, resourceVersion: '', provenAt: null };
  const stop = new AbortController();
  const reflector = new Reflector({
    connection: bed.connection(),
    resource,
    namespace: null,
    clock: bed.clock,
    index: new ObjectIndex(),
    statistics,
    listener: {
      changed: (changes) => bed.sink.changed(resource, changes),
      stateChanged: (state) => bed.sink.stateChanged(resource, state),
    },
  });
  const running: Promise<Denial | null> = reflector.run(stop.signal);
  bed.defer(async () => {
    stop.abort();
    await running;
  });
  return { running, statistics };
}

const pod = (name: string, labels = {}) => ({ metadata: { name, namespace: 'shop', labels } });
const live = (bed: ApiTestbed) => bed.sink.until(() => bed.sink.status(PODS) === 'live');
const stale = (bed: ApiTestbed) => bed.sink.until(() => bed.sink.status(PODS) === 'stale');
const causeOf = (state: ListState | undefined) => (state?.status === 'stale' ? state.cause : null);

/** As sharp a check as there is: what is shown is what a fresh list would give. */
async function expectFresh(bed: ApiTestbed): Promise<void> {
  const page = bed.server.store.list(PODS, null, 0, null);
  const versions = (objects: readonly { readonly metadata?: unknown }[]) =>
    objects.map(({ metadata }) => {
      const { name, uid, resourceVersion } = metadata as Record<string, string>;
      return `${name} ${uid} ${resourceVersion}`;
    });
  const wanted = versions(page?.items ?? []).sort();
  await bed.sink.until(() => versions(bed.sink.objects(PODS)).sort().join() === wanted.join());
}

async function start(names: readonly string[] = ['a', 'b']): Promise<ApiTestbed> {
  const bed = await ApiTestbed.start();
  for (const name of names) bed.server.store.set(PODS, pod(name));
  return bed;
}

test('R3 the first list is one batch, and the state tells how far it is', async () => {
  await using bed = await start(Array.from({ length: 1200 }, (_, index) => `p${index}`));
  reflect(bed);
  await live(bed);
  expect(bed.sink.batches(PODS).map(({ length }) => length)).toEqual([1200]);
  expect(bed.sink.calls.map((call) => (call.kind === 'state' ? call.state : call.kind))).toEqual([
    { status: 'syncing', objects: 500, expected: 1200 },
    { status: 'syncing', objects: 1000, expected: 1200 },
    { status: 'syncing', objects: 1200, expected: 1200 },
    'changed',
    { status: 'live' },
  ]);
});

test('R3 a large first list comes in parts, all of them before it counts as complete', async () => {
  await using bed = await start(Array.from({ length: 4500 }, (_, index) => `p${index}`));
  reflect(bed);
  await live(bed);
  expect(bed.sink.batches(PODS).map(({ length }) => length)).toEqual([2000, 2000, 500]);
  expect(bed.sink.names(PODS)).toHaveLength(4500);
  const calls = bed.sink.calls.map((call) => (call.kind === 'state' ? call.state.status : 'part'));
  expect(calls.slice(calls.indexOf('part'))).toEqual(['part', 'part', 'part', 'live']);
});

test('changes are followed', async () => {
  await using bed = await start();
  const { store } = bed.server;
  reflect(bed);
  await live(bed);
  store.set(PODS, pod('c'));
  store.set(PODS, pod('a', { app: 'new' }));
  store.delete(PODS, 'shop', 'b');
  await expectFresh(bed);
  expect(bed.sink.names(PODS)).toEqual(['shop/a', 'shop/c']);
});

test('R16 events that arrive together are one batch', async () => {
  await using bed = await start([]);
  const { server, sink } = bed;
  reflect(bed);
  await live(bed);
  const events = Array.from({ length: 50 }, (_, index) => {
    const metadata = {
      name: `p${index}`,
      namespace: 'shop',
      uid: `u${index}`,
      resourceVersion: `${900 + index}`,
    };
    return JSON.stringify({ type: 'ADDED', object: { apiVersion: 'v1', kind: 'Pod', metadata } });
  });
  server.watchOf('pods').write(`${events.join('\n')}\n`);
  await sink.until(() => sink.names(PODS).length === 50);
  expect(sink.batches(PODS)).toHaveLength(1);
});

test('R7 a regular end is followed by a watch from where it ended, within the gap', async () => {
  await using bed = await start();
  const { server, clock } = bed;
  reflect(bed);
  await live(bed);
  server.store.set(PODS, pod('c'));
  await expectFresh(bed);
  const version = String(server.store.version);
  server.watchOf('pods').end();
  await server.until(() => server.watches.length === 0);
  await server.store.set(PODS, pod('d'));
  await clock.until(() => clock.next === 250);
  expect(server.asked('pods', 'watch')).toHaveLength(1);
  clock.advance(250);
  await expectFresh(bed);
  expect(server.asked('pods', 'watch')[1]?.query.get('resourceVersion')).toBe(version);
  expect(server.asked('pods', 'list')).toHaveLength(1);
  expect(bed.sink.state(PODS)).toEqual({ status: 'live' });
});

test('R6 a bookmark moves the version on', async () => {
  await using bed = await start();
  const { server, clock } = bed;
  const { statistics } = reflect(bed);
  await live(bed);
  server.store.skipVersions(1000);
  server.watchOf('pods').bookmark();
  while (statistics.resourceVersion !== String(server.store.version))
    await new Promise(setImmediate);
  server.store.compact();
  server.watchOf('pods').reset();
  await stale(bed);
  clock.advance(1000);
  await server.until(() => server.watches.length === 1);
  expect(server.asked('pods', 'list')).toHaveLength(1);
});

test('R7 a watch that ends at once and says nothing has failed', async () => {
  await using bed = await start();
  const { server } = bed;
  reflect(bed);
  await live(bed);
  server.watchOf('pods').end();
  await stale(bed);
  expect(causeOf(bed.sink.state(PODS))).toBe('the API server ended the watch at once');
});

test('R8 it never gives up, and says so with each try', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  reflect(bed);
  await live(bed);
  const restore = server.intercept(() => ({ kind: 'status', code: 500 }));
  server.watchOf('pods').reset();
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    await sink.until(() => {
      const state = sink.state(PODS);
      return state?.status === 'stale' && state.attempt === attempt;
    });
    if (attempt === 100) restore();
    clock.advance(10_000);
  }
  await server.until(() => server.watches.length === 1);
  server.store.set(PODS, pod('c'));
  await expectFresh(bed);
  await live(bed);
});

test('B1 a server that is not there yet is a failure with a number, then syncs', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  await server.close();
  reflect(bed);
  await sink.until(() => sink.status(PODS) === 'failed');
  expect(sink.state(PODS)).toEqual({
    status: 'failed',
    message: `cannot reach ${server.url}: ECONNREFUSED`,
    attempt: 1,
  });
  await server.open();
  clock.advance(1000);
  await live(bed);
  await expectFresh(bed);
});

test('B2 stale tells since when, and nothing that was shown is lost', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  reflect(bed);
  await live(bed);
  const since = clock.now().toISOString();
  clock.advance(5000);
  await server.close();
  await stale(bed);
  expect(sink.state(PODS)).toMatchObject({ status: 'stale', since, attempt: 1 });
  expect(sink.names(PODS)).toEqual(['shop/a', 'shop/b']);
  server.store.set(PODS, pod('c'));
  await server.open();
  clock.advance(1000);
  await server.until(() => server.watches.length === 1);
  await expectFresh(bed);
  await live(bed);
  expect(server.asked('pods', 'list')).toHaveLength(1);
});

test('a watch taken up again is live after a second, when it did not fail at once', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  reflect(bed);
  await live(bed);
  server.watchOf('pods').reset();
  await stale(bed);
  clock.advance(1000);
  await server.until(() => server.watches.length === 1);
  // the timers of the open watch: silence, longest time, and the second itself
  await clock.until(() => clock.pending === 3);
  expect(sink.status(PODS)).toBe('stale');
  clock.advance(1000);
  expect(sink.status(PODS)).toBe('live');
});

test('B5 a connection reset within an event loses and doubles nothing, wherever it is cut', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  const event = { type: 'MODIFIED', object: { apiVersion: 'v1', kind: 'Pod' } };
  reflect(bed);
  await live(bed);
  const length = JSON.stringify(event).length + 150;
  for (let cut = 0; cut < length; cut += 37) {
    const watch = server.watchOf('pods');
    watch.freeze();
    const stored = server.store.set(PODS, pod('a', { cut: String(cut) }));
    const line = `${JSON.stringify({ ...event, object: { ...event.object, ...stored } })}\n`;
    watch.cut(line.slice(0, cut));
    await server.until(() => server.watches.length === 0);
    await stale(bed);
    clock.advance(1000);
    await server.until(() => server.watches.length === 1);
    await expectFresh(bed);
    await clock.until(() => clock.pending === 2 || clock.pending === 3);
    clock.advance(30_000);
    await live(bed);
  }
  expect(server.asked('pods', 'list')).toHaveLength(1);
  const sets = sink
    .batches(PODS)
    .flat()
    .filter(({ type }) => type === 'set');
  expect(sets).toHaveLength(2 + Math.ceil(length / 37));
});

test('B6 a truncated line is read again from the last good version', async () => {
  await using bed = await start();
  const { server, clock } = bed;
  reflect(bed);
  await live(bed);
  const watch = server.watchOf('pods');
  watch.write('{"type":"ADDED","obj');
  watch.end();
  await stale(bed);
  clock.advance(1000);
  await server.until(() => server.watches.length === 1);
  expect(server.asked('pods', 'list')).toHaveLength(1);
});

test('B7 R11 a line that is not understood leads to a new list', async () => {
  await using bed = await start();
  const { server, clock } = bed;
  const { statistics } = reflect(bed);
  await live(bed);
  server.watchOf('pods').freeze();
  server.store.delete(PODS, 'shop', 'a');
  server.watchOf('pods').cut('{"type":"ADDED","object":{}}\n');
  await stale(bed);
  expect(statistics.malformed).toBe(1);
  clock.advance(1000);
  await expectFresh(bed);
  await live(bed);
  expect(bed.sink.names(PODS)).toEqual(['shop/b']);
});

test.each(['in the stream', 'as an answer'])(
  'B8 R9 410 %s: one new list, and what was deleted meanwhile goes',
  async (where) => {
    await using bed = await start();
    const { server, clock } = bed;
    reflect(bed);
    await live(bed);
    server.watchOf('pods').reset();
    await stale(bed);
    server.store.delete(PODS, 'shop', 'a');
    server.store.set(PODS, pod('c'));
    server.store.compact();
    if (where === 'as an answer') {
      const message = 'too old resource version';
      server.failOnce(({ watch }) => watch, {
        kind: 'status',
        code: 410,
        reason: 'Expired',
        message,
      });
    }
    clock.advance(1000);
    await bed.sink.until(() => causeOf(bed.sink.state(PODS)) === 'too old resource version');
    clock.advance(2000);
    await expectFresh(bed);
    await live(bed);
    expect(server.asked('pods', 'list')).toHaveLength(2);
    expect(bed.sink.names(PODS)).toEqual(['shop/b', 'shop/c']);
  },
);

test('R12 B21 a pod made again under its name during an outage is another pod', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  reflect(bed);
  await live(bed);
  await server.close();
  await stale(bed);
  server.store.delete(PODS, 'shop', 'a');
  server.store.set(PODS, pod('a', { app: 'other' }));
  server.store.compact();
  await server.open();
  clock.advance(1000);
  await server.until(() => server.asked('pods', 'watch').length === 2);
  await sink.until(() => causeOf(sink.state(PODS)) === 'too old resource version');
  clock.advance(2000);
  await expectFresh(bed);
  const [first, second] = sink.batches(PODS).at(-1) ?? [];
  expect(first).toEqual({ type: 'delete', namespace: 'shop', name: 'a' });
  expect(second).toMatchObject({
    type: 'set',
    object: { body: { metadata: { labels: { app: 'other' } } } },
  });
});

test('B9 a replica that is behind is asked for its newest list', async () => {
  await using bed = await start();
  const { server, clock } = bed;
  reflect(bed);
  await live(bed);
  server.failOnce(({ watch }) => watch, {
    kind: 'status',
    code: 504,
    reason: 'Timeout',
    message: 'Too large resource version: 12, current: 10',
  });
  server.watchOf('pods').reset();
  await stale(bed);
  clock.advance(1000);
  await bed.sink.until(() => causeOf(bed.sink.state(PODS))?.startsWith('Too large') ?? false);
  clock.advance(2000);
  await live(bed);
  expect(server.asked('pods', 'list')).toHaveLength(2);
});

test('B10 an older state is refused, until it is clear that the past was restored', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  reflect(bed);
  await live(bed);
  await server.close();
  await stale(bed);
  server.store.goBackTo(50);
  server.store.delete(PODS, 'shop', 'a');
  await server.open();
  server.failOnce(({ watch }) => watch, {
    kind: 'status',
    code: 410,
    reason: 'Expired',
    message: 'gone',
  });
  clock.advance(1000);
  await sink.until(() => causeOf(sink.state(PODS)) === 'gone');
  for (let attempt = 3; attempt <= 5; attempt += 1) {
    clock.advance(10_000);
    await sink.until(() => {
      const state = sink.state(PODS);
      return state?.status === 'stale' && state.attempt === attempt;
    });
    expect(causeOf(sink.state(PODS))).toBe('the API server answered with an older state');
    expect(sink.names(PODS)).toEqual(['shop/a', 'shop/b']);
  }
  clock.advance(10_000);
  await live(bed);
  expect(sink.names(PODS)).toEqual(['shop/b']);
});

test('B11 too many requests: the time the server asks for, and no new list', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  reflect(bed);
  await live(bed);
  const headers = { 'retry-after': '7' };
  server.failOnce(({ watch }) => watch, {
    kind: 'status',
    code: 429,
    headers,
    message: 'slow down',
  });
  server.watchOf('pods').reset();
  await stale(bed);
  clock.advance(1000);
  await sink.until(() => causeOf(sink.state(PODS)) === 'slow down');
  expect(clock.next).toBe(7000);
  clock.advance(7000);
  await server.until(() => server.watches.length === 1);
  expect(server.asked('pods', 'list')).toHaveLength(1);
});

test('R17 R18 a list that is denied ends the reflector with the reason', async () => {
  await using bed = await start();
  bed.server.forbid(() => true);
  expect(await reflect(bed).running).toEqual({
    kind: 'forbidden',
    message: 'pods is forbidden: User "viewer" cannot list resource "pods" at the cluster scope',
  });
  await using other = await start();
  other.server.uninstall(NETWORK_POLICIES);
  expect(await reflect(other, NETWORK_POLICIES).running).toEqual({ kind: 'not-installed' });
});

test('a server without the core group is no Kubernetes API', async () => {
  await using bed = await start();
  bed.server.uninstall(PODS);
  reflect(bed);
  await bed.sink.until(() => bed.sink.status(PODS) === 'failed');
  expect(bed.sink.state(PODS)).toMatchObject({ message: expect.stringContaining('404') });
});

test('failures are forgiven after half a minute without one', async () => {
  await using bed = await start();
  const { server, clock, sink } = bed;
  reflect(bed);
  await live(bed);
  for (const rest of [20_000, 30_000]) {
    server.watchOf('pods').reset();
    await stale(bed);
    clock.advance(10_000);
    await server.until(() => server.watches.length === 1);
    await clock.until(() => clock.pending === 3);
    clock.advance(rest);
    expect(sink.status(PODS)).toBe('live');
  }
  server.watchOf('pods').reset();
  await stale(bed);
  const attempts = sink.calls.flatMap((call) =>
    call.kind === 'state' && call.state.status === 'stale' ? [call.state.attempt] : [],
  );
  expect(attempts).toEqual([1, 2, 1]);
});

test('B22 a wall clock that is set changes nothing', async () => {
  await using bed = await start();
  const { server, clock } = bed;
  reflect(bed);
  await live(bed);
  clock.jumpWallClock(-3_600_000);
  server.store.set(PODS, pod('c'));
  await expectFresh(bed);
  clock.jumpWallClock(7_200_000);
  clock.advance(60_000);
  expect(bed.sink.status(PODS)).toBe('live');
});

test('R19 what was done is counted', async () => {
  await using bed = await start();
  const { statistics } = reflect(bed);
  await live(bed);
  expect(statistics).toEqual({
    lists: 1,
    watches: 1,
    malformed: 0,
    resourceVersion: String(bed.server.store.version),
    provenAt: bed.clock.now().toISOString(),
  });
});
