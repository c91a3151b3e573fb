import type { CniFlags, Tri } from '#lib/engine/cni-profile.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import { type Finding, findContainer, seenSentence } from './finding.ts';
import { isAbsent, settingsOf } from './settings.ts';
import { imageVersion, isAtLeast, parseVersion, type Version } from './version.ts';

/** Calico and Canal (DET-1), also in GKE (DET-4) and RKE2 (DET-13). */

/** CNP-30, CAL-43, ANP-8: which of the administrators' kinds a version reads. */
function adminKinds(
  version: Version | null,
): Pick<CniFlags, 'enforcesAdminNetworkPolicy' | 'enforcesClusterNetworkPolicy'> {
  if (version === null)
    return { enforcesAdminNetworkPolicy: 'unknown', enforcesClusterNetworkPolicy: 'unknown' };
  const { major, minor } = version;
  if (isAtLeast(version, [3, 32]))
    return { enforcesAdminNetworkPolicy: 'no', enforcesClusterNetworkPolicy: 'yes' };
  // 3.29 has the one kind and not yet its baseline, and one flag stands for both.
  const isHalf = major === 3 && minor === 29;
  return {
    enforcesAdminNetworkPolicy: isHalf ? 'unknown' : isAtLeast(version, [3, 30]) ? 'yes' : 'no',
    enforcesClusterNetworkPolicy: 'no',
  };
}

/**
 * CAL-38: after the pod's policy comes this action. Accept leaves it at that; Drop, which is the
 * default, stops even what the policy lets through, and Return asks the host's own rules.
 */
function localNode(action: string | null): Tri {
  return action?.toLowerCase() === 'accept' ? 'yes' : 'unknown';
}

export function findCalico(evidence: ClusterEvidence): Finding | null {
  const found = findContainer(evidence.daemonSets, ({ name }) => name === 'calico-node');
  if (found === null) return null;
  const { daemonSet, container } = found;
  const cluster = settingsOf(evidence, 'ClusterInformation', 'default', null);
  const told = cluster.values?.get('calicoVersion') ?? null;
  const version = imageVersion(container.image) ?? (told === null ? null : parseVersion(told));
  const felix = settingsOf(evidence, 'FelixConfiguration', 'default', null);
  // Felix asks its environment before the cluster's configuration.
  const environment = container.environment.get('FELIX_DEFAULTENDPOINTTOHOSTACTION');
  const configured = felix.values?.get('defaultEndpointToHostAction');
  const isDefault = felix.values !== null || isAbsent(evidence, 'FelixConfiguration', 'default');
  const action = environment ?? configured ?? (isDefault ? 'Drop' : null);
  const where =
    environment === undefined
      ? configured === undefined
        ? 'Felix, unless told otherwise,'
        : felix.source
      : `The environment of ${container.name}`;
  const isCanal = daemonSet.containers.some(({ name }) => name === 'kube-flannel');
  return {
    profile: 'calico',
    runsIn: found.daemonSet,
    title: isCanal ? 'Calico (Canal)' : 'Calico',
    version: version?.text ?? null,
    flags: { ...adminKinds(version), policesPodToLocalNode: localNode(action) },
    evidence: [
      seenSentence(found, version?.text ?? null),
      ...(action === null
        ? []
        : [
            `${where} sets DefaultEndpointToHostAction to ${action}: what a pod's policies let through to its own node is ${actionWords(action)}.`,
          ]),
    ],
    unread: [
      ...(version === null ? ['The version is not in the name of the image.'] : []),
      ...(action === null && felix.unread !== null ? [felix.unread] : []),
    ],
  };
}

function actionWords(action: string): string {
  switch (action.toLowerCase()) {
    case 'accept':
      return 'accepted';
    case 'drop':
      return 'dropped all the same';
    default:
      return 'left to the rules of the host';
  }
}
