import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answers, Command, FromCluster, Mark, ToCluster } from './cluster-messages.ts';
import { endWithUs } from './waiting.ts';

const PROCESS = new URL('cluster-main.ts', import.meta.url);

/** A generated cluster behind a fake API server, in a process of its own. */
export class LoadCluster {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;

  constructor(marked: (mark: Mark) => void) {
    // the objects of a whole cluster, as long as they really are
    this.#child = fork(PROCESS, { execArgv: ['--max-old-space-size=8192'] });
    endWithUs(this.#child);
    this.#child.on('message', (message: FromCluster) => {
      if (message.kind === 'mark') return marked(message.mark);
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.kind === 'answer') waiting?.resolve(message.answer);
      else waiting?.reject(new Error(message.message));
    });
    this.#child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the cluster has ended'));
    });
  }

  ask<What extends Command['do']>(command: Extract<Command, { do: What }>): Promise<Answers[What]> {
    const id = ++this.#asked;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    const message: ToCluster = { id, ...command };
    this.#child.send(message);
    return answer.promise as Promise<Answers[What]>;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}
