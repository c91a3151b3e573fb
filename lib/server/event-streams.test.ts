import { createServer, get, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import {
  createEventStreams,
  type EventStreams,
  STREAM_LIMITS,
  type StreamLimits,
} from './event-streams.ts';

const SUMMARY: ClusterSummary = {
  name: 'demo',
  origin: { kind: 'demo' },
  freshness: { status: 'live' },
  revision: 1,
  readAt: '2026-01-01T00:00:00.000Z',
  counts: { namespaces: 0, workloads: 0, pods: 0, policies: 0 },
  coverage: { pods: 0, ingress: 0, egress: 0, both: 0 },
  plugin: null,
  resources: [],
  gaps: [],
  problems: [],
};

interface Served {
  readonly events: EventStreams;
  readonly port: number;
}

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A real server, whose streams are about the cluster named in the query. */
async function serve(limits: Partial<StreamLimits> = {}): Promise<Served> {
  const events = createEventStreams({ ...STREAM_LIMITS, ...limits });
  const server: Server = createServer((request, response: ServerResponse) => {
    const cluster = new URL(request.url ?? '', 'http://localhost').searchParams.get('cluster');
    const refusal = events.open(request, response, cluster, [SUMMARY]);
    if (refusal !== null) response.writeHead(refusal.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    events.close();
    server.closeAllConnections();
    server.close();
  });
  return { events, port: (server.address() as AddressInfo).port };
}

/** A reader of a stream; `text` grows. */
async function read(port: number, path = '/') {
  const reader = { text: '', ended: false, status: 0 };
  await new Promise<void>((resolve) => {
    const request = get({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      reader.status = response.statusCode ?? 0;
      response.setEncoding('utf8');
      response.on('data', (data: string) => {
        reader.text += data;
        resolve();
      });
      response.on('close', () => {
        reader.ended = true;
        resolve();
      });
      response.on('error', () => {});
    });
    request.on('error', () => resolve());
    cleanUps.push(() => request.destroy());
  });
  return reader;
}

const summaries = (text: string): readonly ClusterSummary[] =>
  [...text.matchAll(/^event: summary\ndata: ([^\n]*)$/gm)].map(([, data]) =>
    JSON.parse(data ?? ''),
  );

test('a stream starts with when to come back and the whole summary', async () => {
  const { port } = await serve();
  const reader = await read(port);
  await vi.waitFor(() => expect(summaries(reader.text)).toEqual([SUMMARY]));
  expect(Number(/^retry: (\d+)$/m.exec(reader.text)?.[1])).toBeGreaterThanOrEqual(1000);
});

test('changes arrive at most once per interval, and the last one always', async () => {
  const { events, port } = await serve({ intervalMs: 100 });
  const reader = await read(port);
  for (let revision = 2; revision <= 1000; revision++) {
    events.publish({ ...SUMMARY, revision });
    if (revision % 100 === 0) await pass(10);
  }
  await vi.waitFor(() => expect(summaries(reader.text).at(-1)?.revision).toBe(1000));
  expect(summaries(reader.text).length).toBeLessThan(8);
});

test('many readers of long summaries hear less often, and of the last one all the same', async () => {
  const { events, port } = await serve({ intervalMs: 1, bytesPerSecond: 20_000 });
  const reader = await read(port);
  const cause = 'x'.repeat(2000);
  for (let revision = 2; revision <= 60; revision++) {
    events.publish({
      ...SUMMARY,
      revision,
      freshness: { status: 'unreachable', cause, attempt: 1 },
    });
    await pass(5);
  }
  await vi.waitFor(() => expect(summaries(reader.text).at(-1)?.revision).toBe(60));
  // Over 300 ms and what follows, at some nine a second.
  expect(summaries(reader.text).length).toBeLessThan(10);
});

test('a stream of one cluster hears of no other', async () => {
  const { events, port } = await serve({ intervalMs: 1 });
  const [demo, all] = [await read(port, '/?cluster=demo'), await read(port)];
  events.publish({ ...SUMMARY, name: 'other' });
  events.publish({ ...SUMMARY, revision: 2 });
  await vi.waitFor(() => expect(summaries(all.text)).toHaveLength(3));
  expect(summaries(demo.text).map(({ name }) => name)).toEqual(['demo', 'demo']);
});

test('what stands in a cluster cannot start an event of its own', async () => {
  const { events, port } = await serve({ intervalMs: 1 });
  const reader = await read(port);
  const cause = 'x\n\nevent: admin\ndata: {}\r\n\r\u2028';
  events.publish({ ...SUMMARY, freshness: { status: 'unreachable', cause, attempt: 1 } });
  await vi.waitFor(() => expect(summaries(reader.text)).toHaveLength(2));
  expect(summaries(reader.text)[1]?.freshness).toMatchObject({ cause });
  expect(reader.text).not.toMatch(/^event: admin/m);
});

test('silence is broken by a heartbeat', async () => {
  const { port } = await serve({ heartbeatMs: 20 });
  const reader = await read(port);
  await vi.waitFor(() => expect(reader.text).toContain(': heartbeat\n\n: heartbeat\n\n'));
});

test('there is a limit per address and one for all', async () => {
  const perAddress = await serve({ perAddress: 2 });
  await Promise.all([read(perAddress.port), read(perAddress.port)]);
  expect((await read(perAddress.port)).status).toBe(429);
  const total = await serve({ total: 1 });
  await read(total.port);
  expect((await read(total.port)).status).toBe(503);
});

test('a reader that goes makes room', async () => {
  const { events, port } = await serve({ perAddress: 1 });
  const request = get({ port, host: '127.0.0.1', agent: false });
  request.on('error', () => {});
  await vi.waitFor(() => expect(events.size).toBe(1));
  request.destroy();
  await vi.waitFor(() => expect(events.size).toBe(0));
  expect((await read(port)).status).toBe(200);
});

test('a stream does not live for ever', async () => {
  const { events, port } = await serve({ lifetimeMs: 30 });
  const reader = await read(port);
  await vi.waitFor(() => expect(reader.ended).toBe(true));
  expect(events.size).toBe(0);
});

test('readers that do not read are dropped, and others go on', { timeout: 20_000 }, async () => {
  const { events, port } = await serve({
    intervalMs: 1,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    perAddress: 300,
    graceMs: 50,
  });
  const good = await read(port);
  const stuck = Array.from({ length: 200 }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    cleanUps.push(() => socket.destroy());
    return socket;
  });
  await vi.waitFor(() => expect(events.size).toBe(201));
  const before = process.memoryUsage().rss;
  let most = before;
  const cause = 'x'.repeat(20_000);
  for (let revision = 2; events.size > 1; revision++) {
    events.publish({
      ...SUMMARY,
      revision,
      freshness: { status: 'unreachable', cause, attempt: revision },
    });
    await pass(2);
    most = Math.max(most, process.memoryUsage().rss);
    expect(revision).toBeLessThan(2000);
  }
  expect(stuck).toHaveLength(200);
  expect((most - before) / 1024 ** 2).toBeLessThan(100);
  events.publish({ ...SUMMARY, revision: 9999 });
  await vi.waitFor(() => expect(summaries(good.text).at(-1)?.revision).toBe(9999));
});

test('at the end everyone is told bye, and nobody else is let in', async () => {
  const { events, port } = await serve();
  const readers = await Promise.all([read(port), read(port)]);
  events.close();
  await vi.waitFor(() => expect(readers.every(({ ended }) => ended)).toBe(true));
  for (const { text } of readers) expect(text).toMatch(/event: bye\ndata: \{\}\nretry: \d+\n\n$/);
  expect((await read(port)).status).toBe(503);
});
