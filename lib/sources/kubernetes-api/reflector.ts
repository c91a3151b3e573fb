import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Resource } from '#lib/model/resource.ts';
import type { ListState, ObjectChange } from '#lib/sources/cluster-source.ts';
import type { ApiConnection } from './api-connection.ts';
import { type Clock, wait } from './clock.ts';
import { asFailure, Failure } from './failure.ts';
import type { ObjectIndex, Prepare, Relist } from './object-index.ts';
import { ObjectList } from './object-list.ts';
import { type FailedStep, isSilence, type Recovery, recover } from './recovery.ts';
import { isOlder } from './resource-version.ts';
import { openWatch, type WatchEvent } from './watch-stream.ts';

/** Why a list cannot be read, for as long as nobody changes something on the other side. */
export type Denial =
  | { readonly kind: 'forbidden'; readonly message: string }
  | { readonly kind: 'not-installed' };

/** The states of a list that is not denied. */
export type ReflectedState = Extract<
  ListState,
  { status: 'syncing' | 'live' | 'stale' | 'failed' }
>;

export interface ReflectorListener {
  readonly prepare?: Prepare | undefined;
  changed(changes: readonly ObjectChange[]): void;
  stateChanged(state: ReflectedState): void;
}

/** What a reflector has done so far, for status pages and metrics (R19). */
export interface ReflectorStatistics {
  lists: number;
  watches: number;
  malformed: number;
  resourceVersion: string;
  /** When the API server last proved that the objects are complete (ISO 8601). */
  provenAt: string | null;
}

export interface ReflectorOptions {
  readonly connection: ApiConnection;
  readonly resource: Resource;
  /** Null for the whole cluster. */
  readonly namespace: string | null;
  readonly clock: Clock;
  /** What was published before under this resource (and namespace); the first list is compared with it. */
  readonly index: ObjectIndex;
  readonly listener: ReflectorListener;
  readonly statistics: ReflectorStatistics;
}

/** Between the starts of two watches, when one ends in the regular way (R7). */
const WATCH_GAP = 250;
/** A watch that ends sooner and without an event has failed. */
const SHORT_WATCH = 1000;
/** After this long without a failure, those before no longer count. */
const HEALTHY = 30_000;
/** Between two tries at least, even when others reach the server: no storm may come of that. */
const SHORTEST_PAUSE = 500;
/** A refusal of what was readable before is believed when it came so often in a row. */
const DENIALS_BELIEVED = 3;
/** So many changes take a few milliseconds. */
const PART = 2000;
/** A list from the past is refused so often; then the server was restored from a backup. */
const WENT_BACK_LIMIT = 3;

