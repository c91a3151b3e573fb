import type { JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';

export interface StoredEvent {
  readonly resource: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly namespace: string | null;
  readonly object: JsonObject;
}

export interface Page {
  readonly items: readonly JsonObject[];
  readonly version: number;
  /** Null on the last page. */
  readonly continue: string | null;
  /** How many come after this page. */
  readonly remaining: number;
}

/** A list that is read page by page: all its objects as they were, and where the next page begins. */
interface Reading {
  readonly objects: readonly JsonObject[];
  readonly version: number;
  readonly from: number;
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
}

/** What etcd is to a real API server: versions, history, and its compaction. */
export class FakeObjectStore {
  #version = 100;
  #compactedTo = 0;
  #uids = 0;
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  readonly #history: StoredEvent[] = [];
  readonly #pages = new Map<string, Reading>();
  readonly #listeners = new Set<(event: StoredEvent) => void>();

  get version(): number {
    return this.#version;
  }

  /** Creates or replaces; the uid is kept unless the object brings one. Gives the object as stored. */
  set(resource: Resource, object: JsonObject): JsonObject {
    const metadata = metadataOf(object);
    const key = keyOf(metadata.namespace ?? null, metadata.name);
    const objects = this.#of(resource);
    const before = objects.get(key);
    const uid = metadata.uid ?? (before && metadataOf(before).uid) ?? `uid-${++this.#uids}`;
    const version = ++this.#version;
    const stored = {
      ...object,
      metadata: { ...metadata, uid, resourceVersion: String(version) },
    };
    objects.set(key, stored);
    this.#record(resource, before === undefined ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  }

  delete(resource: Resource, namespace: string | null, name: string): void {
    const key = keyOf(namespace, name);
    const object = this.#of(resource).get(key);
    if (object === undefined) throw new Error(`no ${resource.plural} ${key} to delete`);
    this.#of(resource).delete(key);
    const version = ++this.#version;
    const metadata = { ...metadataOf(object), resourceVersion: String(version) };
    this.#record(resource, 'DELETED', { ...object, metadata });
  }

  /** Null when the page has expired. */
  list(
    resource: Resource,
    namespace: string | null,
    limit: number,
    token: string | null,
  ): Page | null {
    const reading = token === null ? this.#read(resource, namespace) : this.#pages.get(token);
    if (reading === undefined) return null;
    const { objects, version, from } = reading;
    const to = limit > 0 ? Math.min(from + limit, objects.length) : objects.length;
    const page = { items: objects.slice(from, to), version, remaining: objects.length - to };
    if (page.remaining === 0) return { ...page, continue: null };
    const next = `page-${this.#pages.size + 1}`;
    this.#pages.set(next, { objects, version, from: to });
    return { ...page, continue: next };
  }

  /** The changes after a version; null when they were compacted away. */
  since(resource: Resource, version: number): readonly StoredEvent[] | null {
    if (version < this.#compactedTo) return null;
    const name = resourceName(resource);
    return this.#history.filter((event) => event.resource === name && event.version > version);
  }

  /** Forgets the history and every page that is under way. */
  compact(): void {
    this.#compactedTo = this.#version;
    this.#history.length = 0;
    this.#pages.clear();
  }

  /** Lets time pass: other objects, which nobody here looks at, were written. */
  skipVersions(count: number): void {
    this.#version += count;
  }

  /** As after restoring a backup: the same objects, and versions that start from an earlier number. */
  goBackTo(version: number): void {
    this.#version = version;
    this.#history.length = 0;
    this.#pages.clear();
  }

  subscribe(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read(resource: Resource, namespace: string | null): Reading {
    const all = [...this.#of(resource).values()];
    const objects = namespace === null ? all : all.filter(within(namespace));
    return { objects, version: this.#version, from: 0 };
  }

  #record(resource: Resource, type: StoredEvent['type'], object: JsonObject): void {
    const namespace = metadataOf(object).namespace ?? null;
    const name = resourceName(resource);
    const event = { resource: name, type, version: this.#version, namespace, object };
    this.#history.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  #of(resource: Resource): Map<string, JsonObject> {
    const name = resourceName(resource);
    const existing = this.#objects.get(name);
    if (existing !== undefined) return existing;
    const created = new Map<string, JsonObject>();
    this.#objects.set(name, created);
    return created;
  }
}

function within(namespace: string): (object: JsonObject) => boolean {
  return (object) => metadataOf(object).namespace === namespace;
}

function metadataOf(object: JsonObject): Metadata & JsonObject {
  return object.metadata as Metadata & JsonObject;
}

function keyOf(namespace: string | null, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
