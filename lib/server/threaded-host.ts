import { setTimeout as pass } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ClusterSummary, Freshness } from '#lib/view/cluster-view.ts';
import type { ClusterHost } from './cluster-host.ts';
import type { Log } from './log.ts';
import { createPendingReplies } from './pending-replies.ts';
import { ANSWER_MS, type Answer, type Refused } from './question.ts';
import type { ClusterPlan, FromCluster, Reply, Request, ToCluster } from './thread-messages.ts';

/**
 * A cluster in a thread of its own (ADR 10). Here is only its newest summary; what is asked is
 * answered there. A thread that ends by itself is started again, ever later while it keeps ending.
 */

export interface ThreadOptions {
  readonly log: Log;
  readonly onChange: (summary: ClusterSummary) => void;
  /** MB of heap that it may use. */
  readonly clusterMemory: number;
  /** What runs in the thread; for tests. */
  readonly program?: URL;
  /** How long a question may take. */
  readonly answerMs?: number;
  /** Before the first restart. */
  readonly restartMs?: number;
  /** A thread that says nothing for so long does not keep up with its cluster. */
  readonly silentMs?: number;
}

const RESTART_MS = 1000;
const SILENT_MS = 30_000;
/** In the time of silence. */
const SIGNS_OF_LIFE = 6;
const LONGEST_RESTART_MS = 60_000;
/** A thread that lived so long has not ended for the reason of the one before. */
const SETTLED_MS = 5 * 60_000;
/** For sources to let go of their connections. */
const STOP_MS = 2500;

