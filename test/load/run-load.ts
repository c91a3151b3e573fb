import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { type Answered, Browsing } from './browsing.ts';
import type { Opened } from './cluster-messages.ts';
import { compareViews } from './compare-views.ts';
import { Dashboard } from './dashboard.ts';
import { EventReader } from './event-reader.ts';
import { FollowedGraph, streamOf } from './followed-graph.ts';
import { LoadCluster } from './load-cluster.ts';
import { startIdleProcess, type Usage, usageIn } from './monitor-log.ts';
import type { Profile, Wave } from './profiles.ts';
import { type Seen, Viewers } from './viewers.ts';

/** What one wave of changes did. */
export interface WaveOutcome extends Seen {
  readonly wave: Wave;
  /** Changes that were really made a second. */
  readonly perSecond: number;
  readonly usage: Usage;
  readonly idle: Usage;
  readonly answered: readonly Answered[];
  /** Sent to one viewer in a second. */
  readonly bytesPerSecond: number;
}

export interface Outcome {
  readonly objects: number;
  readonly sync: {
    readonly milliseconds: number;
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
  /** From the last change until everybody had seen it, milliseconds. */
  readonly settled: number;
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

/** How long anything may take before it counts as hanging. */
const PATIENCE_MS = 120_000;
/** Without a new revision for so long, nothing more is coming. */
const QUIET_MS = 2000;
/** Namespaces whose graphs are compared at the end. */
const COMPARED = 12;
/** Different graphs that viewers follow; the server follows so many at most, and those that are compared. */
const FOLLOWED = 40;
/** Of mistakes of one kind. */
const MOST_TOLD = 20;

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const clock = () => performance.timeOrigin + performance.now();

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
  const progress = await untilLive(`${dashboard.url}/api/events`);
  const live = clock();
  const sync = {
    milliseconds: live - listening,
    usage: dashboard.usage(listening, live),
    idle: idle(listening, live),
    progress,
  };
  const [first] = (await (await fetch(`${dashboard.url}/api/clusters`)).json()) as ClusterSummary[];
  const { name = '' } = first ?? {};
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
  const all = { profile, cluster, dashboard, idle, watching, browsing, say };
  const run = (wave: Wave) => runWave(wave, all);
  const steady = await run(profile.steady);
  const burst = await run(profile.burst);
  await choke(all);

  const changed = clock();
  const settledAt = await untilSettled(watching);
  say('comparing with what is stored');
  const mistakes = [
    ...(settledAt === null ? [`${watching.behind} viewers did not come to the end`] : []),
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
    settled: (settledAt ?? Number.NaN) - changed,
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

interface Surroundings {
  readonly profile: Profile;
  readonly cluster: LoadCluster;
  readonly dashboard: Dashboard;
  readonly idle: (from: number, to: number) => Usage;
  readonly watching: Viewers;
  readonly browsing: Browsing;
  readonly say: (line: string) => void;
}

async function runWave(wave: Wave, surroundings: Surroundings): Promise<WaveOutcome> {
  const { profile, cluster, dashboard, idle, watching, browsing, say } = surroundings;
  say(`${wave.perSecond} changes/s for ${wave.seconds} s`);
  watching.takeSeen();
  browsing.takeAnswered();
  const bytes = watching.bytes;
  const start = clock();
  browsing.start(profile.requestsPerSecond);
  let left = 0;
  const leaving =
    profile.reconnectsPerSecond === 0
      ? undefined
      : setInterval(() => watching.reconnect(left++), 1000 / profile.reconnectsPerSecond);
  const churned = await cluster.ask({ do: 'churn', wave });
  clearInterval(leaving);
  await browsing.stop();
  const end = clock();
  // what is still on its way belongs to this wave
  await untilSettled(watching);
  const seconds = (clock() - start) / 1000;
  return {
    wave,
    perSecond: (churned.events / churned.milliseconds) * 1000,
    usage: dashboard.usage(start, end),
    idle: idle(start, end),
    answered: browsing.takeAnswered(),
    bytesPerSecond: (watching.bytes - bytes) / watching.count / seconds,
    ...watching.takeSeen(),
  };
}

/**
 * What is sent to somebody who does not read first fills the buffers of both kernels. Small changes
 * go on until all that, and more than the server would keep, was sent.
 */
async function choke({ profile, cluster, watching, say }: Surroundings): Promise<void> {
  if (profile.chokeBytes > 0) say('waiting for the slow readers to be dropped');
  const end = clock() + PATIENCE_MS;
  while (watching.bytes / watching.count < profile.chokeBytes && clock() < end) {
    await cluster.ask({ do: 'churn', wave: { perSecond: 20, seconds: 1 } });
  }
}

/** When everybody who reads had seen the newest revision, and no other came; null when that takes too long. */
async function untilSettled(watching: Viewers): Promise<number | null> {
  const end = clock() + PATIENCE_MS;
  let newest = -1;
  let since = 0;
  while (clock() < end) {
    const now = clock();
    if (watching.newest !== newest || !watching.agree) {
      newest = watching.newest;
      since = now;
    } else if (now - since >= QUIET_MS) return since;
    await pause(50);
  }
  return null;
}

/** Namespaces whose graphs are compared: the largest, and some of the others. */
function compared({ namespaces }: Opened): readonly string[] {
  const step = Math.max(1, Math.floor(namespaces.length / COMPARED));
  return namespaces.filter((_, index) => index % step === 0).slice(0, COMPARED);
}

/** What the server shows and what it should show of the objects that are stored. */
async function differences(
  cluster: LoadCluster,
  browsing: Browsing,
  namespaces: readonly string[],
  graphs: readonly FollowedGraph[],
): Promise<readonly string[]> {
  const expected = await cluster.ask({ do: 'picture', namespaces });
  const summary = (await browsing.view('')) as ClusterSummary;
  const found = compareViews('summary', expected.summary, summary);
  for (const [index, namespace] of namespaces.entries()) {
    const graph = expected.graphs[index];
    const shown = await browsing.view(`/graph?namespace=${namespace}`);
    found.push(...compareViews(`graph of ${namespace}`, graph, shown));
    found.push(...compareViews(`graph of ${namespace}, followed`, graph, graphs[index]?.view));
  }
  return found;
}
