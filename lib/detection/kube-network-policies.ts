import type { CniFlags } from '#lib/engine/cni-profile.ts';
import { switchOf } from './arguments.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import { type Finding, findContainer, seenSentence, switched } from './finding.ts';
import { imageName, imageTag, imageVersion, isAtLeast, parseVersion } from './version.ts';

/** kube-network-policies by itself (DET-16), beside flannel too (DET-17), and within kindnet (DET-15). */

/** CNP-30: the administrators' kinds are in images of their own. */
function adminKinds(
  tag: string | null,
): Pick<CniFlags, 'enforcesAdminNetworkPolicy' | 'enforcesClusterNetworkPolicy'> {
  const version = tag === null ? null : parseVersion(tag);
  const isPlain = version !== null && !version.text.includes('-');
  return {
    enforcesClusterNetworkPolicy: tag?.includes('npa-v1alpha2')
      ? 'yes'
      : isPlain
        ? 'no'
        : 'unknown',
    // Before 1.0 it was a matter of arguments.
    enforcesAdminNetworkPolicy: tag?.includes('npa-v1alpha1')
      ? 'yes'
      : isPlain && isAtLeast(version, [1, 0])
        ? 'no'
        : 'unknown',
  };
}

export function findKubeNetworkPolicies({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(
    daemonSets,
    ({ name, image }) =>
      name === 'kube-network-policies' || imageName(image) === 'kube-network-policies',
  );
  if (found === null) return null;
  const { image } = found.container;
  const version = imageVersion(image)?.text ?? null;
  return {
    profile: 'kube-network-policies',
    runsIn: found.daemonSet,
    title: 'kube-network-policies',
    version,
    flags: adminKinds(imageTag(image)),
    evidence: [seenSentence(found, version)],
    unread: [],
  };
}

/** The last build of kindnetd without policies, and the first that a release of kind had with them. */
const LAST_WITHOUT = 20240513;
const FIRST_WITH = 20240813;

/** kind tags it by the day; its own project by versions, with policies since 1.3. */
function hasPolicies(tag: string | null): boolean | null {
  const day = Number(/^v?(\d{8})-/.exec(tag ?? '')?.[1] ?? Number.NaN);
  if (day <= LAST_WITHOUT) return false;
  if (day >= FIRST_WITH) return true;
  const version = parseVersion(tag ?? '');
  return version === null ? null : isAtLeast(version, [1, 3]);
}

export function findKindnet({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(
    daemonSets,
    ({ name, image }, daemonSet) =>
      name === 'kindnet-cni' || imageName(image) === 'kindnetd' || daemonSet.name === 'kindnet',
  );
  if (found === null) return null;
  const tag = imageTag(found.container.image);
  const isOn = switchOf(found.container, 'network-policy', true);
  const enforces = isOn === false ? false : hasPolicies(tag);
  return {
    profile: 'kindnet',
    runsIn: found.daemonSet,
    title: 'kindnet',
    version: tag,
    flags: switched(enforces),
    evidence: [
      seenSentence(found, tag),
      ...(enforces === false
        ? [
            isOn === false
              ? 'It runs with --network-policy=false.'
              : 'Policies came to it with kind 0.24, and this image is older.',
          ]
        : []),
    ],
    unread: enforces === null ? ['The image does not tell whether it has policies.'] : [],
  };
}
