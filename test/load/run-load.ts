import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { Browsing } from './browsing.ts';
import { Dashboard } from './dashboard.ts';
import { EventReader } from './event-reader.ts';
import { compared, differences } from './final-check.ts';
import { FollowedGraph, streamOf } from './followed-graph.ts';
import { LoadCluster } from './load-cluster.ts';
import { startIdleProcess, type Usage, usageIn } from './monitor-log.ts';
import type { Profile } from './profiles.ts';
import { choke, runWave, type Surroundings, type WaveOutcome } from './run-wave.ts';
import { Viewers } from './viewers.ts';
import { clock, PATIENCE_MS, pause } from './waiting.ts';

export interface Outcome {
  readonly objects: number;
  readonly sync: {
    readonly milliseconds: number;
    /** Until the first page or view was answered: Next starts meanwhile. */
    readonly start: number;
    /** After that. */
    readonly usage: Usage;
    /** Of a process that does nothing meanwhile. */
    readonly idle: Usage;
    /** How often viewers were told how far it had come. */
    readonly progress: number;
  };
  /** Bytes, of the server's main thread. */
  readonly heldPerViewer: number;
  readonly viewers: number;
  readonly reconnects: number;
  readonly steady: WaveOutcome;
  readonly burst: WaveOutcome;
  readonly slowDropped: number;
  /** What was answered to one stream too many. */
  readonly refusal: {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
  };
  readonly stop: { readonly code: number | null; readonly milliseconds: number };
  /** Of the graphs that are compared: how many deltas were applied, and how often they were read whole. */
  readonly followed: { readonly applied: number; readonly reads: number };
  /** Viewers who were told that the server stops. */
  readonly goodbyes: number;
  readonly readers: number;
  /** What is wrong; nothing of it may be. */
  readonly mistakes: readonly string[];
}

/** Different graphs that viewers follow; the server follows so many at most, and those that are compared. */
const FOLLOWED = 40;
/** A small cluster may be there before the pages are; something has to be measured all the same. */
const SHORTEST_MS = 1000;
/** Of mistakes of one kind. */
const MOST_TOLD = 20;

/** Runs a profile from start to end, on loopback; `say` hears what is going on. */
export async function runLoad(profile: Profile, say: (line: string) => void): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'sightline-load-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rmSync(directory, { recursive: true, force: true }));
  let viewers: Viewers | null = null;
  const cluster = new LoadCluster((mark) => viewers?.marked(mark));
  cleanUp.defer(() => cluster.stop());
  const { pods, policies, namespaces } = profile.cluster;
  say(`generating ${pods} pods, ${policies} policies, ${namespaces} namespaces`);
  const opened = await cluster.ask({ do: 'open', directory, profile });

  say(`reading ${opened.objects} objects`);
  const { kubeconfig } = opened;
  const idleLog = join(directory, 'idle.jsonl');
  const idleProcess = startIdleProcess(idleLog);
  cleanUp.defer(() => void idleProcess.kill());
  const idle = (from: number, to: number) => usageIn(idleLog, from, to);
  const dashboard = await Dashboard.start({ kubeconfig, directory, streams: profile.viewers });
  cleanUp.defer(async () => void (await dashboard.stop()));
  const listening = clock();
  const reading = untilLive(`${dashboard.url}/api/events`);
  const [first] = (await (await fetch(`${dashboard.url}/api/clusters`)).json()) as ClusterSummary[];
  const { name = '' } = first ?? {};
  const ready = clock();
  const progress = await reading;
  const live = clock();
  // what the pages' framework takes to start is told apart
  const calm = Math.min(ready, live - SHORTEST_MS);
  const sync = {
    milliseconds: live - listening,
    start: ready - listening,
    usage: dashboard.usage(calm, live),
    idle: idle(calm, live),
    progress,
  };
  const events = `${dashboard.url}/api/events?cluster=${name}`;
  const base = `${dashboard.url}/api/clusters/${name}`;

  say(`connecting ${profile.viewers} viewers`);
  const graphs = compared(opened).map((namespace) => {
    const address = `${base}/graph?namespace=${namespace}`;
    return new FollowedGraph(streamOf(events, name, namespace), address);
  });
  cleanUp.defer(() => {
    for (const graph of graphs) graph.close();
  });
  const held = await dashboard.held();
  viewers = new Viewers((index) => {
    const followed = opened.namespaces[index % FOLLOWED];
    return followed === undefined ? events : streamOf(events, name, followed);
  });
  const watching = viewers;
  cleanUp.defer(() => watching.close());
  await watching.open(profile.viewers - profile.slowViewers - graphs.length);
  await watching.open(profile.slowViewers, true);
  await pause(500);
  const heldPerViewer = ((await dashboard.held()) - held) / (profile.viewers - graphs.length);
  const refusal = await oneTooMany(events);

  const browsing = new Browsing(base, opened.namespaces, profile.cluster.seed);
  cleanUp.defer(() => browsing.close());
  const all: Surroundings = { profile, cluster, dashboard, idle, watching, browsing, say };
  const steady = await runWave(profile.steady, all);
  const burst = await runWave(profile.burst, all);
  await choke(all);

  say('comparing with what is stored');
  const mistakes = [
    ...(watching.agree ? [] : [`${watching.behind} viewers did not come to the end`]),
    ...(await differences(cluster, browsing, compared(opened), graphs)),
    ...browsing.failures.slice(0, MOST_TOLD),
    ...dashboard.log.slice(0, MOST_TOLD).map((line) => `log: ${line}`),
    ...(watching.lost > 0 ? [`${watching.lost} viewers lost their stream`] : []),
  ];
  const slowDropped = await watching.wakeSlow();
  say('stopping');
  await browsing.close();
  const stop = await dashboard.stop();
  await watching.ended();
  return {
    objects: opened.objects,
    sync,
    heldPerViewer,
    viewers: profile.viewers,
    reconnects: watching.reconnects,
    steady,
    burst,
    slowDropped,
    refusal,
    followed: {
      applied: graphs.reduce((sum, { counts }) => sum + counts.applied, 0),
      reads: graphs.reduce((sum, { counts }) => sum + counts.reads, 0),
    },
    stop,
    goodbyes: watching.goodbyes,
    readers: watching.count,
    mistakes,
  };
}

/** Resolves when the first picture is there; gives how many summaries told of the way there. */
async function untilLive(events: string): Promise<number> {
  let told = 0;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const reader = new EventReader(events, {
    event: ({ name, data }) => {
      if (name !== 'summary') return;
      const { freshness } = JSON.parse(data) as ClusterSummary;
      if (freshness.status === 'live') resolve(told);
      told += 1;
    },
    refused: (status, _, body) => reject(new Error(`no stream: ${status} ${body}`)),
  });
  const late = setTimeout(() => reject(new Error('the first picture does not come')), PATIENCE_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    reader.close();
  }
}

async function oneTooMany(events: string): Promise<Outcome['refusal']> {
  return new Promise((resolve, reject) => {
    const reader = new EventReader(events, {
      event: () => {
        reader.close();
        reject(new Error('one stream too many was opened'));
      },
      refused: (status, contentType, body) => resolve({ status, contentType, body }),
    });
  });
}