/** Beside this module, in the sources and in the bundle. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './cluster-worker.ts' : './cluster-worker.js',
  import.meta.url,
);

export function createThreadedHost(
  plan: Omit<ClusterPlan, 'revision' | 'aliveMs'>,
  options: ThreadOptions,
): ClusterHost {
  const { log, onChange, clusterMemory, program = PROGRAM } = options;
  const { restartMs = RESTART_MS, silentMs = SILENT_MS } = options;
  const aliveMs = silentMs / SIGNS_OF_LIFE;
  const { name } = plan;
  const settled = Promise.withResolvers<void>();
  const pending = createPendingReplies(options.answerMs ?? ANSWER_MS);
  /** They outlive the thread: the next one is told of them too. */
  const watches = new Map<number, Parameters<ClusterHost['watch']>>();
  let lastWatch = 0;
  let state: 'new' | 'started' | 'stopped' = 'new';
  let worker: Worker | null = null;
  let restart: NodeJS.Timeout | undefined;
  let failures = 0;
  let current = unread(plan);
  let heardAt = 0;
  let listening: NodeJS.Timeout | undefined;
  /** What was shown before the thread fell silent; null while it is heard. */
  let beforeSilence: ClusterSummary | null = null;

  function show(summary: ClusterSummary): void {
    if (state === 'stopped') return;
    current = summary;
    if (summary.freshness.status !== 'syncing') settled.resolve();
    onChange(summary);
  }

  function heard(message: FromCluster): void {
    heardAt = performance.now();
    if (beforeSilence !== null) show(beforeSilence);
    beforeSilence = null;
    switch (message.type) {
      case 'alive':
        return;
      case 'summary':
        // After a failure the last state stays, until there is a new one.
        if (message.summary.revision > 0 || current.revision === 0) show(message.summary);
        return;
      case 'reply':
        pending.replied(message.id, message.reply);
        return;
      case 'changed':
        watches.get(message.watch)?.[1](message.change);
    }
  }

  /** Its last state is all that is known then, and is not to be taken for the newest. */
  function listen(): void {
    const { readAt } = current;
    const isSilent = performance.now() - heardAt > silentMs;
    if (!isSilent || worker === null || readAt === null || beforeSilence !== null) return;
    const cause = `its thread has been busy for more than ${silentMs / 1000} s`;
    const silenced = current;
    show({ ...current, freshness: { status: 'stale', since: readAt, cause } });
    beforeSilence = silenced;
  }

  function run(): void {
    const startedAt = performance.now();
    heardAt = startedAt;
    listening ??= setInterval(listen, aliveMs).unref();
    let cause = 'its thread ended';
    const started = new Worker(program, {
      name: `cluster ${name}`,
      workerData: { ...plan, revision: current.revision, aliveMs } satisfies ClusterPlan,
      resourceLimits: { maxOldGenerationSizeMb: clusterMemory },
    });
    worker = started;
    for (const [watch, [question]] of watches) post({ type: 'watch', watch, question });
    started.on('message', heard);
    started.on('error', (error: Error & { readonly code?: string }) => {
      cause = error.message;
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
        cause = `it needs more than the ${clusterMemory} MB of memory that SIGHTLINE_CLUSTER_MEMORY_MB allows it`;
      log.error({ err: error, cluster: name }, 'the thread of a cluster failed');
    });
    started.once('exit', () => {
      worker = null;
      beforeSilence = null;
      pending.refuse({ kind: 'not-ready', message: `${name} is being read again: ${cause}.` });
      if (state !== 'started') return;
      failures = performance.now() - startedAt > SETTLED_MS ? 1 : failures + 1;
      show({ ...current, freshness: failed(cause) });
      // What came by standard input is gone.
      if (plan.opening.kind === 'standard-input') return;
      const pause = Math.min(restartMs * 2 ** (failures - 1), LONGEST_RESTART_MS);
      restart = setTimeout(run, pause);
    });
  }

  function failed(cause: string): Freshness {
    const { readAt, freshness } = current;
    const words = `reading it failed here: ${cause}`;
    if (readAt === null) return { status: 'unreachable', cause: words, attempt: failures };
    const since = freshness.status === 'stale' ? freshness.since : readAt;
    return { status: 'stale', since, cause: words };
  }

  function post(message: ToCluster): void {
    worker?.postMessage(message);
  }

  async function request(request: Request): Promise<Reply> {
    if (worker !== null) return pending.send(request, (id) => post({ ...request, id }));
    const why = current.freshness.status === 'stale' ? current.freshness.cause : 'it is not read';
    return { kind: 'not-ready', message: `There is nothing to show of ${name} now: ${why}.` };
  }

  async function piece(opened: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const reply = await request({ type: 'read-export', export: opened });
    if (reply.kind === 'piece') return reply.body;
    throw new Error('message' in reply ? reply.message : 'this is no piece of an export');
  }

  return {
    name,
    summary: () => current,
    ask: async (question, known = []) => answerIn(await request({ type: 'ask', question, known })),
    async openExport(asked) {
      const reply = await request({ type: 'open-export', asked });
      if (reply.kind !== 'opened') return refusedIn(reply);
      const { kind, revision, readAt } = reply;
      return {
        kind,
        revision,
        readAt,
        next: () => piece(reply.export),
        cancel: () => post({ type: 'cancel-export', export: reply.export }),
      };
    },
    watch(question, listener) {
      lastWatch++;
      const watch = lastWatch;
      watches.set(watch, [question, listener]);
      post({ type: 'watch', watch, question });
      return () => {
        if (watches.delete(watch)) post({ type: 'unwatch', watch });
      };
    },
    start() {
      if (state !== 'new') return;
      state = 'started';
      run();
    },
    async stop() {
      state = 'stopped';
      clearTimeout(restart);
      clearInterval(listening);
      settled.resolve();
      const stopping = worker;
      if (stopping === null) return;
      const ended = new Promise((resolve) => stopping.once('exit', resolve));
      post({ type: 'stop' });
      await Promise.race([ended, pass(STOP_MS, undefined, { ref: false })]);
      await stopping.terminate();
    },
    async settled() {
      await settled.promise;
      return current;
    },
  };
}

const MISPLACED: Refused = { kind: 'failed', message: 'this is the reply to another request' };

function answerIn(reply: Reply): Answer {
  return reply.kind === 'opened' || reply.kind === 'piece' ? MISPLACED : reply;
}

function refusedIn(reply: Reply): Refused {
  const answer = answerIn(reply);
  return answer.kind === 'view' || answer.kind === 'unchanged' ? MISPLACED : answer;
}

/** What is known of a cluster before anything of it was read. */
function unread({ name, origin }: Pick<ClusterPlan, 'name' | 'origin'>): ClusterSummary {
  return {
    name,
    origin,
    freshness: { status: 'syncing', phase: 'reading', objects: 0, expected: null },
    revision: 0,
    readAt: null,
    counts: { namespaces: 0, workloads: 0, pods: 0, policies: 0 },
    coverage: { pods: 0, ingress: 0, egress: 0, both: 0 },
    plugin: null,
    resources: [],
    gaps: [],
    problems: [],
  };
}
