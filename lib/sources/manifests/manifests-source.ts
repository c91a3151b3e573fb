import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '#lib/model/problem.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type {
  ClusterSource,
  ListState,
  ObjectChange,
  SourceOrigin,
  SourceSink,
} from '#lib/sources/cluster-source.ts';
import {
  type ManifestReader,
  pathReader,
  type Reading,
  streamReader,
  textReader,
} from './manifest-reader.ts';
import type { NamedObject } from './named-object.ts';
import { type Catalogue, catalogue } from './object-catalogue.ts';
import { systemMessage } from './source-problems.ts';
import { watchPath } from './watch-path.ts';

export type ManifestInput =
  /** A file, a folder, or `-` for `stdin`. With `watch`, changes of files become changes of objects. */
  | { readonly path: string; readonly stdin?: Readable; readonly watch?: boolean }
  /** What somebody sent. */
  | { readonly text: string; readonly name: string };

/** How long after a failure a watched path is tried again. */
const RETRY_MS = 2000;

/** Opens manifests as if they were a cluster's objects. Nothing is read before `start`. */
export function openManifests(input: ManifestInput): ClusterSource {
  if ('text' in input) return new ManifestsSource(input.name, textReader(input.text, input.name));
  const { path, stdin = process.stdin, watch = false } = input;
  if (path === '-') return new ManifestsSource('stdin', streamReader(stdin, 'stdin'));
  return new ManifestsSource(path, pathReader(path), watch ? path : null);
}

type Objects = Catalogue['objects'];

class ManifestsSource implements ClusterSource {
  readonly origin: SourceOrigin;
  readonly #name: string;
  readonly #read: ManifestReader;
  /** Null when nothing is watched. */
  readonly #watched: string | null;
  #resources: readonly Resource[] = [];
  #sink: SourceSink | null = null;
  #published: Objects | null = null;
  #attempt = 0;
  #staleSince = '';
  #unwatch: (() => void) | null = null;
  #retry: NodeJS.Timeout | undefined;
  /** One reading at a time; changes that come meanwhile ask for one more. */
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(path: string, read: ManifestReader, watched: string | null = null) {
    this.origin = { kind: 'manifests', path };
    this.#name = path;
    this.#read = read;
    this.#watched = watched;
  }

  start(resources: readonly Resource[], sink: SourceSink): void {
    this.#resources = resources;
    this.#sink = sink;
    this.#tellState({ status: 'syncing', objects: 0 });
    this.#refresh();
  }

  async stop(): Promise<void> {
    this.#sink = null;
    clearTimeout(this.#retry);
    this.#unwatch?.();
    await this.#reading;
  }

  #refresh(): void {
    if (this.#sink === null) return;
    if (this.#reading !== null) {
      this.#again = true;
      return;
    }
    this.#reading = this.#readOnce().finally(() => {
      this.#reading = null;
      if (!this.#again) return;
      this.#again = false;
      this.#refresh();
    });
  }

  async #readOnce(): Promise<void> {
    // First the watch, then the reading: what changes in between is read once more, not missed.
    this.#watch();
    let reading: Reading;
    try {
      reading = await this.#read();
    } catch (error) {
      this.#failed(`${systemMessage(error)}: ${this.#name}`);
      return;
    }
    if (this.#sink === null) return;
    this.#attempt = 0;
    const { objects, problems } = catalogue(reading.objects, this.#resources);
    const all = [...reading.problems, ...problems];
    this.#tell((sink) => sink.problemsChanged([...all, ...nothingFound(reading, objects, all)]));
    this.#publish(objects);
    this.#tellState({ status: 'live' });
  }

  #watch(): void {
    if (this.#watched === null || this.#unwatch !== null) return;
    this.#unwatch = watchPath(this.#watched, () => this.#refresh());
  }

  #failed(cause: string): void {
    this.#attempt++;
    const attempt = this.#attempt;
    if (this.#published === null) this.#tellState({ status: 'failed', message: cause, attempt });
    else {
      if (attempt === 1) this.#staleSince = new Date().toISOString();
      this.#tellState({ status: 'stale', since: this.#staleSince, cause, attempt });
    }
    if (this.#watched === null || this.#sink === null) return;
    // What was watched may be another file or folder by now.
    this.#unwatch?.();
    this.#unwatch = null;
    this.#retry = setTimeout(() => this.#refresh(), RETRY_MS);
  }

  #publish(objects: Objects): void {
    const before = this.#published;
    this.#published = objects;
    for (const resource of this.#resources) {
      const name = resourceName(resource);
      const changes = difference(before?.get(name) ?? new Map(), objects.get(name) ?? new Map());
      if (changes.length > 0) this.#tell((sink) => sink.changed(resource, changes));
    }
  }

  #tellState(state: ListState): void {
    for (const resource of this.#resources)
      this.#tell((sink) => sink.stateChanged(resource, state));
  }

  #tell(message: (sink: SourceSink) => void): void {
    if (this.#sink === null) return;
    try {
      message(this.#sink);
    } catch {
      // A sink's failure is its own; the source goes on telling the rest.
    }
  }
}

/** The changes that make the second state of the first. */
function difference(
  before: ReadonlyMap<string, NamedObject>,
  after: ReadonlyMap<string, NamedObject>,
): readonly ObjectChange[] {
  const changes: ObjectChange[] = [];
  for (const [key, { namespace, name }] of before)
    if (!after.has(key)) changes.push({ type: 'delete', namespace, name });
  for (const [key, object] of after) {
    const { body, origin } = object;
    const known = before.get(key);
    if (known !== undefined && isDeepStrictEqual(known, object)) continue;
    changes.push({ type: 'set', object: { body, origin } });
  }
  return changes;
}

/** An empty answer is more likely a mistyped path than an empty cluster. */
function nothingFound(
  { files, objects }: Reading,
  published: Objects,
  problems: readonly Problem[],
): readonly Problem[] {
  const some = [...published.values()].some((resource) => resource.size > 0);
  if (some || problems.some(({ severity }) => severity === 'error')) return [];
  const message =
    files === 0
      ? 'there is no .yaml, .yml or .json file here'
      : objects.length === 0
        ? 'there is no Kubernetes object here'
        : 'there is no pod, workload, policy, namespace or service here';
  return [
    {
      code: 'nothing-found',
      severity: 'error',
      message,
      hint: null,
      object: null,
      path: [],
      origin: null,
    },
  ];
}
