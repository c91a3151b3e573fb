import { type Dispatcher, request } from 'undici';
import type { JsonObject } from '#lib/model/json.ts';
import type { ApiCredentials, Credentials } from './api-credentials.ts';
import { type Clock, unlessAborted } from './clock.ts';
import { createDispatcher } from './dispatcher.ts';
import { asFailure, Failure } from './failure.ts';
import { Limiter } from './limiter.ts';
import { PROTOBUF } from './protobuf/list-page.ts';
import { type Answer, readAnswer, readJson, statusFailure } from './response.ts';

/** Query parameters; absent ones are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

export interface Limits {
  readonly signal: AbortSignal;
  /** For the whole answer, for the head of the answer of `stream`. */
  readonly timeoutMs: number;
}

const JSON_TYPE = 'application/json';
const ANSWER_LIMIT = 64 * 1024 * 1024;
/** A reader of many namespaces must not open a socket for each list at once. */
const PARALLEL_LISTS = 20;

/**
 * Requests to one API server, GET and nothing else. Every error is a Failure; nothing is retried
 * here, except once after renewed credentials (R2). Redirects are not followed: they would carry the
 * credentials to another server.
 */
export class ApiConnection {
  readonly #credentials: ApiCredentials;
  readonly #clock: Clock;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #current: { readonly key: string; readonly dispatcher: Dispatcher } | null = null;
  /** The current one, and former ones on which something still runs. */
  readonly #open = new Set<Dispatcher>();
  #streams = new AbortController();
  #answered = new AbortController();
  readonly #limiter = new Limiter(PARALLEL_LISTS);
  #closed = false;
  #lastByteAt = Number.NEGATIVE_INFINITY;
  #requests = 0;

  constructor(
    credentials: ApiCredentials,
    clock: Clock,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#environment = environment;
  }

  /** `https://127.0.0.1:6443`, for messages. */
  get server(): string {
    return this.#credentials.access.server;
  }

  /** When the API server last said anything, on the monotonic clock. */
  get lastByteAt(): number {
    return this.#lastByteAt;
  }

  /** Aborts as soon as the API server answers any request well. */
  get nextAnswer(): AbortSignal {
    return this.#answered.signal;
  }

  get requests(): number {
    return this.#requests;
  }

  json(path: string, query: Query, limits: Limits): Promise<JsonObject> {
    return this.#whole(path, query, limits, JSON_TYPE, readJson);
  }

  /** In protobuf if the API server has it for what is asked, else in JSON. */
  protobuf(path: string, query: Query, limits: Limits): Promise<Answer> {
    return this.#whole(path, query, limits, `${PROTOBUF}, ${JSON_TYPE}`, readAnswer);
  }

