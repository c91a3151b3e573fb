import type { Tri } from '#lib/engine/cni-profile.ts';
import { truth } from './arguments.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import { type Finding, findContainer, seenSentence, tri } from './finding.ts';
import { settingsOf } from './settings.ts';
import { imageVersion } from './version.ts';

/** Antrea (DET-5): its switches are feature gates, written as YAML within its ConfigMap. */

/** A gate's value, of the controller first, which is what turns policies into rules; null when unset. */
function gate(values: ReadonlyMap<string, string>, name: string): string | null {
  for (const file of ['antrea-controller.conf', 'antrea-agent.conf']) {
    const found = new RegExp(`^[ \\t]+${name}:[ \\t]*(\\w+)`, 'm').exec(values.get(file) ?? '');
    if (found?.[1] !== undefined) return found[1];
  }
  return null;
}

export function findAntrea(evidence: ClusterEvidence): Finding | null {
  const found = findContainer(evidence.daemonSets, ({ name }) => name === 'antrea-agent');
  if (found === null) return null;
  const version = imageVersion(found.container.image)?.text ?? null;
  const { source, values, unread } = settingsOf(
    evidence,
    'ConfigMap',
    'antrea-config',
    found.daemonSet.namespace,
  );
  // Both gates are closed unless somebody opened them.
  const enforces = (name: string): Tri =>
    values === null ? 'unknown' : tri(truth(gate(values, name) ?? 'false'));
  const written = ['AntreaPolicy', 'AdminNetworkPolicy', 'ClusterNetworkPolicy'].flatMap((name) => {
    const value = values === null ? null : gate(values, name);
    return value === null ? [] : [`${source} sets the feature gate ${name} to ${value}.`];
  });
  return {
    profile: 'antrea',
    runsIn: found.daemonSet,
    title: 'Antrea',
    version,
    flags: {
      enforcesAdminNetworkPolicy: enforces('AdminNetworkPolicy'),
      enforcesClusterNetworkPolicy: enforces('ClusterNetworkPolicy'),
    },
    evidence: [seenSentence(found, version), ...written],
    unread: unread === null ? [] : [unread],
  };
}
