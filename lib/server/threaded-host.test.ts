import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { askedView } from '#lib/testing/asked-view.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { parseGraphQuery } from '#lib/view/query-schema.ts';
import type { ClusterHost } from './cluster-host.ts';
import { createLog } from './log.ts';
import type { Answer, Question } from './question.ts';
import { createThreadedHost, type ThreadOptions } from './threaded-host.ts';
import type { WatchedQuestion } from './view-watches.ts';

/** Real threads, over manifests; what goes wrong in them is planted by their names. */

const FAULTY = new URL('../testing/faulty-cluster-worker.ts', import.meta.url);

const MANIFESTS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: a, image: b}]}
`;

const hosts: ClusterHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

function open(name: string, options: Partial<ThreadOptions> = {}) {
  const told: ClusterSummary[] = [];
  const host = createThreadedHost(
    {
      name,
      origin: { kind: 'manifests', path: name },
      opening: { kind: 'text', text: MANIFESTS, name },
      profile: KUBERNETES_PROFILE,
      logLevel: 'silent',
    },
    {
      log: createLog('silent'),
      onChange: (summary) => told.push(summary),
      clusterMemory: 512,
      program: FAULTY,
      restartMs: 10,
      ...options,
    },
  );
  hosts.push(host);
  return { host, told };
}

const GRAPH: WatchedQuestion = { view: 'graph', query: parseGraphQuery(new URLSearchParams()) };
const workload = (name: string): Question => ({
  view: 'workload',
  namespace: 'shop',
  kind: 'Pod',
  name,
});
const live = (host: ClusterHost) =>
  vi.waitFor(() => expect(host.summary().freshness.status).toBe('live'), { timeout: 20_000 });

describe('questions', () => {
  test('are answered from the thread, and by their kind refused', async () => {
    const { host } = open('well', { program: new URL('./cluster-worker.ts', import.meta.url) });
    expect(await host.ask(GRAPH)).toMatchObject({ kind: 'not-ready' });
    host.start();
    expect(host.summary()).toMatchObject({ revision: 0, freshness: { status: 'syncing' } });
    // Asked of a thread that has read nothing yet.
    expect(await host.ask(GRAPH)).toMatchObject({ kind: 'not-ready' });
    await live(host);
    const asking = { ask: (_: string, question: Question) => host.ask(question) };
    expect((await askedView<GraphView>(asking, 'well', GRAPH)).nodes).toHaveLength(2);
    expect(await host.ask(workload('nope'))).toMatchObject({ kind: 'not-found' });
    const query = { from: 'shop/nope', to: 'shop/web', port: null };
    expect(await host.ask({ view: 'explanation', query })).toMatchObject({
      kind: 'bad-question',
      parameter: 'from',
    });
  });

  test('that are the same are written once, and known answers are not sent', async () => {
    const { host } = open('well');
    host.start();
    await live(host);
    const [first, second] = await Promise.all([host.ask(GRAPH), host.ask(GRAPH)]);
    expect(second).toBe(first);
    const { tag = '' } = first as Extract<Answer, { kind: 'view' }>;
    expect(await host.ask(GRAPH, [tag])).toMatchObject({ kind: 'unchanged', tag, revision: 1 });
    expect(await host.ask(workload('web'), [tag])).toMatchObject({ kind: 'view' });
  });

  test('are given up when nobody answers them', async () => {
    const { host } = open('hangs', { answerMs: 300 });
    host.start();
    await live(host);
    await pass(500);
    expect(await host.ask(GRAPH)).toMatchObject({ kind: 'too-slow' });
    expect(await host.ask(GRAPH)).toMatchObject({ kind: 'too-slow' });
  });
});

test('while a thread analyses, this one goes on', async () => {
  const { host, told } = open('slow');
  host.start();
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks++;
    host.summary();
  }, 10);
  await live(host);
  clearInterval(ticking);
  // The analysis takes 1.5 s; a thread that shared its loop would have ticked a few times only.
  expect(ticks).toBeGreaterThan(50);
  expect(told.at(-1)?.revision).toBe(1);
});

test('what a thread that is not heard of shows is old, until it is heard again', async () => {
  const { host, told } = open('pauses', { silentMs: 1200 });
  host.start();
  const stale = {
    status: 'stale',
    cause: 'its thread has been busy for more than 1.2 s',
  };
  await vi.waitFor(() => expect(host.summary().freshness).toMatchObject(stale), {
    timeout: 20_000,
  });
  expect(host.summary().revision).toBe(1);
  await live(host);
  expect(told.at(-1)).toMatchObject({ revision: 1, freshness: { status: 'live' } });
});

describe('a thread that ends by itself', () => {
  test('is started again; meanwhile the last state is shown as old', async () => {
    const { host, told } = open('crashes-once');
    host.start();
    await vi.waitFor(() => expect(host.summary().revision).toBe(2), { timeout: 20_000 });
    const after = told.filter(({ revision }) => revision > 0);
    expect(after.map(({ revision, freshness }) => [revision, freshness.status])).toEqual([
      [1, 'live'],
      [1, 'stale'],
      [2, 'live'],
    ]);
    expect(after[1]?.freshness).toMatchObject({
      since: after[0]?.readAt,
      cause: 'reading it failed here: planted',
    });
    expect(await host.ask(GRAPH)).toMatchObject({ kind: 'view', revision: 2 });
  });

  test('leaves no question unanswered', async () => {
    const { host } = open('crashes-once');
    host.start();
    const answers: Promise<Answer>[] = [];
    const asking = setInterval(() => answers.push(host.ask(GRAPH)), 5);
    await vi.waitFor(() => expect(host.summary().revision).toBe(2), { timeout: 20_000 });
    clearInterval(asking);
    const kinds = new Set((await Promise.all(answers)).map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['not-ready', 'view']));
  });

  test('takes along neither what is watched nor what is exported', async () => {
    const { host } = open('crashes-once');
    const tags: (string | null)[] = [];
    host.watch(GRAPH, ({ tag }) => tags.push(tag));
    host.start();
    await live(host);
    const exported = await host.openExport({ format: 'csv' });
    if (exported.kind !== 'opened') throw new Error(exported.kind);
    await vi.waitFor(() => expect(host.summary().revision).toBe(2), { timeout: 20_000 });
    // Cut short, and not silently at its end.
    await expect(exported.next()).rejects.toThrow();
    // Once by each thread, and of the same view; before that, perhaps, that there is none yet.
    await vi.waitFor(() => expect(tags.filter((tag) => tag !== null)).toHaveLength(2));
    expect(new Set(tags.filter((tag) => tag !== null)).size).toBe(1);
  });

  test('again and again is waited for ever longer, and says so', async () => {
    const { host, told } = open('crashes');
    host.start();
    expect((await host.settled()).freshness).toEqual({
      status: 'unreachable',
      cause: 'reading it failed here: planted',
      attempt: 1,
    });
    await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(3), { timeout: 20_000 });
    expect(told.map(({ freshness }) => freshness)).toMatchObject([
      { attempt: 1 },
      { attempt: 2 },
      { attempt: 3 },
    ]);
    expect(await host.ask(GRAPH)).toMatchObject({ kind: 'not-ready' });
  });

  test('for want of memory says what allows it more', async () => {
    const { host, told } = open('hungry', { clusterMemory: 64, restartMs: 60_000 });
    host.start();
    await vi.waitFor(
      () =>
        expect(told.at(-1)?.freshness).toMatchObject({
          cause: expect.stringContaining('SIGHTLINE_CLUSTER_MEMORY_MB'),
        }),
      { timeout: 20_000 },
    );
  });
});

test('a thread that is stopped is gone, and answers nothing more', async () => {
  const { host, told } = open('well');
  host.start();
  await live(host);
  const before = told.length;
  await host.stop();
  expect(await host.ask(GRAPH)).toMatchObject({ kind: 'not-ready' });
  await host.stop();
  expect(told).toHaveLength(before);
});