  #whole<Result>(
    path: string,
    query: Query,
    limits: Limits,
    accept: string,
    read: (response: Dispatcher.ResponseData, limit: number) => Promise<Result>,
  ): Promise<Result> {
    return this.#limiter.run(async () => {
      let answered = false;
      return this.#within(
        limits,
        async (signal, credentials) => {
          const headers = { 'accept-encoding': 'gzip', accept };
          const response = await this.#get(credentials, path, query, signal, headers);
          answered = true;
          return read(response, ANSWER_LIMIT);
        },
        () => (answered ? 'too-slow' : 'timeout'),
      );
    });
  }

  /** The bytes of the answer as they come; the abort of `limits.signal` ends them. */
  async stream(path: string, query: Query, limits: Limits): Promise<AsyncIterable<Uint8Array>> {
    const signal = AbortSignal.any([limits.signal, this.#streams.signal]);
    const response = await this.#within({ ...limits, signal }, (either, credentials) =>
      this.#get(credentials, path, query, either, {}),
    );
    return this.#listen(response.body);
  }

  /** Ends every stream with this failure. */
  dropStreams(failure: Failure): void {
    this.#streams.abort(failure);
    this.#streams = new AbortController();
  }

  /** Any answer at all, even a refusal, proves that the server is there. */
  async probe(path: string, limits: Limits): Promise<void> {
    await this.#within(limits, async (signal, credentials) => {
      const response = await this.#send(credentials, path, {}, signal, {});
      await response.body.dump();
    });
  }

  /** Ends every request and closes every socket. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#credentials.close();
    await Promise.all([...this.#open].map((dispatcher) => dispatcher.destroy()));
    this.#open.clear();
  }

  async #get(
    used: Credentials,
    path: string,
    query: Query,
    signal: AbortSignal,
    headers: Record<string, string>,
  ): Promise<Dispatcher.ResponseData> {
    let response = await this.#send(used, path, query, signal, headers);
    if (response.statusCode === 401 && this.#credentials.renew(used)) {
      await response.body.dump();
      response = await this.#send(await this.#credentials.current(), path, query, signal, headers);
    }
    if (response.statusCode === 200) {
      this.#answered.abort();
      this.#answered = new AbortController();
      return response;
    }
    throw await statusFailure(response, this.server);
  }

  async #send(
    credentials: Credentials,
    path: string,
    query: Query,
    signal: AbortSignal,
    headers: Record<string, string>,
  ): Promise<Dispatcher.ResponseData> {
    this.#requests += 1;
    const parameters = Object.entries(query).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const search = parameters.length === 0 ? '' : `?${new URLSearchParams(parameters)}`;
    const response = await request(`${credentials.access.server}${path}${search}`, {
      dispatcher: this.#dispatcher(credentials),
      signal,
      headers: {
        ...credentials.headers,
        accept: JSON_TYPE,
        ...headers,
        'user-agent': 'sightline',
      },
    });
    this.#heard();
    return response;
  }

  #dispatcher(credentials: Credentials): Dispatcher {
    if (this.#closed) throw new Failure({ kind: 'unreachable' }, 'the source was stopped');
    const former = this.#current;
    if (former?.key === credentials.connectionKey) return former.dispatcher;
    const dispatcher = createDispatcher(credentials, this.#environment);
    this.#current = { key: credentials.connectionKey, dispatcher };
    this.#open.add(dispatcher);
    // certificates were renewed: what still runs on the former connections may end in peace
    if (former !== null) {
      const forget = () => this.#open.delete(former.dispatcher);
      former.dispatcher.close().then(forget, forget);
    }
    return dispatcher;
  }

  async *#listen(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        this.#heard();
        yield chunk;
      }
    } catch (error) {
      throw asFailure(error, this.server);
    }
  }

  #heard(): void {
    this.#lastByteAt = this.#clock.monotonic();
  }

  /**
   * Runs with credentials and a time limit; whatever it throws becomes a Failure. The credentials
   * have limits of their own: a plugin may ask a person to log in.
   */
  async #within<Result>(
    { signal, timeoutMs }: Limits,
    run: (signal: AbortSignal, credentials: Credentials) => Promise<Result>,
    lateKind: () => 'timeout' | 'too-slow' = () => 'timeout',
  ): Promise<Result> {
    const limit = new AbortController();
    let cancel = () => {};
    try {
      const credentials = await unlessAborted(this.#credentials.current(), signal);
      cancel = this.#clock.after(timeoutMs, () => limit.abort(this.#late(lateKind(), timeoutMs)));
      const either = AbortSignal.any([signal, limit.signal]);
      return await unlessAborted(run(either, credentials), either);
    } catch (error) {
      throw asFailure(limit.signal.aborted ? limit.signal.reason : error, this.server);
    } finally {
      cancel();
    }
  }

  #late(kind: 'timeout' | 'too-slow', timeoutMs: number): Failure {
    const what = kind === 'timeout' ? 'gave no answer' : 'did not complete its answer';
    return new Failure({ kind }, `${this.server} ${what} in ${Math.round(timeoutMs / 1000)} s`);
  }
}
