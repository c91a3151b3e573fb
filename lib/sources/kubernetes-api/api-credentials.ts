import type { RequestOptions } from 'node:https';
import { type Clock, unlessAborted } from './clock.ts';
import { type ClusterAccess, resolveAccess } from './cluster-access.ts';
import { ExecCredentials } from './exec-credentials.ts';
import { Failure, printable } from './failure.ts';
import { type KubeConfigOptions, loadKubeConfig, type MergedKubeConfig } from './kubeconfig.ts';
import { checkTls, type TlsMaterial, tlsKey, tlsMaterial } from './tls-material.ts';

/** What one request is sent with. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsMaterial;
  /** Requests with the same key may share connections. */
  readonly connectionKey: string;
  readonly access: ClusterAccess;
}

/** Renewing more often than this would hammer files, or open a browser again and again. */
const RENEWAL_GAP = { plugin: 30_000, file: 2000 };
const LONGEST_WAIT = 40_000;

/**
 * Credentials for one context, evaluated for every request (R2): token and certificate files are
 * read again, and so is the kubeconfig itself when it was written.
 */
export class ApiCredentials {
  readonly #options: KubeConfigOptions;
  /** By name: the current context of the file may change, the cluster shown may not. */
  readonly #context: string;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #config: MergedKubeConfig;
  #access: ClusterAccess;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #checkedKey = '';

  /** Throws a KubeConfigError when the context cannot be used. */
  constructor(options: KubeConfigOptions, context: string | null, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#config = loadKubeConfig(options);
    this.#context = resolveAccess(this.#config, context, options).context;
    this.#access = this.#resolve(this.#config);
  }

  get access(): ClusterAccess {
    return this.#access;
  }

  /** Throws a Failure `credentials` that says which file or plugin is at fault. */
  async current(): Promise<Credentials> {
    if (this.#config.changed()) this.#reload();
    const access = this.#access;
    const options: RequestOptions = {};
    await this.#inTime(apply(access, options));
    const tls = tlsMaterial(options);
    const key = tlsKey(tls);
    if (key !== this.#checkedKey) {
      const { kubeConfig } = access;
      const [cluster] = kubeConfig.clusters;
      const [user] = kubeConfig.users;
      if (cluster && user) checkTls(tls, cluster, user, this.#clock.now());
      this.#checkedKey = key;
    }
    const connectionKey = `${access.server} ${access.proxyUrl ?? ''} ${key}`;
    return { headers: headersOf(options, access), tls, connectionKey, access };
  }

  /**
   * The API server refused `used`: drops what was cached, so that files are read and plugins run
   * again. False when that was just done: asking again would not help.
   */
  renew(used: Credentials): boolean {
    if (used.access !== this.#access) return true;
    const gap = used.access.plugin !== null ? RENEWAL_GAP.plugin : RENEWAL_GAP.file;
    if (this.#clock.monotonic() - this.#renewedAt < gap) return false;
    this.#renewedAt = this.#clock.monotonic();
    // a fresh resolution has read no file and run no plugin yet
    if (!this.#reload()) this.#access = this.#resolve(this.#config);
    return true;
  }

  /** False when the configuration cannot be used (half-written, say): the former one stays in force. */
  #reload(): boolean {
    try {
      const config = loadKubeConfig(this.#options);
      this.#access = this.#resolve(config);
      this.#config = config;
      return true;
    } catch {
      return false;
    }
  }

  #resolve(config: MergedKubeConfig): ClusterAccess {
    const access = resolveAccess(config, this.#context, this.#options);
    if (access.plugin !== null) {
      const plugin = new ExecCredentials(access.plugin, this.#clock, this.#closing.signal);
      access.kubeConfig.addAuthenticator(plugin);
    }
    return access;
  }

  /** Renewing an OIDC token asks a server that may never answer. */
  async #inTime(applied: Promise<void>): Promise<void> {
    const limit = new AbortController();
    const late = new Failure({ kind: 'credentials' }, 'the credential was not renewed in 40 s');
    const cancel = this.#clock.after(LONGEST_WAIT, () => limit.abort(late));
    try {
      await unlessAborted(applied, AbortSignal.any([limit.signal, this.#closing.signal]));
    } finally {
      cancel();
    }
  }

  /** Ends a plugin that runs, and leaves no timer. */
  close(): void {
    this.#closing.abort(new Failure({ kind: 'unreachable' }, 'the source was stopped'));
  }
}

async function apply(access: ClusterAccess, options: RequestOptions): Promise<void> {
  try {
    await access.kubeConfig.applyToHTTPSOptions(options);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure({ kind: 'credentials' }, fileProblem(error));
  }
}

function fileProblem(error: unknown): string {
  if (error instanceof Error && 'path' in error && 'code' in error) {
    return `cannot read ${error.path}: ${error.code}`;
  }
  return `the credential cannot be used: ${error instanceof Error ? printable(error.message) : 'unknown reason'}`;
}

function headersOf(
  options: RequestOptions,
  access: ClusterAccess,
): Readonly<Record<string, string | string[]>> {
  const headers: Record<string, string | string[]> = { ...access.impersonation };
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // a token file ends with a newline as often as not
    if (typeof value === 'string') headers[name] = value.trim();
  }
  if (options.auth)
    headers.Authorization ??= `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}
