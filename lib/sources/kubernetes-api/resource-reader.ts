import type { Resource } from '#lib/model/resource.ts';
import type { ListState, ObjectChange } from '#lib/sources/cluster-source.ts';
import type { ApiConnection } from './api-connection.ts';
import { type Clock, wait } from './clock.ts';
import { isServed } from './discovery.ts';
import { NamespacedReader } from './namespaced-reader.ts';
import { ObjectIndex, type Prepare } from './object-index.ts';
import { type Denial, Reflector, type ReflectorStatistics } from './reflector.ts';
import { listPath, selection } from './resource-path.ts';

/** How long before a refusal is asked about again. */
const FORBIDDEN_PAUSE = 60_000;
const NOT_INSTALLED_PAUSE = 60_000;
const WHOLE_CLUSTER_PAUSE = 300_000;
const PROBE_TIMEOUT = 15_000;

export interface ReaderOptions {
  readonly connection: ApiConnection;
  readonly resource: Resource;
  readonly clock: Clock;
  /** Where to look when the whole cluster may not be read. */
  readonly namespaces: (signal: AbortSignal) => Promise<readonly string[]>;
  /** As in SourceSink, for objects of the resource. */
  readonly prepare?: Prepare | undefined;
  readonly changed: (changes: readonly ObjectChange[]) => void;
  readonly stateChanged: (state: ListState) => void;
}

/**
 * Reads one resource as widely as it may be read: the whole cluster, or else the namespaces known
 * by name (R17), or nothing, which is then told as forbidden or not installed (R18).
 */
export class ResourceReader {
  readonly #options: ReaderOptions;
  /** In the version that is asked for. */
  #resource: Resource;
  readonly #index = new ObjectIndex();
  readonly statistics: ReflectorStatistics = {
    lists: 0,
    watches: 0,
    malformed: 0,
    resourceVersion: '',
    provenAt: null,
  };

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#resource = options.resource;
  }

  /** Returns after the signal aborted, never before. */
  async run(signal: AbortSignal): Promise<void> {
    const { connection, clock, prepare, changed, stateChanged } = this.#options;
    const listener = { prepare, changed, stateChanged };
    stateChanged({ status: 'syncing', objects: 0 });
    while (!signal.aborted) {
      const resource = this.#resource;
      const scope = { connection, resource, namespace: null, clock, index: this.#index };
      const reflector = new Reflector({ ...scope, listener, statistics: this.statistics });
      const denial = await reflector.run(signal);
      if (denial !== null) await this.#denied(denial, signal);
    }
  }

  async #denied(denial: Denial, signal: AbortSignal): Promise<void> {
    const { connection, clock, namespaces } = this.#options;
    const resource = this.#resource;
    if (denial.kind === 'forbidden' && (await isServed(connection, resource, signal)) !== false) {
      const names = resource.namespaced ? await namespaces(signal) : [];
      if (signal.aborted) return;
      if (names.length > 0) return this.#readNamespaces(names, denial.message, signal);
      this.#retract({ status: 'forbidden', message: denial.message });
      return wait(clock, FORBIDDEN_PAUSE, signal);
    }
    const other = await this.#otherServedVersion(signal);
    if (signal.aborted) return;
    if (other !== null) {
      this.#resource = other;
      return;
    }
    this.#retract({ status: 'not-installed' });
    await wait(clock, NOT_INSTALLED_PAUSE, signal);
  }

  /** An older or newer API server may have the same objects under another version of the group. */
  async #otherServedVersion(signal: AbortSignal): Promise<Resource | null> {
    const { connection, resource } = this.#options;
    for (const version of [resource.version, ...(resource.otherVersions ?? [])]) {
      if (version === this.#resource.version) continue;
      const other = { ...resource, version };
      if (await isServed(connection, other, signal)) return other;
    }
    return null;
  }

  /** The state first: objects that vanish from a list that counts as complete would read as deleted. */
  #retract(state: ListState): void {
    this.#options.stateChanged(state);
    const changes = this.#index.clear();
    if (changes.length > 0) this.#options.changed(changes);
  }

  /** Returns when the whole cluster may be read, or other namespaces are known by now. */
  async #readNamespaces(names: readonly string[], refusal: string, signal: AbortSignal) {
    const over = new AbortController();
    const reader = new NamespacedReader(
      { ...this.#options, resource: this.#resource },
      this.statistics,
      refusal,
    );
    const reading = reader.run(names, this.#index, AbortSignal.any([signal, over.signal]));
    await this.#scopeChange(names, signal);
    over.abort();
    await reading;
  }

  async #scopeChange(names: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock, namespaces } = this.#options;
    while (!signal.aborted) {
      await wait(clock, WHOLE_CLUSTER_PAUSE, signal);
      if (await this.#wholeClusterReadable(signal)) return;
      const now = await namespaces(signal);
      if (now.length > 0 && now.join() !== names.join()) return;
    }
  }

  async #wholeClusterReadable(signal: AbortSignal): Promise<boolean> {
    const { connection, resource } = this.#options;
    const limits = { signal, timeoutMs: PROBE_TIMEOUT };
    const query = { ...selection(resource), limit: '1' };
    return connection.json(listPath(resource, null), query, limits).then(
      () => true,
      () => false,
    );
  }
}
