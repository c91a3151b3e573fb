import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { CniFlags } from '#lib/engine/cni-profile.ts';
import type { NetworkPlugin } from '#lib/model/network-plugin.ts';

/** The network plugin of a cluster, and what comes of it. */
export interface PluginSummary extends Omit<NetworkPlugin, 'leavesOut'> {
  /** As `--cni` names it. */
  readonly profile: string;
  /** Whether NetworkPolicy is enforced; audit: what policies deny is only reported. */
  readonly enforces: 'yes' | 'no' | 'audit' | 'unknown';
}

function enforcement({ enforces, dropsDenied }: CniFlags): PluginSummary['enforces'] {
  return enforces !== 'no' && dropsDenied === 'no' ? 'audit' : enforces;
}

export function pluginSummary({ plugin, profile }: ClusterSnapshot): PluginSummary {
  const { leavesOut: _, ...told } = plugin;
  return { ...told, profile: profile.name, enforces: enforcement(profile.flags) };
}
