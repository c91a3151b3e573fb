import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import { PODS, resourceName } from '#lib/model/resource.ts';
import { podChange as pod, ScriptedSource } from '#lib/testing/scripted-source.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { type ClusterHost, type ClusterHostOptions, createClusterHost } from './cluster-host.ts';
import { createLog } from './log.ts';

const hosts: ClusterHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

function setUp(options: Partial<ClusterHostOptions> = {}) {
  const source = new ScriptedSource();
  const told: ClusterSummary[] = [];
  const host = createClusterHost({
    name: 'test',
    origin: { kind: 'kubernetes-api', context: 'test', server: '' },
    open: () => source,
    profile: KUBERNETES_PROFILE,
    log: createLog('silent'),
    onChange: (summary) => told.push(summary),
    ...options,
  });
  hosts.push(host);
  return { source, told, host };
}

const latest = (told: readonly ClusterSummary[]) => told.at(-1);

describe('the first picture', () => {
  test('waits for every list, and says how far it came', async () => {
    const { source, told, host } = setUp();
    expect(host.summary()).toMatchObject({ revision: 0, readAt: null });
    expect(() => host.picture()).toThrow('it is being read');
    host.start();
    await source.started;
    source.change(pod('web'));
    source.state(PODS, { status: 'syncing', objects: 7, expected: 900 });
    const reading = { status: 'syncing', phase: 'reading', objects: 7, expected: null };
    await vi.waitFor(() => expect(latest(told)?.freshness).toEqual(reading));
    expect(latest(told)?.resources).toContainEqual({
      resource: 'pods',
      status: 'syncing',
      objects: 7,
      expected: 900,
      message: null,
    });
    source.all({ status: 'live' });
    await vi.waitFor(() => expect(latest(told)?.revision).toBe(1));
    expect(told.at(-2)?.freshness).toMatchObject({ phase: 'analysing', objects: 1 });
    expect(host.summary()).toMatchObject({ freshness: { status: 'live' }, counts: { pods: 1 } });
    expect(host.picture().connectivity.workloads.size).toBe(1);
  });

  test('a server that does not answer is told, and waited for', async () => {
    const { source, told, host } = setUp();
    host.start();
    await source.started;
    source.all({
      status: 'failed',
      message: 'cannot reach https://test: ECONNREFUSED',
      attempt: 3,
    });
    await vi.waitFor(() =>
      expect(latest(told)?.freshness).toEqual({
        status: 'unreachable',
        cause: 'cannot reach https://test: ECONNREFUSED',
        attempt: 3,
      }),
    );
    expect(() => host.picture()).toThrow('ECONNREFUSED');
    source.all({ status: 'live' });
    await vi.waitFor(() => expect(host.summary().revision).toBe(1));
  });

  test('one list that may not be read does not hold up the others, and is a gap', async () => {
    const { source, host } = setUp();
    host.start();
    await source.started;
    source.all({ status: 'live' });
    source.state(PODS, { status: 'forbidden', message: 'may not list pods' });
    await vi.waitFor(() => expect(host.summary().revision).toBe(1));
    expect(host.summary().gaps).toMatchObject([
      { resource: resourceName(PODS), cause: 'forbidden' },
    ]);
  });
});

