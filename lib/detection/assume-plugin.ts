import { cniProfile, KUBERNETES_PROFILE, UNDETECTED_PROFILE } from '#lib/engine/cni-profile.ts';
import type { Detection } from './detect-plugin.ts';

/** Plugins that are told by policies of their own kinds. */
export type PluginKind = 'Calico' | 'Cilium';

/**
 * For manifests, among which there is no plugin: judged as Kubernetes' own end-to-end tests expect,
 * or as the plugin does whose kinds are among them.
 */
export function assumePlugin(kinds: ReadonlySet<PluginKind>): Detection {
  const [kind] = kinds;
  const seen = 'No DaemonSet of a network plugin is among the manifests.';
  if (kind === undefined)
    return {
      plugin: {
        how: 'assumed',
        title: null,
        version: null,
        engines: 1,
        evidence: [seen, 'They are judged as Kubernetes’ own end-to-end tests expect.'],
        unread: [],
      },
      profile: KUBERNETES_PROFILE,
    };
  const profile = kinds.size === 1 ? cniProfile(kind.toLowerCase()) : null;
  if (profile === null)
    return {
      plugin: {
        how: 'undetected',
        title: null,
        version: null,
        engines: 0,
        evidence: [seen, `There are policies of ${[...kinds].join(' and of ')}.`],
        unread: [],
      },
      profile: UNDETECTED_PROFILE,
    };
  return {
    plugin: {
      how: 'assumed',
      title: kind,
      version: null,
      engines: 1,
      evidence: [seen, `${kind} is assumed, for there are policies of its kinds.`],
      unread: [],
    },
    profile,
  };
}
