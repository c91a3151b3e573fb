import { type ChildProcess, spawn } from 'node:child_process';
import type { RequestOptions } from 'node:https';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { Failure } from './failure.ts';

/** `exec` of a kubeconfig user: the plugin that prints a credential. */
export const execSchema = z.looseObject({
  apiVersion: z.enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  interactiveMode: z.enum(['Never', 'IfAvailable', 'Always']).nullish(),
  provideClusterInfo: z.boolean().nullish(),
});

export interface ExecPlugin {
  readonly apiVersion: string;
  /** A name for the PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const credentialSchema = z.object({
  kind: z.literal('ExecCredential'),
  apiVersion: z.string(),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});
type Credential = z.infer<typeof credentialSchema>['status'];

const LONGEST_RUN = 30_000;
const LARGEST_OUTPUT = 1024 * 1024;
/** A plugin that failed is not run again for every list that waits: it may open a browser. */
const FAILURE_HOLDS = 10_000;

/**
 * Runs a credential plugin, for client-node's KubeConfig. client-node's own cannot be used: it waits
 * for ever, reads any amount of output, puts the plugin's error output (which may hold a token) into
 * the message, and keeps a credential after the API server refused it.
 */
export class ExecCredentials {
  readonly #plugin: ExecPlugin;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #credential: Credential | null = null;
  #running: Promise<Credential> | null = null;
  #failure: { readonly error: Failure; readonly until: number } | null = null;

  /** The abort of `signal` ends a plugin that runs. */
  constructor(plugin: ExecPlugin, clock: Clock, signal: AbortSignal) {
    this.#plugin = plugin;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** client-node asks every authenticator; this one stands in a KubeConfig with one user. */
  isAuthProvider(): boolean {
    return true;
  }

  async applyAuthentication(_user: unknown, options: RequestOptions): Promise<void> {
    const credential = await this.#get();
    if (credential.token) {
      options.headers = { ...options.headers, Authorization: `Bearer ${credential.token}` };
    }
    if (credential.clientCertificateData) options.cert = credential.clientCertificateData;
    if (credential.clientKeyData) options.key = credential.clientKeyData;
  }

  async #get(): Promise<Credential> {
    if (this.#credential !== null && !this.#expired(this.#credential)) return this.#credential;
    if (this.#failure !== null && this.#clock.monotonic() < this.#failure.until) {
      throw this.#failure.error;
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  #expired({ expirationTimestamp }: Credential): boolean {
    return expirationTimestamp
      ? Date.parse(expirationTimestamp) <= this.#clock.now().getTime()
      : false;
  }

  async #run(): Promise<Credential> {
    try {
      const output = await run(this.#plugin, this.#clock, this.#signal);
      this.#credential = parseCredential(this.#plugin, output);
      this.#failure = null;
      return this.#credential;
    } catch (error) {
      const failure = error instanceof Failure ? error : failed(this.#plugin, 'cannot be run');
      this.#failure = { error: failure, until: this.#clock.monotonic() + FAILURE_HOLDS };
      throw failure;
    }
  }
}

function parseCredential(plugin: ExecPlugin, output: string): Credential {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    throw failed(plugin, 'printed something that is not JSON');
  }
  const result = credentialSchema.safeParse(value);
  if (!result.success) throw failed(plugin, 'printed no ExecCredential');
  const { apiVersion, status } = result.data;
  if (apiVersion !== plugin.apiVersion) throw failed(plugin, `did not print ${plugin.apiVersion}`);
  if (!status.token && !(status.clientCertificateData && status.clientKeyData)) {
    throw failed(plugin, 'printed neither a token nor a certificate with its key');
  }
  return status;
}

/** What the plugin prints. Its error output is never read: it may hold secrets. */
function run(plugin: ExecPlugin, clock: Clock, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = start(plugin);
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (problem: string | null) => {
      cancel();
      signal.removeEventListener('abort', stop);
      child.stdout?.destroy();
      if (problem === null) return resolve(Buffer.concat(chunks).toString('utf8'));
      child.kill('SIGKILL');
      reject(failed(plugin, problem));
    };
    const stop = () => end('was stopped');
    signal.addEventListener('abort', stop);
    const cancel = clock.after(LONGEST_RUN, () => end('gave no answer in 30 s'));
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_OUTPUT) end('printed more than 1 MiB');
      else chunks.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ENOENT' ? 'was not found' : `cannot be run (${error.code ?? 'unknown'})`);
    });
    child.on('close', (code) =>
      end(code === 0 ? null : `failed with exit code ${code ?? 'unknown'}`),
    );
  });
}

function start({ command, args, environment }: ExecPlugin): ChildProcess {
  // no shell: the arguments are data
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  const env = { ...environment } as NodeJS.ProcessEnv;
  return spawn(command, args, { env, stdio, windowsHide: true });
}

/** Names the command alone: arguments and output may hold secrets. */
function failed({ command }: ExecPlugin, problem: string): Failure {
  return new Failure({ kind: 'credentials' }, `the credential plugin ${command} ${problem}`);
}
