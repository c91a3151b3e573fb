import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import {
  KubeConfigError,
  type KubeConfigFile,
  NoKubeConfig,
  readKubeConfigFile,
  stampOf,
} from './kubeconfig-file.ts';

/** Where credentials for clusters are looked for: the places and the order of kubectl. */
export interface KubeConfigOptions {
  /** A file named by the person; then nothing else is looked at. */
  readonly file?: string;
  /**
   * The process's environment: KUBECONFIG, HOME, the in-cluster and proxy variables are read from
   * it, and credential plugins inherit it.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Accept `http:` servers, where credentials and answers travel in the open; false by default. */
  readonly allowHttp?: boolean;
  /** Where a pod finds its service account; for tests. */
  readonly serviceAccountDirectory?: string;
}

/** An entry, and the directory its relative paths start from. */
export interface KubeConfigEntry {
  readonly value: unknown;
  readonly directory: string;
}

/** All files merged as kubectl does: whatever names something first wins. */
export interface MergedKubeConfig {
  readonly current: string | null;
  readonly contexts: ReadonlyMap<string, KubeConfigEntry>;
  readonly clusters: ReadonlyMap<string, KubeConfigEntry>;
  readonly users: ReadonlyMap<string, KubeConfigEntry>;
  readonly warnings: readonly string[];
  /** For messages: the files, or the service account. */
  readonly place: string;
  /** Whether a file was written, added or removed since. */
  changed(): boolean;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Throws a KubeConfigError when there is no configuration or a file cannot be understood. */
export function loadKubeConfig(options: KubeConfigOptions): MergedKubeConfig {
  const paths = kubeConfigPaths(options);
  const files = readFiles(paths, options);
  if (files.length > 0) return merge(files, paths);
  const inCluster = serviceAccountConfig(options);
  if (inCluster !== null) return inCluster;
  throw new NoKubeConfig(
    paths.length === 0
      ? 'no kubeconfig: neither KUBECONFIG nor HOME is set'
      : `no kubeconfig: there is no ${paths.join(' nor ')}`,
  );
}

function kubeConfigPaths({ file, environment }: KubeConfigOptions): readonly string[] {
  if (file !== undefined) return [resolve(file)];
  const listed = (environment.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  if (listed.length > 0) return listed.map((path) => resolve(path));
  const home = environment.HOME ?? environment.USERPROFILE ?? '';
  return home === '' ? [] : [join(home, '.kube', 'config')];
}

/** Files of a list may be missing or empty, as kubectl allows; a single one may not be empty. */
function readFiles(paths: readonly string[], options: KubeConfigOptions): KubeConfigFile[] {
  const files: KubeConfigFile[] = [];
  for (const path of paths) {
    const file = readKubeConfigFile(path);
    if (file !== null) files.push(file);
  }
  if (files.length === 0 && options.file !== undefined) {
    throw new KubeConfigError(`there is no kubeconfig ${paths[0] ?? ''}`);
  }
  if (files.length > 0 && files.every((file) => file.empty)) {
    throw new KubeConfigError(`kubeconfig is empty: ${files.map((file) => file.path).join(', ')}`);
  }
  return files;
}

function merge(files: readonly KubeConfigFile[], paths: readonly string[]): MergedKubeConfig {
  const contexts = new Map<string, KubeConfigEntry>();
  const clusters = new Map<string, KubeConfigEntry>();
  const users = new Map<string, KubeConfigEntry>();
  const warnings: string[] = [];
  let current: string | null = null;
  for (const { path, content, warnings: own } of files) {
    const directory = dirname(path);
    const add = (
      into: Map<string, KubeConfigEntry>,
      kind: string,
      name: string,
      value: unknown,
    ) => {
      const first = into.get(name);
      if (first === undefined) into.set(name, { value, directory });
      else if (JSON.stringify(first.value) !== JSON.stringify(value)) {
        warnings.push(
          `${path} defines the ${kind} "${name}" again, differently; the first is used`,
        );
      }
    };
    for (const { name, context } of content.contexts) add(contexts, 'context', name, context);
    for (const { name, cluster } of content.clusters) add(clusters, 'cluster', name, cluster);
    for (const { name, user } of content.users) add(users, 'user', name, user);
    current ??= content['current-context'] || null;
    warnings.push(...own);
  }
  const stamp = paths.map(stampOf).join();
  const place = files.map((file) => file.path).join(', ');
  const changed = () => paths.map(stampOf).join() !== stamp;
  return { current, contexts, clusters, users, warnings, place, changed };
}

/** What a pod is given to talk to its own cluster; null outside of one. */
function serviceAccountConfig(options: KubeConfigOptions): MergedKubeConfig | null {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = options.environment;
  const directory = options.serviceAccountDirectory ?? SERVICE_ACCOUNT;
  if (!host || !port || stampOf(join(directory, 'token')) === '') return null;
  const name = 'in-cluster';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const only = (value: unknown) => new Map([[name, { value, directory }]]);
  return {
    current: name,
    contexts: only({ cluster: name, user: name, namespace: readNamespace(directory) }),
    clusters: only({ server, 'certificate-authority': 'ca.crt' }),
    users: only({ tokenFile: 'token' }),
    warnings: [],
    place: directory,
    changed: () => false,
  };
}

function readNamespace(directory: string): string | null {
  const path = join(directory, 'namespace');
  return stampOf(path) === '' ? null : readFileSync(path, 'utf8').trim();
}
