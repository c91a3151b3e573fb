import type { Node } from '#lib/model/cluster.ts';
import type { DaemonSet, PluginConfiguration } from '#lib/model/network-plugin.ts';

/** A list, as far as it was read. */
export interface Listing<T> {
  readonly items: readonly T[];
  /** Why it is not complete, as a clause; null when it is. */
  readonly unread: string | null;
}

export type NodeEvidence = Pick<Node, 'name' | 'labels' | 'kubeletVersion' | 'k3sArguments'>;

/** All that is looked at to find out which network plugin runs (DET). */
export interface ClusterEvidence {
  readonly daemonSets: Listing<DaemonSet>;
  readonly nodes: Listing<NodeEvidence>;
  /** ConfigMaps, and objects of the plugins' own kinds. */
  readonly configurations: readonly PluginConfiguration[];
  /** By `kind/name` of a configuration: why it could not be read, as a clause. */
  readonly unreadConfigurations: ReadonlyMap<string, string>;
}
