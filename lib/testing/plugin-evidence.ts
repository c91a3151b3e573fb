import type { ClusterEvidence } from '#lib/detection/cluster-evidence.ts';
import { parseDaemonSet, parsePluginConfiguration } from '#lib/manifests/network-plugin.ts';
import { parseNode } from '#lib/manifests/node.ts';
import { readManifest } from '#lib/manifests/yaml-documents.ts';

/** What could not be read of a cluster, as clauses. */
export interface Unread {
  readonly daemonSets?: string;
  readonly nodes?: string;
  /** By `kind/name`. */
  readonly configurations?: Readonly<Record<string, string>>;
}

/** A cluster of these manifests, as the detection of plugins sees it. */
export function evidenceOf(yaml: string, unread: Unread = {}): ClusterEvidence {
  const { objects, problems } = readManifest(yaml, 'evidence');
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  const of = (kind: string) => objects.flatMap(({ body }) => (body.kind === kind ? [body] : []));
  const value = <T>(parsed: { readonly ok: true; readonly value: T } | { readonly ok: false }) => {
    if (!parsed.ok) throw new Error('it cannot be read');
    return parsed.value;
  };
  return {
    daemonSets: {
      items: of('DaemonSet').map((body) => value(parseDaemonSet(body))),
      unread: unread.daemonSets ?? null,
    },
    nodes: {
      items: of('Node').map((body) => value(parseNode(body, null))),
      unread: unread.nodes ?? null,
    },
    configurations: ['ConfigMap', 'FelixConfiguration', 'ClusterInformation']
      .flatMap(of)
      .map((body) => value(parsePluginConfiguration(body))),
    unreadConfigurations: new Map(Object.entries(unread.configurations ?? {})),
  };
}

export interface TestContainer {
  readonly name: string;
  readonly image?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A document with a DaemonSet, as the API serves it. `key` is `namespace/name`. */
export function daemonSet(
  key: string,
  containers: readonly TestContainer[],
  { wanted = 1, hostNetwork = true } = {},
): string {
  const [namespace, name] = key.split('/');
  const body = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace, name },
    spec: {
      template: {
        spec: {
          hostNetwork,
          containers: containers.map(({ env = {}, ...container }) => ({
            ...container,
            env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
          })),
        },
      },
    },
    status: { desiredNumberScheduled: wanted, observedGeneration: 1 },
  };
  return `---\n${JSON.stringify(body)}\n`;
}

export function configMap(key: string, data: Readonly<Record<string, string>>): string {
  const [namespace, name] = key.split('/');
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data };
  return `---\n${JSON.stringify(body)}\n`;
}

/** A document with a node; `k3s` is what k3s was started with on it. */
export function node(
  name: string,
  {
    version = 'v1.34.2',
    labels = {},
    k3s,
  }: {
    readonly version?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly k3s?: readonly string[];
  } = {},
): string {
  const annotations = k3s === undefined ? {} : { 'k3s.io/node-args': JSON.stringify(k3s) };
  const body = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    status: { nodeInfo: { kubeletVersion: version } },
  };
  return `---\n${JSON.stringify(body)}\n`;
}
