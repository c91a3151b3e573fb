import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** How long a process may take to end by itself: kube-apiserver waits for open watches, for minutes. */
const PATIENCE = 1000;

/** A server that runs beside the tests and writes a log. */
export class ServerProcess {
  readonly #name: string;
  readonly #log: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #killAtExit = () => this.#child.kill('SIGKILL');

  constructor(program: string, args: readonly string[], log: string, cwd: string) {
    this.#name = program;
    this.#log = log;
    const output = openSync(log, 'a');
    this.#child = spawn(program, args, { cwd, stdio: ['ignore', output, output] });
    closeSync(output);
    process.once('exit', this.#killAtExit);
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', resolve);
      this.#child.once('error', resolve);
    }).then(() => {
      process.off('exit', this.#killAtExit);
    });
  }

  /** Resolves when `probe` gives true; throws with the end of the log when the process dies first. */
  async ready(probe: () => Promise<boolean>, seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await probe())) {
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null) throw new Error(this.#report('died'));
      if (Date.now() > end) throw new Error(this.#report(`is not ready after ${seconds} s`));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** As a crash: nothing is said goodbye to. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Stands still, with all its connections open, until `resume`. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  #report(what: string): string {
    const lines = readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-20);
    return `${this.#name} ${what}:\n${lines.join('\n')}`;
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
