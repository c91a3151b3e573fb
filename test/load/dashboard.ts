import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { heldIn, monitored, type Usage, usageIn } from './monitor-log.ts';
import { endWithUs, pause } from './waiting.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface DashboardOptions {
  readonly kubeconfig: string;
  /** For what it writes. */
  readonly directory: string;
  /** How many streams of events it serves to this machine. */
  readonly streams: number;
}

/** `sightline serve` in a process of its own, on loopback, watched. */
export class Dashboard {
  /** Without a slash at the end. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #monitor: string;
  readonly #log: string;

  /** Resolves once it listens; it begins to read the kubeconfig's cluster then. */
  static async start(options: DashboardOptions): Promise<Dashboard> {
    const { kubeconfig, directory, streams } = options;
    const monitor = join(directory, 'monitor.jsonl');
    const log = join(directory, 'server.log');
    const logFile = openSync(log, 'a');
    const child = spawn(
      process.execPath,
      ['cli/main.ts', 'serve', '--kubeconfig', kubeconfig, '--port', '0', '--no-open'],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', logFile],
        env: {
          ...process.env,
          NODE_ENV: 'production',
          ...monitored(monitor),
          SIGHTLINE_STREAMS_PER_ADDRESS: String(streams),
        },
      },
    );
    closeSync(logFile);
    endWithUs(child);
    const url = await addressIn(child);
    if (url === null) throw new Error(`the dashboard did not start: ${readFileSync(log, 'utf8')}`);
    return new Dashboard(child, url, monitor, log);
  }

  private constructor(child: ChildProcess, url: string, monitor: string, log: string) {
    this.#child = child;
    this.url = url;
    this.#monitor = monitor;
    this.#log = log;
  }

  /** What it wrote to its log so far: at the usual level, only what is worth a look. */
  get log(): readonly string[] {
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  /** Between two times in milliseconds since 1970. */
  usage(from: number, to: number): Usage {
    return usageIn(this.#monitor, from, to);
  }

  /** Bytes its main thread holds after garbage was collected. */
  async held(): Promise<number> {
    const before = heldIn(this.#monitor).length;
    this.#child.kill('SIGUSR2');
    for (let tries = 0; tries < 100; tries += 1) {
      await pause(100);
      const held = heldIn(this.#monitor)[before];
      if (held !== undefined) return held;
    }
    throw new Error('the monitor of the dashboard does not answer');
  }

  /** Ends it as an orchestrator does; gives the exit code and how long it took. */
  async stop(): Promise<{ readonly code: number | null; readonly milliseconds: number }> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return { code: exitCode, milliseconds: 0 };
    const start = performance.now();
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await exit;
    return {
      code: typeof code === 'number' ? code : null,
      milliseconds: performance.now() - start,
    };
  }
}

async function addressIn({ stdout }: ChildProcess): Promise<string | null> {
  if (stdout === null) return null;
  for await (const line of createInterface({ input: stdout })) {
    const [address] = /http:\/\/\S+/.exec(line) ?? [];
    if (address !== undefined) return address.replace(/\/$/, '');
  }
  return null;
}
