import { isJsonObject, type Json } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import type { ApiConnection } from './api-connection.ts';
import { type ApiObject, readObject } from './api-object.ts';
import type { Clock } from './clock.ts';
import { Failure } from './failure.ts';
import { readLines } from './line-reader.ts';
import { listPath, selection } from './resource-path.ts';
import { failureOfStatus } from './response.ts';

export type WatchEvent =
  | { readonly type: 'set'; readonly object: ApiObject }
  | { readonly type: 'delete'; readonly object: ApiObject }
  /** Nothing changed up to this version. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

const OPEN_TIMEOUT = 15_000;
/** Bookmarks come about once a minute even when nothing happens. */
const LONGEST_SILENCE = 75_000;

/**
 * The changes after `resourceVersion`, those that arrived together in one batch. It ends when the
 * API server closes the stream in the regular way, and throws a Failure for everything else: an
 * error event of any code (R9), silence for 75 s, and outliving the time asked for (R10).
 */
export async function openWatch(
  connection: ApiConnection,
  resource: Resource,
  namespace: string | null,
  resourceVersion: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<AsyncIterable<readonly WatchEvent[]>> {
  // spread over five minutes, so that watches opened together do not end together (R6)
  const timeoutSeconds = 300 + Math.floor(clock.random() * 300);
  const guard = new StallGuard(clock, timeoutSeconds * 1100);
  const query = {
    ...selection(resource),
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(timeoutSeconds),
  };
  const limits = { signal: AbortSignal.any([signal, guard.signal]), timeoutMs: OPEN_TIMEOUT };
  const chunks = await connection.stream(listPath(resource, namespace), query, limits);
  return readEvents(resource, chunks, guard);
}

async function* readEvents(
  resource: Resource,
  chunks: AsyncIterable<Uint8Array>,
  guard: StallGuard,
): AsyncGenerator<readonly WatchEvent[]> {
  try {
    guard.start();
    for await (const lines of readLines(guard.listen(chunks))) {
      const events: WatchEvent[] = [];
      for (const line of lines) {
        try {
          events.push(readEvent(resource, line));
        } catch (error) {
          // what came before it is good and must not be lost
          if (events.length > 0) yield events;
          throw error;
        }
      }
      yield events;
    }
  } finally {
    guard.stop();
  }
}

/** Throws a Failure: `status` for an error event, `malformed` for a line that is no event (R11). */
export function readEvent(resource: Resource, line: string): WatchEvent {
  let event: Json;
  try {
    event = JSON.parse(line);
  } catch {
    throw new Failure({ kind: 'malformed' }, 'the watch sent a line that is not JSON');
  }
  if (!isJsonObject(event)) {
    throw new Failure({ kind: 'malformed' }, 'the watch sent a line that is no event');
  }
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'set', object: readObject(resource, event.object) };
    case 'DELETED':
      return { type: 'delete', object: readObject(resource, event.object) };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: bookmarkVersion(event.object) };
    case 'ERROR':
      throw failureOfStatus(isJsonObject(event.object) ? event.object : {}, 500);
    default:
      throw new Failure({ kind: 'malformed' }, 'the watch sent an event of an unknown type');
  }
}

function bookmarkVersion(object: Json | undefined): string {
  const metadata = isJsonObject(object) ? object.metadata : undefined;
  const version = isJsonObject(metadata) ? metadata.resourceVersion : undefined;
  if (typeof version === 'string' && version !== '') return version;
  throw new Failure({ kind: 'malformed' }, 'the watch sent a bookmark without a resourceVersion');
}

/** Ends a watch that hangs: TCP alone may not notice for hours that the other side is gone. */
class StallGuard {
  readonly #clock: Clock;
  readonly #longest: number;
  readonly #controller = new AbortController();
  #heardAt = 0;
  #cancelSilence: () => void = () => {};
  #cancelLongest: () => void = () => {};

  constructor(clock: Clock, longest: number) {
    this.#clock = clock;
    this.#longest = longest;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    this.#heardAt = this.#clock.monotonic();
    this.#cancelLongest = this.#clock.after(this.#longest, () =>
      this.#end('the watch went on for longer than it was asked for'),
    );
    this.#expectWithin(LONGEST_SILENCE);
  }

  stop(): void {
    this.#cancelSilence();
    this.#cancelLongest();
  }

  async *listen(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#heardAt = this.#clock.monotonic();
      yield chunk;
    }
  }

  /** Bytes only note the time: setting a timer for each of thousands of events would cost more. */
  #expectWithin(milliseconds: number): void {
    this.#cancelSilence = this.#clock.after(milliseconds, () => {
      const silence = this.#clock.monotonic() - this.#heardAt;
      if (silence < LONGEST_SILENCE) this.#expectWithin(LONGEST_SILENCE - silence);
      else this.#end('the API server was silent for 75 s');
    });
  }

  #end(message: string): void {
    this.#controller.abort(new Failure({ kind: 'stalled' }, message));
  }
}
