import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { CniProfile } from '#lib/engine/cni-profile.ts';
import { analyse as analyseNow, type Connectivity } from '#lib/engine/connectivity.ts';
import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';
import { resourceName } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import type { PluginSearch } from '#lib/snapshot/plugin-tables.ts';
import { RESOURCES_READ } from '#lib/snapshot/resources-read.ts';
import { createSnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import type {
  ClusterSource,
  ListState,
  SourceOrigin,
  SourceSink,
} from '#lib/sources/cluster-source.ts';
import { clusterFacts } from '#lib/view/cluster-facts.ts';
import type { ClusterSummary, Freshness } from '#lib/view/cluster-view.ts';
import { pluginSummary } from '#lib/view/plugin-summary.ts';
import { createAnswers, refusal } from './answers.ts';
import { NotReady } from './application.ts';
import { createExports, type OpenedExport } from './cluster-exports.ts';
import { freshnessOf, isComplete, type Lists, resourceStatuses } from './freshness.ts';
import type { Log } from './log.ts';
import type { Picture } from './picture.ts';
import type { Answer, Export, Question, Refused } from './question.ts';
import { shownProblems } from './shown-problems.ts';
import { createViewWatches, type ViewChange, type WatchedQuestion } from './view-watches.ts';

/** One cluster as the server holds it, wherever its objects are: here, or in a thread of their own. */
export interface ClusterHost {
  readonly name: string;
  summary(): ClusterSummary;
  /** `known`: the tags of the views that the asker has. Never rejects. */
  ask(question: Question, known?: readonly string[]): Promise<Answer>;
  /** Opens an export of the newest picture, to be read piece by piece. Never rejects. */
  openExport(asked: Export): Promise<OpenedExport | Refused>;
  /** Tells of a view as it is, and from then on of every change; gives the way to end it. */
  watch(question: WatchedQuestion, listener: (change: ViewChange) => void): () => void;
  /** Starts reading; once, however often it is called. */
  start(): void;
  stop(): Promise<void>;
  /** Fulfilled with the first picture, or once it is clear that there will be none for now. */
  settled(): Promise<ClusterSummary>;
}

/** A cluster whose objects are in this thread. */
export interface LocalClusterHost extends ClusterHost {
  /** The newest analysis. Throws NotReady before the first. */
  picture(): Picture;
}

export interface ClusterHostOptions {
  readonly name: string;
  /** What is known before the source is opened. */
  readonly origin: SourceOrigin;
  /** Called when somebody first looks; may throw, and is then tried again. */
  readonly open: () => ClusterSource | Promise<ClusterSource>;
  /** The network plugin's, or how to find it out. */
  readonly profile: CniProfile | PluginSearch;
  readonly log: Log;
  readonly onChange: (summary: ClusterSummary) => void;
  /** Of the last picture that somebody saw of this cluster; the next has a higher one. */
  readonly revision?: number;
  /** A seam for tests. `previous` is the analysis that this one is like. */
  readonly analyse?: (
    snapshot: ClusterSnapshot,
    previous?: Connectivity,
  ) => Connectivity | Promise<Connectivity>;
  readonly now?: () => Date;
}

/** Changes that come within it are one change; a rollout is hundreds of events. */
const WINDOW_MS = 75;
/** However long an analysis takes, the next one waits no longer: what is shown must not fall behind. */
const LONGEST_PAUSE_MS = 1000;
const REOPEN_MS = 5000;
const NO_FACTS: Pick<ClusterSummary, 'counts' | 'coverage'> = {
  counts: { namespaces: 0, workloads: 0, pods: 0, policies: 0 },
  coverage: { pods: 0, ingress: 0, egress: 0, both: 0 },
};

/** Holds a cluster in this thread. */
export function createClusterHost(options: ClusterHostOptions): LocalClusterHost {
  const { name, origin, profile, log } = options;
  const analyse = options.analyse ?? analyseNow;
  const now = options.now ?? (() => new Date());
  const store = createSnapshotStore({
    kinds: POLICY_KINDS,
    notEvaluated: NOT_EVALUATED,
    profile,
  });
  const settled = Promise.withResolvers<void>();
  let source: ClusterSource | null = null;
  let state: 'new' | 'started' | 'stopped' = 'new';
  let timer: NodeJS.Timeout | undefined;
  /** Something was read that the picture does not show. */
  let dirty = false;
  let busy = false;
  let pause = WINDOW_MS;
  let { revision = 0 } = options;
  let picture: Picture | null = null;
  /** Of the picture; counted once for each. */
  let facts = NO_FACTS;
  /** Why the source cannot be opened, or the objects not be analysed. */
  let failure: Freshness | null = null;
  let told = '';
  let current = summarise();

  const sink: SourceSink = {
    prepare: (resource, object) => store.prepare(resource, object),
    changed(resource, changes) {
      store.changed(resource, changes);
      touched(true);
    },
    stateChanged(resource, state) {
      const before = knowledge(store.states().get(resourceName(resource))?.state);
      store.stateChanged(resource, state);
      touched(before !== knowledge(state));
    },
    problemsChanged(problems) {
      store.problemsChanged(problems);
      touched(true);
    },
  };

  function touched(shows: boolean): void {
    dirty ||= shows;
    schedule();
  }

  function schedule(): void {
    if (timer !== undefined || busy || state !== 'started') return;
    timer = setTimeout(() => {
      timer = undefined;
      // After the I/O that is waiting: requests go first.
      setImmediate(() => void refresh());
    }, pause);
  }

  /** One at a time, however fast changes come: those that come meanwhile are in the next. */
  async function refresh(): Promise<void> {
    if (state !== 'started') return;
    busy = true;
    if (dirty && mayAnalyse()) {
      dirty = false;
      // It is told before this thread is busy with it.
      if (picture === null) tell();
      await analyseOnce();
    }
    busy = false;
    tell();
    if (dirty && mayAnalyse()) schedule();
  }

  function mayAnalyse(): boolean {
    return picture !== null || isComplete(lists());
  }

  async function analyseOnce(): Promise<void> {
    const start = performance.now();
    const readAt = now().toISOString();
    try {
      const snapshot = store.snapshot();
      // Most events change what nobody reads: then what is shown is the newest state.
      if (snapshot === picture?.connectivity.snapshot) {
        failure = null;
        return;
      }
      const connectivity = await analyse(snapshot, picture?.connectivity);
      revision++;
      picture = { connectivity, revision, readAt };
      facts = clusterFacts(connectivity);
      watches.pictureChanged();
      failure = null;
    } catch (error) {
      log.error({ err: error, cluster: name }, 'analysis failed');
      failure = analysisFailure(picture);
    }
    // At most half of the time goes into analysing, unless that would make the view old.
    pause = Math.min(Math.max(WINDOW_MS, performance.now() - start), LONGEST_PAUSE_MS);
  }

  function lists(): Lists {
    return store.states();
  }

  function summarise(): ClusterSummary {
    const snapshot = picture?.connectivity.snapshot;
    return {
      name,
      origin: source?.origin ?? origin,
      freshness: failure ?? freshnessOf(lists(), picture !== null),
      revision: picture?.revision ?? 0,
      readAt: picture?.readAt ?? null,
      ...facts,
      plugin: snapshot === undefined ? null : pluginSummary(snapshot),
      resources: resourceStatuses(lists()),
      gaps: snapshot?.gaps ?? [],
      problems: shownProblems(snapshot?.problems ?? []),
    };
  }

  function tell(): void {
    current = summarise();
    const text = JSON.stringify(current);
    if (text === told) return;
    told = text;
    if (current.freshness.status !== 'syncing') settled.resolve();
    options.onChange(current);
  }

  async function openSource(attempt: number): Promise<void> {
    try {
      source = await options.open();
      failure = null;
    } catch (error) {
      unopened(error, attempt);
      return;
    }
    if (state === 'stopped') await source.stop();
    else source.start(RESOURCES_READ, sink);
  }

  function unopened(error: unknown, attempt: number): void {
    if (state === 'stopped') return;
    const cause = error instanceof Error ? error.message : String(error);
    if (attempt === 1) log.warn({ cluster: name, cause }, 'the cluster cannot be opened');
    failure = { status: 'unreachable', cause, attempt };
    timer = setTimeout(() => {
      timer = undefined;
      void openSource(attempt + 1);
    }, REOPEN_MS);
    tell();
  }

  function newest(): Picture {
    if (picture !== null) return picture;
    const { freshness } = current;
    const why = freshness.status === 'unreachable' ? freshness.cause : 'it is being read';
    throw new NotReady(`There is nothing to show of ${name} yet: ${why}.`);
  }

  const answer = createAnswers(name, newest);
  const openExport = createExports(newest);
  const watches = createViewWatches(answer);

  return {
    name,
    summary: () => current,
    picture: newest,
    ask: (question, known = []) => answer(question, known),
    openExport: async (asked) => {
      try {
        return openExport(asked);
      } catch (error) {
        return refusal(error);
      }
    },
    watch: watches.watch,
    async settled() {
      await settled.promise;
      return current;
    },
    start() {
      if (state !== 'new') return;
      state = 'started';
      void openSource(1);
    },
    async stop() {
      state = 'stopped';
      settled.resolve();
      clearTimeout(timer);
      watches.stop();
      await source?.stop();
    },
  };
}

/** What of a list's state the picture depends on: not how often it was tried, nor how far it came. */
function knowledge(state: ListState | undefined): string {
  switch (state?.status) {
    case undefined:
    case 'syncing':
    case 'not-installed':
      return state?.status ?? '';
    case 'live':
    case 'stale':
      return `read ${state.namespaces?.join() ?? 'everywhere'}`;
    case 'forbidden':
    case 'failed':
      return `${state.status} ${state.message}`;
  }
}

function analysisFailure(picture: Picture | null): Freshness {
  const cause = 'the newest state could not be analysed; the log says why';
  return picture === null
    ? { status: 'unreachable', cause, attempt: 1 }
    : { status: 'stale', since: picture.readAt, cause };
}
