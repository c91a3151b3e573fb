import type { MessagePort } from 'node:worker_threads';
import { type ClusterHostOptions, createClusterHost } from './cluster-host.ts';
import { createLog } from './log.ts';
import { openSource } from './open-source.ts';
import type { Answer } from './question.ts';
import type { ClusterPlan, FromCluster, ToCluster } from './thread-messages.ts';

/**
 * Holds one cluster in this thread and answers the main thread's questions about it, until told to
 * stop. `overrides` are for tests.
 */
export function serveCluster(
  port: MessagePort,
  plan: ClusterPlan,
  overrides: Partial<ClusterHostOptions> = {},
): void {
  const { opening, logLevel, ...about } = plan;
  const host = createClusterHost({
    ...about,
    open: () => openSource(opening),
    log: createLog(logLevel),
    onChange: (summary) => tell({ type: 'summary', summary }),
    ...overrides,
  });

  function tell(message: FromCluster, moved: readonly ArrayBuffer[] = []): void {
    port.postMessage(message, moved);
  }

  function answered(id: number, answer: Answer): void {
    if (answer.kind === 'view') {
      // A copy is moved: what was written stays here, for who asks next.
      const body = answer.body.slice();
      tell({ type: 'answer', id, answer: { ...answer, body } }, [body.buffer]);
    } else tell({ type: 'answer', id, answer });
  }

  function handle(message: ToCluster): void {
    switch (message.type) {
      case 'ask':
        void host
          .ask(message.question, message.known)
          .then((answer) => answered(message.id, answer));
        return;
      case 'stop':
        // The thread ends by itself: with its port closed nothing is left in it.
        void host.stop().finally(() => port.close());
    }
  }

  port.on('message', handle);
  host.start();
}
