import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { ApiConnection } from './api-connection.ts';
import { type ApiObject, readObject } from './api-object.ts';
import { Failure } from './failure.ts';
import { apiVersion, listPath, selection } from './resource-path.ts';
import { share } from './share.ts';

/** A page that is too slow or too large is asked for again in the next smaller size. */
const PAGE_SIZES = [500, 100, 20];
const PAGE_TIMEOUT = 30_000;

/** 150,000 pods are the largest supported cluster; beyond this memory would run out (R21). */
const MOST_OBJECTS = 500_000;

/** A complete list, as of its resourceVersion. */
export interface CompleteList {
  readonly objects: readonly ApiObject[];
  readonly resourceVersion: string;
}

/**
 * One list, read page by page and pruned as it comes, so that no answer is ever held as a whole
 * (R3). `read` may fail between two pages and be called again: it goes on with the page that failed.
 * Nothing of it is to be used before `read` returns.
 */
export class ObjectList {
  readonly #connection: ApiConnection;
  readonly #resource: Resource;
  readonly #path: string;
  readonly #limit: number;
  #objects: ApiObject[] = [];
  #continue: string | undefined;
  #resourceVersion = '';
  #pageSize = 0;

  constructor(
    connection: ApiConnection,
    resource: Resource,
    namespace: string | null,
    limit = MOST_OBJECTS,
  ) {
    this.#connection = connection;
    this.#resource = resource;
    this.#path = listPath(resource, namespace);
    this.#limit = limit;
  }

  /** `progress` hears how many objects were read, after each page. Throws a Failure. */
  async read(signal: AbortSignal, progress: (objects: number) => void): Promise<CompleteList> {
    let restarted = false;
    while (true) {
      try {
        const page = await this.#page(signal);
        this.#take(page);
        progress(this.#objects.length);
        if (this.#continue === undefined) {
          return { objects: this.#objects, resourceVersion: this.#resourceVersion };
        }
      } catch (error) {
        if (!(error instanceof Failure) || !this.#mayGoOn(error, restarted)) throw error;
        restarted ||= error.status === 410;
      }
    }
  }

  #page(signal: AbortSignal): Promise<JsonObject> {
    // no resourceVersion asks for the newest state, which is never older than what was seen (R4)
    const query = {
      ...selection(this.#resource),
      limit: String(PAGE_SIZES[this.#pageSize]),
      continue: this.#continue,
    };
    return this.#connection.json(this.#path, query, { signal, timeoutMs: PAGE_TIMEOUT });
  }

  #take(page: JsonObject): void {
    const metadata = isJsonObject(page.metadata) ? page.metadata : {};
    const { resourceVersion, continue: next } = metadata;
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
    const objects = items.map((item) => readObject(this.#resource, item));
    if (this.#objects.length + objects.length > this.#limit) {
      throw new Failure(
        { kind: 'too-many-objects' },
        `more than ${this.#limit} ${resourceName(this.#resource)}: too many to hold`,
      );
    }
    for (const object of objects) {
      const former = this.#objects.at(-1);
      if (former !== undefined) share(object.body, former.body);
      this.#objects.push(object);
    }
    this.#resourceVersion = resourceVersion;
    this.#continue = token;
  }

  /** A list that expired between two pages starts again, once; then it is a failure like others. */
  #mayGoOn(failure: Failure, restarted: boolean): boolean {
    if (failure.status === 410) {
      this.#restart();
      return !restarted;
    }
    if (failure.cause.kind === 'malformed' || failure.cause.kind === 'too-many-objects') {
      this.#restart();
      return false;
    }
    const large = failure.cause.kind === 'too-slow' || failure.cause.kind === 'too-large';
    const smallest = this.#pageSize === PAGE_SIZES.length - 1;
    // without any answer it may be the size or the server: that it does not answer is to be told
    if ((large || failure.cause.kind === 'timeout') && !smallest) this.#pageSize += 1;
    return large && !smallest;
  }

  #restart(): void {
    this.#objects = [];
    this.#continue = undefined;
  }
}

function malformed(resource: Resource, problem: string): Failure {
  return new Failure(
    { kind: 'malformed' },
    `the API server sent a list of ${resourceName(resource)} that ${problem}`,
  );
}
