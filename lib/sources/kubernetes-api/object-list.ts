import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { ApiConnection } from './api-connection.ts';
import { type ApiObject, readObject, readPruned } from './api-object.ts';
import { Failure } from './failure.ts';
import { hasProtobuf, readListPage } from './protobuf/list-page.ts';
import { WireError } from './protobuf/wire-reader.ts';
import { apiVersion, listPath, selection } from './resource-path.ts';
import type { Answer } from './response.ts';

/** A page that is too slow or too large is asked for again in the next smaller size. */
const PAGE_SIZES = [500, 100, 20];
const PAGE_TIMEOUT = 30_000;

/** 150,000 pods are the largest supported cluster; beyond this memory would run out (R21). */
const MOST_OBJECTS = 500_000;

/** Who hears what was read. Nothing of it is to be used before `read` returns. */
export interface ListListener {
  /** `objects`: of one page; `read`: so far; `expected`: in the end, where the API server tells. */
  page(objects: readonly ApiObject[], read: number, expected: number | null): void;
  /** What was read so far is void: the list starts again. */
  restart(): void;
}

/**
 * One list, read page by page and pruned as it comes, so that no answer is ever held as a whole
 * (R3). The next page is asked for while one is read. `read` may fail between two pages and be called
 * again: it goes on with the page that failed.
 */
export class ObjectList {
  readonly #connection: ApiConnection;
  readonly #resource: Resource;
  readonly #path: string;
  readonly #limit: number;
  readonly #listener: ListListener;
  #read = 0;
  #continue: string | undefined;
  #resourceVersion = '';
  #expected: number | null = null;
  #pageSize = 0;
  #inProtobuf: boolean;

  constructor(
    connection: ApiConnection,
    resource: Resource,
    namespace: string | null,
    listener: ListListener,
    limit = MOST_OBJECTS,
  ) {
    this.#connection = connection;
    this.#resource = resource;
    this.#path = listPath(resource, namespace);
    this.#limit = limit;
    this.#listener = listener;
    this.#inProtobuf = hasProtobuf(resource);
  }

  /** Gives the version that the list is of. Throws a Failure. */
  async read(signal: AbortSignal): Promise<string> {
    let restarted = false;
    while (true) {
      const over = new AbortController();
      try {
        await this.#readPages(AbortSignal.any([signal, over.signal]));
        return this.#resourceVersion;
      } catch (error) {
        if (!(error instanceof Failure) || !this.#mayGoOn(error, restarted)) throw error;
        restarted ||= error.status === 410;
      } finally {
        // a page that was asked for ahead is not waited for any more
        over.abort();
      }
    }
  }

  async #readPages(signal: AbortSignal): Promise<void> {
    let coming = this.#ask(signal);
    while (true) {
      const answer = await coming;
      const items = this.#open(this.#decode(answer));
      const isLast = this.#continue === undefined;
      if (!isLast) {
        coming = this.#ask(signal);
        // it is awaited once this page was read, unless that fails
        coming.catch(() => {});
      }
      const readItem = answer.form === 'json' ? readObject : readPruned;
      this.#take(items.map((item) => readItem(this.#resource, item)));
      if (isLast) return;
    }
  }

  #ask(signal: AbortSignal): Promise<Answer> {
    // no resourceVersion asks for the newest state, which is never older than what was seen (R4)
    const query = {
      ...selection(this.#resource),
      limit: String(PAGE_SIZES[this.#pageSize]),
      continue: this.#continue,
    };
    const limits = { signal, timeoutMs: PAGE_TIMEOUT };
    return this.#inProtobuf
      ? this.#connection.protobuf(this.#path, query, limits)
      : this.#connection.json(this.#path, query, limits).then((value) => ({ form: 'json', value }));
  }

  #decode(answer: Answer): JsonObject {
    if (answer.form === 'json') return answer.value;
    try {
      return readListPage(this.#resource, answer.bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw malformed(this.#resource, `is broken: ${error.message}`);
    }
  }

  /** The items of a page, and where the list goes on. */
  #open(page: JsonObject): readonly Json[] {
    const metadata = isJsonObject(page.metadata) ? page.metadata : {};
    const { resourceVersion, continue: next, remainingItemCount: remaining } = metadata;
    const items = page.items ?? [];
    if (page.apiVersion !== apiVersion(this.#resource)) {
      throw malformed(this.#resource, 'has another apiVersion');
    }
    if (!Array.isArray(items)) throw malformed(this.#resource, 'has no items');
    if (typeof resourceVersion !== 'string')
      throw malformed(this.#resource, 'has no resourceVersion');
    const token = typeof next === 'string' && next !== '' ? next : undefined;
    if (token !== undefined && token === this.#continue) {
      throw malformed(this.#resource, 'never ends: it continues with the same page');
    }
    const count = this.#read + items.length;
    const left = token === undefined ? 0 : remaining;
    this.#expected = typeof left === 'number' ? count + left : null;
    if (Math.max(count, this.#expected ?? 0) > this.#limit) {
      throw new Failure(
        { kind: 'too-many-objects' },
        `more than ${this.#limit} ${resourceName(this.#resource)}: too many to hold`,
      );
    }
    this.#resourceVersion = resourceVersion;
    this.#continue = token;
    return items;
  }

  #take(objects: readonly ApiObject[]): void {
    this.#read += objects.length;
    this.#listener.page(objects, this.#read, this.#expected);
  }

  /** A list that expired between two pages starts again, once; then it is a failure like others. */
  #mayGoOn(failure: Failure, restarted: boolean): boolean {
    const { kind } = failure.cause;
    if (failure.status === 410) {
      this.#restart();
      return !restarted;
    }
    if (failure.status === 406 && this.#inProtobuf) {
      this.#inProtobuf = false;
      return true;
    }
    if (kind === 'malformed' || kind === 'too-many-objects') {
      // what somebody on the way may have broken is asked for in the plainer form
      this.#inProtobuf = false;
      this.#restart();
      return false;
    }
    const large = kind === 'too-slow' || kind === 'too-large';
    const smallest = this.#pageSize === PAGE_SIZES.length - 1;
    // without any answer it may be the size or the server: that it does not answer is to be told
    if ((large || kind === 'timeout') && !smallest) this.#pageSize += 1;
    return large && !smallest;
  }

  #restart(): void {
    this.#read = 0;
    this.#continue = undefined;
    this.#listener.restart();
  }
}

function malformed(resource: Resource, problem: string): Failure {
  return new Failure(
    { kind: 'malformed' },
    `the API server sent a list of ${resourceName(resource)} that ${problem}`,
  );
}
