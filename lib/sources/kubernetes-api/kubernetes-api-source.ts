import { type Resource, resourceName } from '#lib/model/resource.ts';
import type {
  ClusterSource,
  SourceObject,
  SourceOrigin,
  SourceSink,
} from '#lib/sources/cluster-source.ts';
import { ApiConnection } from './api-connection.ts';
import { ApiCredentials } from './api-credentials.ts';
import { type Clock, systemClock } from './clock.ts';
import { heartbeat } from './heartbeat.ts';
import type { KubeConfigOptions } from './kubeconfig.ts';
import { NamespaceCandidates } from './namespace-candidates.ts';
import type { ReflectorStatistics } from './reflector.ts';
import { ResourceReader } from './resource-reader.ts';

/** Where plugins and their settings are, as a rule. */
const SYSTEM_NAMESPACE = 'kube-system';

export interface KubernetesApiOptions {
  readonly kubeConfig: KubeConfigOptions;
  /** The current context of the kubeconfig when absent. */
  readonly context?: string;
  /** Where to look when the whole cluster may not be read; by default every namespace that can be found. */
  readonly namespaces?: readonly string[];
  readonly clock?: Clock;
}

/** What the source did so far, for status pages and metrics (R19). */
export interface KubernetesApiStatistics {
  /** By resourceName. */
  readonly resources: ReadonlyMap<string, Readonly<ReflectorStatistics>>;
  readonly requests: number;
  /** Exceptions thrown by the sink. */
  readonly sinkErrors: number;
}

/**
 * Opens a cluster through its API; it only ever gets, lists and watches. Nothing is asked before
 * `start`. Throws a KubeConfigError when the context cannot be used; a server that cannot be
 * reached is no error but a state, and is tried again until `stop`.
 */
export function openKubernetesApi(options: KubernetesApiOptions): KubernetesApiSource {
  return new KubernetesApiSource(options);
}

export class KubernetesApiSource implements ClusterSource {
  readonly origin: Extract<SourceOrigin, { kind: 'kubernetes-api' }>;
  /** False with insecure-skip-tls-verify or plain http: anybody in between may have written the answers. */
  readonly verifiesServer: boolean;
  readonly #connection: ApiConnection;
  readonly #clock: Clock;
  readonly #namespaces: NamespaceCandidates;
  readonly #stopping = new AbortController();
  readonly #readers = new Map<string, ResourceReader>();
  #running: Promise<unknown> | null = null;
  #sinkErrors = 0;

  constructor({ kubeConfig, context, namespaces = [], clock = systemClock }: KubernetesApiOptions) {
    const credentials = new ApiCredentials(kubeConfig, context ?? null, clock);
    const { access } = credentials;
    this.origin = { kind: 'kubernetes-api', context: access.context, server: access.server };
    this.verifiesServer = access.verifiesServer;
    this.#clock = clock;
    this.#connection = new ApiConnection(credentials, clock, kubeConfig.environment);
    this.#namespaces = new NamespaceCandidates(
      this.#connection,
      clock,
      namespaces,
      access.namespace,
    );
  }

  start(resources: readonly Resource[], sink: SourceSink): void {
    if (this.#running !== null) throw new Error('a source is started once');
    const { signal } = this.#stopping;
    const readers = resources.map((resource) => this.#reader(resource, sink).run(signal));
    const beat = heartbeat(this.#connection, this.#clock, signal, (failure) =>
      this.#connection.dropStreams(failure),
    );
    this.#running = Promise.all([...readers, beat]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connection.close();
    await this.#running;
  }

  statistics(): KubernetesApiStatistics {
    const resources = new Map(
      [...this.#readers].map(([name, reader]) => [name, reader.statistics]),
    );
    return { resources, requests: this.#connection.requests, sinkErrors: this.#sinkErrors };
  }

  #reader(resource: Resource, sink: SourceSink): ResourceReader {
    const reader = new ResourceReader({
      connection: this.#connection,
      resource,
      clock: this.#clock,
      // Looking for one name in every namespace would cost more than it tells.
      namespaces: (signal) =>
        resource.only === undefined
          ? this.#namespaces.names(signal)
          : Promise.resolve([SYSTEM_NAMESPACE]),
      prepare: (object) => this.#prepare(resource, object, sink),
      changed: (changes) => this.#tell(() => sink.changed(resource, changes)),
      stateChanged: (state) => this.#tell(() => sink.stateChanged(resource, state)),
    });
    this.#readers.set(resourceName(resource), reader);
    return reader;
  }

  #prepare(resource: Resource, object: SourceObject, sink: SourceSink): SourceObject {
    let prepared = object;
    this.#tell(() => {
      prepared = sink.prepare?.(resource, object) ?? object;
    });
    return prepared;
  }

  /** An exception of the sink is the sink's affair: the list goes on (R14). */
  #tell(call: () => void): void {
    if (this.#stopping.signal.aborted) return;
    try {
      call();
    } catch {
      this.#sinkErrors += 1;
    }
  }
}
