import { isJsonObject } from '#lib/model/json.ts';
import { NAMESPACES } from '#lib/model/resource.ts';
import type { ApiConnection } from './api-connection.ts';
import type { Clock } from './clock.ts';
import { listPath } from './resource-path.ts';

/** Each namespace costs a list and a watch per resource. */
const MOST_NAMESPACES = 100;
const TIMEOUT = 30_000;
/** All resources ask at the same time. */
const KEPT = 30_000;

/**
 * The namespaces to try when the whole cluster may not be read (R17): those configured, else those
 * the API server names, with the one of the context first; at most 100.
 */
export class NamespaceCandidates {
  readonly #connection: ApiConnection;
  readonly #clock: Clock;
  readonly #configured: readonly string[];
  readonly #own: string;
  #asked: { readonly at: number; readonly names: Promise<readonly string[]> } | null = null;

  constructor(
    connection: ApiConnection,
    clock: Clock,
    configured: readonly string[],
    contextNamespace: string | null,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#configured = configured;
    // kubectl's own choice for a context without a namespace
    this.#own = contextNamespace ?? 'default';
  }

  names(signal: AbortSignal): Promise<readonly string[]> {
    if (this.#configured.length > 0) {
      return Promise.resolve(this.#configured.slice(0, MOST_NAMESPACES));
    }
    const now = this.#clock.monotonic();
    if (this.#asked === null || now - this.#asked.at > KEPT) {
      this.#asked = { at: now, names: this.#ask(signal) };
    }
    return this.#asked.names;
  }

  async #ask(signal: AbortSignal): Promise<readonly string[]> {
    const others = await this.#listed(signal).catch(() => []);
    return [...new Set([this.#own, ...others])].slice(0, MOST_NAMESPACES);
  }

  async #listed(signal: AbortSignal): Promise<string[]> {
    const limits = { signal, timeoutMs: TIMEOUT };
    const query = { limit: String(MOST_NAMESPACES) };
    const { items } = await this.#connection.json(listPath(NAMESPACES, null), query, limits);
    const names = (Array.isArray(items) ? items : []).map((item) =>
      isJsonObject(item) && isJsonObject(item.metadata) ? item.metadata.name : undefined,
    );
    return names.filter((name) => typeof name === 'string');
  }
}
