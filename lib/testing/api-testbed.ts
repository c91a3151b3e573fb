import type { JsonObject } from '#lib/model/json.ts';
import { CLUSTER_RESOURCES, PLUGIN_RESOURCES, type Resource } from '#lib/model/resource.ts';
import { ApiConnection } from '#lib/sources/kubernetes-api/api-connection.ts';
import { ApiCredentials } from '#lib/sources/kubernetes-api/api-credentials.ts';
import {
  type KubernetesApiSource,
  openKubernetesApi,
} from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { FakeApiServer, type FakeApiServerOptions, wholeOf } from './fake-api-server.ts';
import {
  type FakeKubeConfig,
  kubeConfigAt,
  kubeConfigText,
  TemporaryDirectory,
} from './fake-kubeconfig.ts';
import { ManualClock } from './manual-clock.ts';
import { RecordingSink } from './recording-sink.ts';

/** Kubernetes' own policies, which CLUSTER_RESOURCES leaves to the policy kinds. */
export const NETWORK_POLICIES: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'networkpolicies',
  kind: 'NetworkPolicy',
  namespaced: true,
};

export interface TestbedOptions extends FakeApiServerOptions, Omit<FakeKubeConfig, 'server'> {
  readonly namespaces?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A fake API server, a kubeconfig for it, a clock that stands still, and what is opened with them. */
export class ApiTestbed implements AsyncDisposable {
  readonly server: FakeApiServer;
  readonly clock = new ManualClock();
  readonly sink = new RecordingSink();
  readonly directory = new TemporaryDirectory();
  readonly #options: TestbedOptions;
  readonly #cleanups: (() => Promise<void>)[] = [];

  static async start(options: TestbedOptions = {}): Promise<ApiTestbed> {
    const resources = [NETWORK_POLICIES, ...(options.resources ?? [])];
    return new ApiTestbed(await FakeApiServer.start({ ...options, resources }), options);
  }

  private constructor(server: FakeApiServer, options: TestbedOptions) {
    this.server = server;
    this.#options = options;
    this.writeKubeConfig(options);
  }

  /** Overwrites the kubeconfig; gives its path. */
  writeKubeConfig(content: Partial<FakeKubeConfig>): string {
    return this.directory.write('config', kubeConfigText({ server: this.server.url, ...content }));
  }

  connection(): ApiConnection {
    const kubeConfig = this.#kubeConfig();
    const credentials = new ApiCredentials(kubeConfig, null, this.clock);
    const connection = new ApiConnection(credentials, this.clock, kubeConfig.environment);
    this.#cleanups.push(() => connection.close());
    return connection;
  }

  /** Opened, and not started. */
  source(): KubernetesApiSource {
    const { namespaces } = this.#options;
    const options = { kubeConfig: this.#kubeConfig(), clock: this.clock };
    const source = openKubernetesApi(namespaces ? { ...options, namespaces } : options);
    this.#cleanups.push(() => source.stop());
    return source;
  }

  /** A started source that tells `sink`. */
  start(...resources: readonly Resource[]): KubernetesApiSource {
    const source = this.source();
    source.start(resources, this.sink);
    return source;
  }

  /** Stores what an API client would send: an object with its kind. */
  apply(object: JsonObject): void {
    this.server.store.set(resourceOf(object), object);
  }

  remove(object: JsonObject): void {
    const { namespace, name } = object.metadata as { namespace?: string; name: string };
    this.server.store.delete(resourceOf(object), namespace ?? null, name);
  }

  /** Runs at the end, newest first. */
  defer(cleanup: () => Promise<void>): void {
    this.#cleanups.push(cleanup);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
    await this.server.close();
    this.directory[Symbol.dispose]();
  }

  #kubeConfig() {
    return kubeConfigAt(this.directory.file('config'), this.#options.environment);
  }
}

function resourceOf({ kind }: JsonObject): Resource {
  const resource = [...CLUSTER_RESOURCES, ...PLUGIN_RESOURCES, NETWORK_POLICIES].find(
    (known) => known.kind === kind,
  );
  if (resource === undefined) throw new Error(`the fake API server knows no ${kind}`);
  return wholeOf(resource);
}