/**
 * Lists one resource and then follows its changes, as client-go's reflector does: it never stops by
 * itself, never publishes a part of a list, and never goes on past something it did not understand.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  #reading: { readonly list: ObjectList; readonly relist: Relist } | null = null;
  #resourceVersion = '';
  #provenAt: Date | null = null;
  #live = false;
  #attempt = 0;
  #wentBack = 0;
  #denials = 0;
  /** Since when nothing failed; null while it does. */
  #openedAt: number | null = null;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  /** Runs until the signal aborts (null) or the list is denied. */
  async run(signal: AbortSignal): Promise<Denial | null> {
    let step: FailedStep = 'list';
    while (!signal.aborted) {
      try {
        if (step === 'list') {
          await this.#readList(signal);
          step = 'first-watch';
        }
        await this.#watch(step === 'first-watch', signal);
        step = 'watch';
      } catch (error) {
        if (signal.aborted) break;
        const failure = asFailure(error, this.#options.connection.server);
        const denial = step === 'list' ? denialOf(failure, this.#options.resource) : null;
        if (denial !== null && this.#believes()) return denial;
        const recovery = this.#failed(failure, step);
        step = recovery.next;
        await this.#pause(failure, recovery.waitMs, signal);
      }
    }
    return null;
  }

  /**
   * When a server comes back, whoever reaches it first tells the others, so that all lists recover
   * together and not each at the end of its own wait.
   */
  async #pause(failure: Failure, waitMs: number, signal: AbortSignal): Promise<void> {
    const { clock, connection } = this.#options;
    if (!isSilence(failure)) return wait(clock, waitMs, signal);
    const { nextAnswer } = connection;
    const earliest = clock.monotonic() + SHORTEST_PAUSE;
    const woken = new AbortController();
    const wake = () => {
      void wait(clock, earliest - clock.monotonic(), signal).then(() => woken.abort());
    };
    nextAnswer.addEventListener('abort', wake);
    await wait(clock, waitMs, AbortSignal.any([signal, woken.signal]));
    nextAnswer.removeEventListener('abort', wake);
  }

  async #readList(signal: AbortSignal): Promise<void> {
    const { index, statistics } = this.#options;
    this.#reading ??= this.#newList();
    statistics.lists += 1;
    const { list, relist } = this.#reading;
    const resourceVersion = await list.read(signal);
    this.#reading = null;
    this.#denials = 0;
    this.#refuseThePast(resourceVersion);
    const isFirst = this.#provenAt === null && index.size === 0;
    this.#prove(resourceVersion);
    const changes = relist.finish();
    if (isFirst) await this.#publishInParts(changes, signal);
    else this.#publish(changes);
  }

  #newList(): { readonly list: ObjectList; readonly relist: Relist } {
    const { connection, resource, namespace, index, listener } = this.#options;
    const relist = index.relist(listener.prepare);
    const list = new ObjectList(connection, resource, namespace, {
      page: (objects, read, expected) => {
        relist.add(objects);
        if (this.#provenAt === null)
          listener.stateChanged({ status: 'syncing', objects: read, expected });
      },
      restart: () => relist.restart(),
    });
    return { list, relist };
  }

  /**
   * A first list is whole, and nobody takes it for more than a part while its state is `syncing`:
   * it is handed over in parts, so that others get their turn in between.
   */
  async #publishInParts(changes: ObjectChange[], signal: AbortSignal): Promise<void> {
    // from the end of the reversed list: what was handed over is let go
    changes.reverse();
    while (changes.length > 0) {
      this.#publish(changes.splice(-PART).reverse());
      // whoever stops wants to be done: what is counted as published is published
      if (!signal.aborted) await nextTurn();
    }
  }

  /**
   * What was readable a moment ago is not given up at the first refusal: an API server that starts
   * refuses for some seconds what it does not know yet.
   */
  #believes(): boolean {
    this.#denials += 1;
    return this.#provenAt === null || this.#denials === DENIALS_BELIEVED;
  }

  /** B10: a replica that is behind may answer with a state older than the one shown. */
  #refuseThePast(resourceVersion: string): void {
    if (!isOlder(resourceVersion, this.#resourceVersion) || this.#wentBack === WENT_BACK_LIMIT) {
      this.#wentBack = 0;
      return;
    }
    this.#wentBack += 1;
    throw new Failure({ kind: 'went-back' }, 'the API server answered with an older state');
  }

  /** Returns when the API server ends the watch in the regular way. */
  async #watch(listed: boolean, signal: AbortSignal): Promise<void> {
    const { connection, resource, namespace, clock, statistics } = this.#options;
    const startedAt = clock.monotonic();
    let cancel = () => {};
    let silent = true;
    statistics.watches += 1;
    try {
      const version = this.#resourceVersion;
      const batches = await openWatch(connection, resource, namespace, version, clock, signal);
      this.#openedAt ??= clock.monotonic();
      // a watch that cannot go on says so at once; one that stays open for a moment has caught up
      if (listed) this.#tellLive();
      else cancel = clock.after(SHORT_WATCH, () => this.#tellLive());
      for await (const events of batches) {
        if (signal.aborted) return;
        silent = false;
        this.#apply(events);
        this.#tellLive();
      }
    } finally {
      cancel();
    }
    const lasted = clock.monotonic() - startedAt;
    if (silent && lasted < SHORT_WATCH) {
      throw new Failure({ kind: 'short-watch' }, 'the API server ended the watch at once');
    }
    await wait(clock, WATCH_GAP - lasted, signal);
  }

  #apply(events: readonly WatchEvent[]): void {
    const { index } = this.#options;
    const changes: ObjectChange[] = [];
    for (const event of events) {
      if (event.type === 'set') changes.push(...index.set(event.object));
      if (event.type === 'delete') changes.push(...index.delete(event.object));
      this.#prove(event.type === 'bookmark' ? event.resourceVersion : event.object.resourceVersion);
    }
    this.#publish(changes);
  }

  #publish(changes: readonly ObjectChange[]): void {
    if (changes.length > 0) this.#options.listener.changed(changes);
  }

  #prove(resourceVersion: string): void {
    const { clock, statistics } = this.#options;
    this.#resourceVersion = resourceVersion;
    this.#provenAt = clock.now();
    statistics.resourceVersion = resourceVersion;
    statistics.provenAt = this.#provenAt.toISOString();
  }

  #tellLive(): void {
    if (this.#live) return;
    this.#live = true;
    this.#options.listener.stateChanged({ status: 'live' });
  }

  #failed(failure: Failure, step: FailedStep): Recovery {
    const { clock, listener, statistics } = this.#options;
    if (this.#openedAt !== null && clock.monotonic() - this.#openedAt >= HEALTHY) this.#attempt = 0;
    this.#openedAt = null;
    this.#attempt += 1;
    this.#live = false;
    if (failure.cause.kind === 'malformed') statistics.malformed += 1;
    const { message } = failure;
    const attempt = this.#attempt;
    listener.stateChanged(
      this.#provenAt === null
        ? { status: 'failed', message, attempt }
        : { status: 'stale', since: this.#provenAt.toISOString(), cause: message, attempt },
    );
    return recover(failure, step, attempt, clock.random());
  }
}

/** The core group is always installed: a server without it is no Kubernetes API, or the path is wrong. */
function denialOf(failure: Failure, resource: Resource): Denial | null {
  if (failure.status === 403) return { kind: 'forbidden', message: failure.message };
  if (failure.status === 404 && resource.group !== '') return { kind: 'not-installed' };
  return null;
}
