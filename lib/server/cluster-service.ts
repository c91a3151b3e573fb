import type { MessagePort } from 'node:worker_threads';
import { refusal } from './answers.ts';
import type { OpenedExport } from './cluster-exports.ts';
import { type ClusterHostOptions, createClusterHost } from './cluster-host.ts';
import { createLog } from './log.ts';
import { openSource } from './open-source.ts';
import type { Export, Question } from './question.ts';
import type { ClusterPlan, FromCluster, Reply, ToCluster } from './thread-messages.ts';
import type { WatchedQuestion } from './view-watches.ts';

/**
 * Holds one cluster in this thread and answers the main thread's questions about it, until told to
 * stop. `overrides` are for tests.
 */
export function serveCluster(
  port: MessagePort,
  plan: ClusterPlan,
  overrides: Partial<ClusterHostOptions> = {},
): void {
  const { opening, logLevel, aliveMs, ...about } = plan;
  const host = createClusterHost({
    ...about,
    open: () => openSource(opening),
    log: createLog(logLevel),
    onChange: (summary) => tell({ type: 'summary', summary }),
    ...overrides,
  });

  /** Those that are being read, by the id of the request that opened them. */
  const exports = new Map<number, OpenedExport>();

  const watches = new Map<number, () => void>();

  function tell(message: FromCluster, moved: readonly ArrayBuffer[] = []): void {
    port.postMessage(message, moved);
  }

  function reply(id: number, answer: Reply): void {
    const moved = 'body' in answer && answer.body !== null ? [answer.body.buffer] : [];
    tell({ type: 'reply', id, reply: answer }, moved);
  }

  async function ask(id: number, question: Question, known: readonly string[]): Promise<void> {
    const answer = await host.ask(question, known);
    // A copy is moved: what was written stays here, for who asks next.
    reply(id, answer.kind === 'view' ? { ...answer, body: answer.body.slice() } : answer);
  }

  async function openExport(id: number, asked: Export): Promise<void> {
    const opened = await host.openExport(asked);
    if (opened.kind !== 'opened') return reply(id, opened);
    exports.set(id, opened);
    const { kind, revision, readAt } = opened;
    reply(id, { kind, export: id, revision, readAt });
  }

  async function readExport(id: number, opened: number): Promise<void> {
    try {
      const known = exports.get(opened);
      // Of a thread before this one: its end would otherwise look like the end of the list.
      if (known === undefined) throw new Error('the export was cut short');
      const body = await known.next();
      if (body === null) exports.delete(opened);
      reply(id, { kind: 'piece', body });
    } catch (error) {
      exports.delete(opened);
      reply(id, refusal(error));
    }
  }

  function watch(id: number, question: WatchedQuestion): void {
    const unwatch = host.watch(question, (change) =>
      tell(
        { type: 'changed', watch: id, change },
        change.delta === null ? [] : [change.delta.buffer],
      ),
    );
    watches.set(id, unwatch);
  }

  function handle(message: ToCluster): void {
    switch (message.type) {
      case 'ask':
        void ask(message.id, message.question, message.known);
        return;
      case 'open-export':
        void openExport(message.id, message.asked);
        return;
      case 'read-export':
        void readExport(message.id, message.export);
        return;
      case 'cancel-export':
        exports.get(message.export)?.cancel();
        exports.delete(message.export);
        return;
      case 'watch':
        watch(message.watch, message.question);
        return;
      case 'unwatch':
        watches.get(message.watch)?.();
        watches.delete(message.watch);
        return;
      case 'stop':
        // The thread ends by itself: with its port closed nothing is left in it.
        clearInterval(alive);
        void host.stop().finally(() => port.close());
    }
  }

  const alive = setInterval(() => tell({ type: 'alive' }), aliveMs);
  port.on('message', handle);
  host.start();
}