describe('changes', () => {
  test('of one moment are one revision, and the last one is always in it', async () => {
    let analyses = 0;
    const { source, told, host } = setUp({
      analyse: (snapshot) => {
        analyses++;
        return analyse(snapshot);
      },
    });
    host.start();
    await source.started;
    source.all({ status: 'live' });
    await vi.waitFor(() => expect(host.summary().revision).toBe(1));
    for (let i = 0; i < 1000; i++) {
      source.change(pod('flapping', { step: String(i) }));
      if (i % 250 === 0) await pass(10);
    }
    await vi.waitFor(() =>
      expect(host.picture().connectivity.snapshot.pods[0]?.labels.get('step')).toBe('999'),
    );
    expect(analyses).toBeLessThanOrEqual(4);
    expect(told.filter(({ freshness }) => freshness.status === 'live').length).toBeLessThanOrEqual(
      4,
    );
  });

  test('that come while an analysis runs are in the next one', async () => {
    const gate = Promise.withResolvers<void>();
    const { source, host } = setUp({
      analyse: async (snapshot) => {
        if (snapshot.pods.length === 1) await gate.promise;
        return analyse(snapshot);
      },
    });
    host.start();
    await source.started;
    source.all({ status: 'live' });
    source.change(pod('a'));
    await pass(150);
    source.change(pod('b'));
    gate.resolve();
    await vi.waitFor(() => expect(host.summary().counts.pods).toBe(2));
    expect(host.summary().revision).toBe(2);
  });

  test('that never stop do not keep the view from following', async () => {
    const analysisMs = 2500;
    const started: number[] = [];
    const { source, host } = setUp({
      analyse: (snapshot) => {
        started.push(performance.now());
        // The pause after an analysis is bounded, however long that takes.
        for (const end = performance.now() + analysisMs; performance.now() < end; );
        return analyse(snapshot);
      },
    });
    host.start();
    await source.started;
    source.all({ status: 'live' });
    let changes = 0;
    const storm = setInterval(() => {
      for (let i = 0; i < 50; i++) source.change(pod('flapping', { step: String(changes++) }));
    }, 10);
    await vi.waitFor(() => expect(host.summary().revision).toBeGreaterThan(2), { timeout: 40_000 });
    clearInterval(storm);
    const gaps = started.slice(1).map((start, i) => start - (started[i] ?? 0));
    // A second of pause, and what a busy machine takes; unbounded it would be as long again.
    expect(Math.max(...gaps)).toBeLessThan(2 * analysisMs);
    await vi.waitFor(
      () =>
        expect(host.picture().connectivity.snapshot.pods[0]?.labels.get('step')).toBe(
          String(changes - 1),
        ),
      { timeout: 15_000 },
    );
  });

  test('of freshness alone are told without a new revision', async () => {
    const { source, told, host } = setUp();
    host.start();
    await source.started;
    source.all({ status: 'live' });
    await vi.waitFor(() => expect(host.summary().revision).toBe(1));
    const since = '2026-01-01T00:00:00.000Z';
    for (const attempt of [1, 2, 3]) {
      source.all({ status: 'stale', since, cause: 'ECONNRESET', attempt });
      await pass(100);
    }
    expect(host.summary()).toMatchObject({
      revision: 1,
      freshness: { status: 'stale', since, cause: 'ECONNRESET' },
    });
    expect(told.filter(({ freshness }) => freshness.status === 'stale')).toHaveLength(1);
    source.all({ status: 'live' });
    await vi.waitFor(() => expect(host.summary().freshness).toEqual({ status: 'live' }));
    expect(host.summary().revision).toBe(1);
  });
});

test('changes of what nobody reads make no new revision, and are not analysed', async () => {
  let analyses = 0;
  const { source, host } = setUp({
    analyse: (snapshot, previous) => {
      analyses++;
      return analyse(snapshot, previous);
    },
  });
  host.start();
  await source.started;
  source.all({ status: 'live' });
  source.change(pod('web', { app: 'web' }));
  await vi.waitFor(() => expect(host.summary().revision).toBe(1));
  for (let i = 0; i < 3; i++) {
    source.change(pod('web', { app: 'web' }));
    await pass(120);
  }
  expect([host.summary().revision, analyses]).toEqual([1, 1]);
  source.change(pod('web', { app: 'other' }));
  await vi.waitFor(() => expect(host.summary().revision).toBe(2));
});

describe('when something is wrong here', () => {
  test('an analysis that fails leaves the last picture, and says that it is old', async () => {
    let fails = false;
    const { source, host } = setUp({
      analyse: (snapshot) => {
        if (fails) throw new Error('a bug');
        return analyse(snapshot);
      },
    });
    host.start();
    await source.started;
    source.all({ status: 'live' });
    await vi.waitFor(() => expect(host.summary().revision).toBe(1));
    fails = true;
    source.change(pod('web'));
    await vi.waitFor(() => expect(host.summary().freshness.status).toBe('stale'));
    expect(host.summary()).toMatchObject({ revision: 1, counts: { pods: 0 } });
    fails = false;
    source.change(pod('web', { app: 'web' }));
    await vi.waitFor(() => expect(host.summary().freshness.status).toBe('live'));
    expect(host.summary().counts.pods).toBe(1);
  });

  test('a cluster that cannot be opened says why', async () => {
    const { told, host } = setUp({
      open: () => {
        throw new Error('there is no context "gone" in /home/me/.kube/config');
      },
    });
    host.start();
    expect((await host.settled()).freshness).toEqual({
      status: 'unreachable',
      cause: 'there is no context "gone" in /home/me/.kube/config',
      attempt: 1,
    });
    expect(latest(told)?.freshness.status).toBe('unreachable');
  });
});

test('nothing is opened before somebody looks, and nothing twice', () => {
  let opened = 0;
  const { host, source } = setUp({
    open: () => {
      opened++;
      return source;
    },
  });
  expect(opened).toBe(0);
  host.start();
  host.start();
  expect(opened).toBe(1);
});

test('a host that is stopped stops its source and tells nothing more', async () => {
  const { source, told, host } = setUp();
  host.start();
  await source.started;
  source.all({ status: 'live' });
  await host.stop();
  const before = told.length;
  source.change(pod('web'));
  await pass(150);
  expect(source.stopped).toBe(true);
  expect(told).toHaveLength(before);
});
