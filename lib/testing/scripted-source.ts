import { PODS, type Resource } from '#lib/model/resource.ts';
import type {
  ClusterSource,
  ListState,
  ObjectChange,
  SourceSink,
} from '#lib/sources/cluster-source.ts';

/** A source that says what the test wants, when it wants. */
export class ScriptedSource implements ClusterSource {
  readonly origin = { kind: 'kubernetes-api', context: 'test', server: 'https://test' } as const;
  #resources: readonly Resource[] = [];
  #sink: SourceSink | null = null;
  stopped = false;
  readonly #begun = Promise.withResolvers<void>();
  /** Fulfilled when it is asked to read. */
  readonly started = this.#begun.promise;

  start(resources: readonly Resource[], sink: SourceSink): void {
    this.#resources = resources;
    this.#sink = sink;
    this.all({ status: 'syncing', objects: 0 });
    this.#begun.resolve();
  }
  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }
  all(state: ListState): void {
    for (const resource of this.#resources) this.#sink?.stateChanged(resource, state);
  }
  state(resource: Resource, state: ListState): void {
    this.#sink?.stateChanged(resource, state);
  }
  change(...changes: readonly ObjectChange[]): void {
    this.#sink?.changed(PODS, changes);
  }
}

/** A running pod, in the namespace shop unless it is said. */
export function podChange(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  namespace = 'shop',
): ObjectChange {
  const body = {
    metadata: { name, namespace, uid: name, labels },
    spec: { containers: [{ name: 'main', image: 'x' }] },
    status: { phase: 'Running' },
  };
  return { type: 'set', object: { body, origin: null } };
}
