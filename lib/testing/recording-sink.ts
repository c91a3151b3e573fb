import type { JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { ListState, ObjectChange, SourceSink } from '#lib/sources/cluster-source.ts';

type Call =
  | {
      readonly kind: 'changed';
      readonly resource: string;
      readonly changes: readonly ObjectChange[];
    }
  | { readonly kind: 'state'; readonly resource: string; readonly state: ListState };

/** Keeps what a source tells: every call in order, and the objects that come of it. */
export class RecordingSink implements SourceSink {
  readonly calls: Call[] = [];
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  readonly #states = new Map<string, ListState>();
  readonly #waiting = new Set<() => void>();

  changed(resource: Resource, changes: readonly ObjectChange[]): void {
    const name = resourceName(resource);
    const objects = this.#objects.get(name) ?? new Map<string, JsonObject>();
    this.#objects.set(name, objects);
    for (const change of changes) {
      if (change.type === 'delete') objects.delete(keyOf(change.namespace, change.name));
      else objects.set(keyOfBody(change.object.body), change.object.body);
    }
    this.#record({ kind: 'changed', resource: name, changes });
  }

  stateChanged(resource: Resource, state: ListState): void {
    this.#states.set(resourceName(resource), state);
    this.#record({ kind: 'state', resource: resourceName(resource), state });
  }

  problemsChanged(): void {}

  /** `shop/web` and so on, sorted. */
  names(resource: Resource): string[] {
    return [...this.#of(resource).keys()].sort();
  }

  object(resource: Resource, key: string): JsonObject | undefined {
    return this.#of(resource).get(key);
  }

  objects(resource: Resource): readonly JsonObject[] {
    return [...this.#of(resource).values()];
  }

  state(resource: Resource): ListState | undefined {
    return this.#states.get(resourceName(resource));
  }

  status(resource: Resource): ListState['status'] | undefined {
    return this.state(resource)?.status;
  }

  callsOf(resource: Resource): readonly Call[] {
    const name = resourceName(resource);
    return this.calls.filter((call) => call.resource === name);
  }

  /** The batches of changes a resource got. */
  batches(resource: Resource): (readonly ObjectChange[])[] {
    return this.callsOf(resource).flatMap((call) =>
      call.kind === 'changed' ? [call.changes] : [],
    );
  }

  /** Resolves as soon as the condition holds; it is looked at after every call. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #record(call: Call): void {
    this.calls.push(call);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  #of(resource: Resource): Map<string, JsonObject> {
    return this.#objects.get(resourceName(resource)) ?? new Map();
  }
}

function keyOf(namespace: string | null, name: string): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

function keyOfBody({ metadata }: JsonObject): string {
  const { namespace, name } = metadata as { namespace?: string; name: string };
  return keyOf(namespace ?? null, name);
}
