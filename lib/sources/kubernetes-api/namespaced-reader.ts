import type { ListState, ObjectChange } from '#lib/sources/cluster-source.ts';
import { wait } from './clock.ts';
import { combineStates } from './combined-state.ts';
import type { ObjectIndex } from './object-index.ts';
import { Reflector, type ReflectorStatistics } from './reflector.ts';
import type { ReaderOptions } from './resource-reader.ts';

/** How long before a refused namespace is asked about again: longer when there may be many. */
const REFUSED_PAUSE = 60_000;
const FEW = 10;
const REFUSED_PAUSE_OF_MANY = 300_000;

/** Reads one resource in some namespaces side by side (R17). */
export class NamespacedReader {
  readonly #options: ReaderOptions;
  readonly #statistics: ReflectorStatistics;
  readonly #states = new Map<string, ListState>();
  readonly #parts = new Map<string, ObjectIndex>();
  /** The cluster-wide refusal: it says more than that of any one namespace. */
  readonly #refusal: string;
  /** Changes held back until every namespace was read once, so that the first list is one batch. */
  #held: ObjectChange[] | null = [];

  constructor(options: ReaderOptions, statistics: ReflectorStatistics, refusal: string) {
    this.#options = options;
    this.#statistics = statistics;
    this.#refusal = refusal;
  }

  /**
   * Runs until the signal aborts. `index` holds what was published before; when it ends, it holds
   * what is published then.
   */
  async run(namespaces: readonly string[], index: ObjectIndex, signal: AbortSignal): Promise<void> {
    for (const namespace of namespaces) {
      this.#states.set(namespace, { status: 'syncing', objects: 0 });
      this.#parts.set(namespace, index.take(namespace));
    }
    this.#options.stateChanged(this.#combined());
    // what lies in other namespaces may no longer be read
    const lost = index.clear();
    if (lost.length > 0) this.#options.changed(lost);
    const parts = [...this.#parts];
    await Promise.all(parts.map(([namespace, part]) => this.#read(namespace, part, signal)));
    this.#release();
    for (const [, part] of parts) index.adopt(part);
  }

  async #read(namespace: string, index: ObjectIndex, signal: AbortSignal): Promise<void> {
    const { connection, resource, clock } = this.#options;
    const listener = {
      prepare: this.#options.prepare,
      changed: (changes: readonly ObjectChange[]) => this.#publish(changes),
      stateChanged: (state: ListState) => this.#settle(namespace, state),
    };
    const statistics = this.#statistics;
    while (!signal.aborted) {
      const options = { connection, resource, namespace, clock, index, listener, statistics };
      const denial = await new Reflector(options).run(signal);
      if (denial === null) return;
      this.#settle(
        namespace,
        denial.kind === 'forbidden'
          ? { status: 'forbidden', message: this.#refusal }
          : { status: 'not-installed' },
      );
      this.#publish(index.clear());
      const many = this.#parts.size > FEW;
      await wait(clock, many ? REFUSED_PAUSE_OF_MANY : REFUSED_PAUSE, signal);
    }
  }

  #settle(namespace: string, state: ListState): void {
    this.#states.set(namespace, state);
    const combined = this.#combined();
    const readable = combined.status === 'live' || combined.status === 'stale';
    if (readable) this.#release();
    this.#options.stateChanged(combined);
    // where nothing is readable, what is held takes back what was shown: after the state said why
    if (combined.status !== 'syncing') this.#release();
  }

  #publish(changes: readonly ObjectChange[]): void {
    if (changes.length === 0) return;
    if (this.#held === null) this.#options.changed(changes);
    else for (const change of changes) this.#held.push(change);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    if (held.length > 0) this.#options.changed(held);
  }

  #combined(): ListState {
    return combineStates(this.#states);
  }
}
