import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ExecPlugin } from './exec-credentials.ts';
import type { KubeConfigEntry, KubeConfigOptions, MergedKubeConfig } from './kubeconfig.ts';
import { absolute, present, readEntry, text } from './kubeconfig-entry.ts';
import { KubeConfigError } from './kubeconfig-file.ts';
import { proxyUrl, serverUrl } from './server-url.ts';
import { readUser } from './user-access.ts';

/** All that is needed to talk to one cluster as one user. */
export interface ClusterAccess {
  readonly context: string;
  readonly cluster: string;
  /** Without a slash at the end; may have a path, where the API stands behind a gateway. */
  readonly server: string;
  /** The namespace of the context; null when it names none. */
  readonly namespace: string | null;
  /** False with insecure-skip-tls-verify: anybody in between may read along and answer instead. */
  readonly verifiesServer: boolean;
  readonly proxyUrl: string | null;
  /** Holds this cluster and this user only. */
  readonly kubeConfig: KubeConfig;
  /** Impersonation beyond the user's name, which client-node leaves out. */
  readonly impersonation: Readonly<Record<string, string | string[]>>;
  /** Prints the credential; null when the kubeconfig holds it or says where it is. */
  readonly plugin: ExecPlugin | null;
}

const contextSchema = z.looseObject({ cluster: z.string().min(1), user: text, namespace: text });

const clusterSchema = z.looseObject({
  server: z.string(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'tls-server-name': text,
  'proxy-url': text,
});

/** Without a user entry requests are anonymous; client-node needs one to apply the TLS settings. */
const ANONYMOUS: KubeConfigEntry = { value: {}, directory: '' };

function find(
  entries: ReadonlyMap<string, KubeConfigEntry>,
  name: string,
  missing: string,
): KubeConfigEntry {
  const entry = entries.get(name);
  if (entry === undefined) throw new KubeConfigError(missing);
  return entry;
}

/**
 * What a context of the configuration gives; `context` null means the current one. Throws a
 * KubeConfigError that names the missing or wrong entry. Certificate and token files are not read
 * here: they may change while the program runs.
 */
export function resolveAccess(
  config: MergedKubeConfig,
  wanted: string | null,
  options: KubeConfigOptions,
): ClusterAccess {
  const name = wanted ?? config.current;
  if (name === null) {
    throw new KubeConfigError(`${config.place} names no current-context; choose a context`);
  }
  const contextEntry = find(
    config.contexts,
    name,
    `there is no context "${name}" in ${config.place}`,
  );
  const context = readEntry(contextSchema, contextEntry, `context "${name}"`);
  const dangling = (kind: string, missing: string) =>
    `context "${name}" names the ${kind} "${missing}", which is not in ${config.place}`;
  const clusterEntry = find(config.clusters, context.cluster, dangling('cluster', context.cluster));
  const label = `cluster "${context.cluster}"`;
  const cluster = readEntry(clusterSchema, clusterEntry, label);
  const server = serverUrl(cluster.server, { allowHttp: options.allowHttp ?? false });
  if ('problem' in server) throw new KubeConfigError(`${label}: ${server.problem}`);
  const proxy = cluster['proxy-url'] ? proxyUrl(cluster['proxy-url']) : null;
  if (cluster['proxy-url'] && proxy === null) {
    throw new KubeConfigError(`${label}: proxy-url is not an http, https or socks5 URL`);
  }
  const userEntry = context.user
    ? find(config.users, context.user, dangling('user', context.user))
    : ANONYMOUS;
  const clientCluster: Cluster = {
    name: context.cluster,
    server: server.url,
    // client-node wants it for http as well, where there is nothing to verify
    skipTLSVerify: cluster['insecure-skip-tls-verify'] || server.url.startsWith('http:'),
    ...present('caData', cluster['certificate-authority-data']),
    ...present('caFile', absolute(clusterEntry, cluster['certificate-authority'])),
    ...present('tlsServerName', cluster['tls-server-name']),
  };
  const userLabel = `user "${context.user ?? ''}"`;
  const { user, impersonation, plugin } = readUser(
    userEntry,
    userLabel,
    clientCluster,
    options.environment,
  );
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(clientCluster, user);
  return {
    context: name,
    cluster: context.cluster,
    server: server.url,
    namespace: context.namespace || null,
    verifiesServer: !clientCluster.skipTLSVerify,
    proxyUrl: proxy,
    kubeConfig,
    impersonation,
    plugin,
  };
}
