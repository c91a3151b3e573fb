import type { CniFlags, Tri } from '#lib/engine/cni-profile.ts';
import type { DaemonSet, PluginContainer } from '#lib/model/network-plugin.ts';
import type { Listing } from './cluster-evidence.ts';

/** One plugin that was recognised, and what was read of it. */
export interface Finding {
  /** As in the profiles of the engine. */
  readonly profile: string;
  /** Null for what runs within the node's own process. */
  readonly runsIn: DaemonSet | null;
  /** For people. */
  readonly title: string;
  readonly version: string | null;
  /** Where its settings or its version say more than the profile. */
  readonly flags: Partial<CniFlags>;
  readonly evidence: readonly string[];
  readonly unread: readonly string[];
}

/** One container of a DaemonSet that may be a plugin's. */
export interface Candidate {
  readonly daemonSet: DaemonSet;
  readonly container: PluginContainer;
}

/**
 * The first container that is like what is looked for, in the order of names. DaemonSets that are to
 * run nowhere do not count: taking every node away is how plugins are switched off.
 */
export function findContainer(
  { items }: Listing<DaemonSet>,
  isLike: (container: PluginContainer, daemonSet: DaemonSet) => boolean,
): Candidate | null {
  for (const daemonSet of items) {
    if (daemonSet.wanted === 0) continue;
    const container = daemonSet.containers.find((each) => isLike(each, daemonSet));
    if (container !== undefined) return { daemonSet, container };
  }
  return null;
}

/** `DaemonSet kube-system/cilium runs cilium-agent 1.18.2.` */
export function seenSentence({ daemonSet, container }: Candidate, version: string | null): string {
  const { namespace, name } = daemonSet;
  return `DaemonSet ${namespace}/${name} runs ${container.name}${version === null ? '' : ` ${version}`}.`;
}

export function tri(value: boolean | null): Tri {
  return value === null ? 'unknown' : value ? 'yes' : 'no';
}

/** For a plugin that is there and has its policies switched off. */
export const ENFORCES_NOTHING = {
  enforces: 'no',
  enforcesClusterNetworkPolicy: 'no',
  enforcesAdminNetworkPolicy: 'no',
  enforcesCilium: 'no',
  enforcesCalico: 'no',
} as const satisfies Partial<CniFlags>;

/** The flags of a plugin that has one switch for all its policies. */
export function switched(isOn: boolean | null): Partial<CniFlags> {
  return isOn === false ? ENFORCES_NOTHING : { enforces: tri(isOn) };
}
