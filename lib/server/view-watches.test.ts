import { setTimeout as pass } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { podChange, ScriptedSource } from '#lib/testing/scripted-source.ts';
import { type GraphDelta, withDelta } from '#lib/view/graph-delta.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { parseGraphQuery } from '#lib/view/query-schema.ts';
import { createAnswers } from './answers.ts';
import { createClusterHost, type LocalClusterHost } from './cluster-host.ts';
import { graphDelta } from './graph-delta-schema.ts';
import { createLog } from './log.ts';
import type { Answer } from './question.ts';
import { createViewWatches, type ViewChange, type WatchedQuestion } from './view-watches.ts';

const graph = (query = ''): WatchedQuestion => ({
  view: 'graph',
  query: parseGraphQuery(new URLSearchParams(query)),
});

const hosts: LocalClusterHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

async function liveHost() {
  const source = new ScriptedSource();
  const host = createClusterHost({
    name: 'test',
    origin: source.origin,
    open: () => source,
    profile: KUBERNETES_PROFILE,
    log: createLog('silent'),
    onChange: () => {},
  });
  hosts.push(host);
  host.start();
  await source.started;
  source.change(podChange('first'));
  source.all({ status: 'live' });
  await vi.waitFor(() => expect(host.summary().revision).toBe(1), { timeout: 10_000 });
  return { source, host };
}

type Seen = { readonly tag: string; readonly view: GraphView };

async function read(host: LocalClusterHost, question: WatchedQuestion): Promise<Seen | null> {
  const answer = await host.ask(question);
  if (answer.kind !== 'view') return null;
  return { tag: answer.tag, view: JSON.parse(Buffer.from(answer.body).toString()) };
}

/** A browser: it reads a view once, and lets what it is told change it; else it reads again. */
function follower(host: LocalClusterHost, question: WatchedQuestion) {
  const following = { seen: null as Seen | null, reads: 0, deltas: 0 };
  let last: Promise<void> = Promise.resolve();
  const hear = async ({ tag, delta }: ViewChange) => {
    const told = delta && (JSON.parse(Buffer.from(delta).toString()) as GraphDelta);
    if (told) expect(graphDelta.parse(told)).toEqual(told);
    if (told && following.seen?.tag === told.from) {
      following.deltas++;
      following.seen = { tag: told.to, view: withDelta(following.seen.view, told) };
    } else if (following.seen?.tag !== tag) {
      following.reads++;
      following.seen = await read(host, question);
    }
  };
  host.watch(question, (change) => {
    last = last.then(() => hear(change));
  });
  return following;
}

/** Which revision it was read for does not matter. */
const shown = (seen: Seen | null) => seen && { ...seen.view, revision: 0, readAt: null };

