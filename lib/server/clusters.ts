import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { SourceOrigin } from '#lib/sources/cluster-source.ts';
import { type KubeContexts, kubeContexts } from '#lib/sources/kubernetes-api/kube-contexts.ts';
import type { KubeConfigOptions } from '#lib/sources/kubernetes-api/kubeconfig.ts';
import { KubeConfigError, NoKubeConfig } from '#lib/sources/kubernetes-api/kubeconfig-file.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { ClusterHost } from './cluster-host.ts';
import { CannotStart, type Configuration, pluginSearch } from './configuration.ts';
import type { Log } from './log.ts';
import type { Opening } from './open-source.ts';
import { createThreadedHost } from './threaded-host.ts';
import { urlNames } from './url-names.ts';

/** Every cluster there is to look at. */
export interface Clusters {
  /** The default one first. */
  list(): readonly ClusterHost[];
  find(name: string): ClusterHost | null;
  /** One more cluster, from manifests held in memory; the oldest of eight makes room. Not started. */
  addUpload(text: string): ClusterHost;
  remove(host: ClusterHost): Promise<void>;
  /** What is shown first and why, for people: `Showing context kind-dev (https://127.0.0.1:6443)`. */
  readonly announcement: string;
  stop(): Promise<void>;
}

interface Planned {
  readonly name: string;
  readonly origin: SourceOrigin;
  readonly opening: Opening;
}

interface Plan {
  readonly clusters: readonly Planned[];
  readonly announcement: string;
}

const MOST_UPLOADS = 8;
const DEMO: Planned = { name: 'demo', origin: { kind: 'demo' }, opening: { kind: 'demo' } };

/** Plans the clusters of a configuration; none is opened before somebody looks at it. */
export function createClusters(
  configuration: Configuration,
  log: Log,
  onChange: (summary: ClusterSummary) => void,
): Clusters {
  const { clusters, announcement } = plan(configuration);
  const hosts = new Map(clusters.map((planned) => [planned.name, host(planned)]));
  let uploads: readonly ClusterHost[] = [];

  function host(planned: Planned): ClusterHost {
    const profile = pluginSearch(planned.origin, configuration.cni);
    const { logLevel, clusterMemory } = configuration;
    return createThreadedHost({ ...planned, profile, logLevel }, { log, onChange, clusterMemory });
  }

  async function remove(gone: ClusterHost): Promise<void> {
    uploads = uploads.filter((upload) => upload !== gone);
    hosts.delete(gone.name);
    await gone.stop();
  }

  return {
    list: () => [...hosts.values()],
    find: (name) => hosts.get(name) ?? null,
    addUpload(text) {
      const [oldest] = uploads;
      if (oldest !== undefined && uploads.length >= MOST_UPLOADS) {
        remove(oldest).catch((error: unknown) =>
          log.error({ err: error }, 'an upload did not stop'),
        );
      }
      const name = `upload-${randomUUID().slice(0, 8)}`;
      const upload = host({
        name,
        origin: { kind: 'manifests', path: name },
        opening: { kind: 'text', text, name },
      });
      uploads = [...uploads, upload];
      hosts.set(name, upload);
      return upload;
    },
    remove,
    announcement,
    async stop() {
      await Promise.allSettled([...hosts.values()].map((each) => each.stop()));
    },
  };
}

/** Throws CannotStart for what the person asked for by name and is not there. */
function plan(configuration: Configuration): Plan {
  const { manifests } = configuration;
  if (manifests !== null) return manifestsPlan(manifests);
  const asked = configuration.context !== null || configuration.kubeconfig !== null;
  const options: KubeConfigOptions = {
    // A copy: a process's own environment cannot be sent to a thread.
    environment: { ...configuration.environment },
    ...(configuration.kubeconfig === null ? {} : { file: configuration.kubeconfig }),
  };
  try {
    return contextsPlan(kubeContexts(options), configuration.context, options);
  } catch (error) {
    if (!(error instanceof KubeConfigError)) throw error;
    if (asked) throw new CannotStart(error.message);
    if (error instanceof NoKubeConfig) {
      return {
        clusters: [DEMO],
        announcement: 'No kubeconfig found: showing the embedded demo cluster',
      };
    }
    return brokenPlan(error.message, options);
  }
}

function manifestsPlan(path: string): Plan {
  const piped = path === '-';
  if (!piped && !existsSync(path)) throw new CannotStart(`there is no file or folder ${path}`);
  const title = piped ? 'stdin' : basename(resolve(path));
  const shown: Planned = {
    name: urlNames([title], [DEMO.name]).get(title) ?? title,
    origin: { kind: 'manifests', path },
    opening: piped ? { kind: 'standard-input' } : { kind: 'folder', path },
  };
  const where = piped ? 'from standard input' : `in ${path}`;
  return { clusters: [shown, DEMO], announcement: `Showing the manifests ${where}` };
}

/** The context asked for, or the current one, comes first; the others wait for a visitor. */
function contextsPlan(
  { contexts, current }: KubeContexts,
  asked: string | null,
  kubeConfig: KubeConfigOptions,
): Plan {
  const chosen = asked ?? current;
  const known = contexts.map((context) => context.name);
  if (asked !== null && !known.includes(asked)) {
    throw new CannotStart(
      `there is no context "${asked}"; there are ${known.join(', ') || 'none'}`,
    );
  }
  const others = known.filter((name) => name !== chosen);
  const ordered = chosen === null ? others : [chosen, ...others];
  const names = urlNames(ordered, [DEMO.name]);
  const planned = ordered.map((context): Planned => {
    const server = contexts.find(({ name }) => name === context)?.server ?? '';
    return {
      name: names.get(context) ?? context,
      origin: { kind: 'kubernetes-api', context, server },
      opening: { kind: 'kubernetes-api', kubeConfig, context },
    };
  });
  if (chosen === null) {
    const announcement =
      'The kubeconfig names no current context: showing the embedded demo cluster; the others are in the list of clusters';
    return { clusters: [DEMO, ...planned], announcement };
  }
  const found = contexts.find(({ name }) => name === chosen);
  const why = found === undefined ? 'it is not in the kubeconfig' : found.problem;
  const announcement =
    why === null
      ? `Showing context ${chosen} (${found?.server ?? ''})`
      : `Context ${chosen} cannot be used: ${why}`;
  return { clusters: [...planned, DEMO], announcement };
}

/** A kubeconfig that cannot be read is shown as a cluster that cannot be reached, and tried again. */
function brokenPlan(message: string, kubeConfig: KubeConfigOptions): Plan {
  const broken: Planned = {
    name: 'kubeconfig',
    origin: { kind: 'kubernetes-api', context: '', server: '' },
    opening: { kind: 'kubernetes-api', kubeConfig, context: null },
  };
  return { clusters: [broken, DEMO], announcement: `Cannot use the kubeconfig: ${message}` };
}