describe('whoever follows a view', () => {
  test('has what reading it again would give, however the cluster changes', {
    timeout: 60_000,
  }, async () => {
    const { source, host } = await liveHost();
    const questions = [graph(), graph('namespace=shop'), graph('namespace=data')];
    const all = questions.map((question) => ({ question, following: follower(host, question) }));
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      namespace: fc.constantFrom('shop', 'data'),
      gone: fc.boolean(),
    });
    for (const steps of fc.sample(fc.array(step, { minLength: 1, maxLength: 4 }), 12)) {
      for (const { name, namespace, gone } of steps) {
        source.change(gone ? { type: 'delete', namespace, name } : podChange(name, {}, namespace));
      }
      await pass(60);
    }
    source.change(podChange('last', {}, 'data'));
    await vi.waitFor(async () => {
      for (const { question, following } of all)
        expect(shown(following.seen)).toEqual(shown(await read(host, question)));
      expect(all[2]?.following.seen?.view.nodes.map(({ id }) => id)).toContain('data/last[Pod]');
    });
    expect(all[0]?.following.deltas).toBeGreaterThan(1);
    expect(all[0]?.following.reads).toBe(1);
  });

  test('is not told of what it does not show', async () => {
    const { source, host } = await liveHost();
    source.change(podChange('elsewhere', {}, 'data'));
    await vi.waitFor(() => expect(host.summary().revision).toBe(2));
    const changes: ViewChange[] = [];
    host.watch(graph('namespace=shop'), (change) => changes.push(change));
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    source.change(podChange('elsewhere', { version: '2' }, 'data'));
    await vi.waitFor(() => expect(host.summary().revision).toBe(3));
    await pass(400);
    expect(changes).toHaveLength(1);
  });

  test('is told when it goes, and when it comes back', async () => {
    const { source, host } = await liveHost();
    const changes: ViewChange[] = [];
    host.watch(graph('namespace=data'), (change) => changes.push(change));
    await vi.waitFor(() => expect(changes).toEqual([{ tag: null, delta: null }]));
    source.change(podChange('web', {}, 'data'));
    await vi.waitFor(() => expect(changes).toHaveLength(2));
    expect(changes[1]).toMatchObject({ tag: expect.stringMatching(/^W/), delta: null });
    source.change({ type: 'delete', namespace: 'data', name: 'web' });
    await vi.waitFor(() => expect(changes.at(-1)).toEqual({ tag: null, delta: null }));
  });

  test('and stops hears nothing more', async () => {
    const { source, host } = await liveHost();
    const changes: ViewChange[] = [];
    const stop = host.watch(graph(), (change) => changes.push(change));
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    stop();
    source.change(podChange('web'));
    await vi.waitFor(() => expect(host.summary().revision).toBe(2));
    await pass(400);
    expect(changes).toHaveLength(1);
  });
});

test('changes faster than the interval are one delta', async () => {
  let revision = 1;
  const body = () => new Uint8Array(Buffer.from(`{"revision":${revision},"nodes":[],"edges":[]}`));
  const answer = async (): Promise<Answer> => ({
    kind: 'view',
    tag: String(revision),
    revision,
    readAt: '',
    body: body(),
  });
  const watches = createViewWatches(answer);
  const tags: (string | null)[] = [];
  watches.watch(graph(), ({ tag }) => tags.push(tag));
  await vi.waitFor(() => expect(tags).toEqual(['1']));
  for (revision = 2; revision < 60; revision++) {
    watches.pictureChanged();
    await pass(10);
  }
  await vi.waitFor(() => expect(tags.at(-1)).toBe('60'));
  // Some 600 ms, at four a second.
  expect(tags.length).toBeLessThan(6);
  watches.stop();
});

test('a tag is never kept for a view that changed', { timeout: 60_000 }, async () => {
  const { source, host } = await liveHost();
  const questions = [graph(), graph('namespace=shop'), graph('namespace=data&open=true')];
  const known = new Map<WatchedQuestion, Seen>();
  const picks = fc.sample(fc.tuple(fc.constantFrom('a', 'b'), fc.boolean(), fc.boolean()), 25);
  for (const [step, [name, inShop, labelled]] of picks.entries()) {
    const before = host.summary().revision;
    const labels = { step: String(step), ...(labelled ? { app: name } : {}) };
    source.change(podChange(name, labels, inShop ? 'shop' : 'data'));
    await vi.waitFor(() => expect(host.summary().revision).toBe(before + 1), { timeout: 10_000 });
    // Somebody who was never asked before builds each view anew.
    const fresh = createAnswers('test', () => host.picture());
    for (const question of questions) {
      const told = await host.ask(question, [known.get(question)?.tag ?? '']);
      const anew = await fresh(question, []);
      if (told.kind === 'not-found') continue;
      if (anew.kind !== 'view') throw new Error(anew.kind);
      const view = JSON.parse(Buffer.from(anew.body).toString());
      expect(told).toMatchObject({ tag: anew.tag, revision: before + 1 });
      const seen = { tag: anew.tag, view };
      if (told.kind === 'unchanged')
        expect(shown(known.get(question) ?? null)).toEqual(shown(seen));
      known.set(question, seen);
    }
  }
});
