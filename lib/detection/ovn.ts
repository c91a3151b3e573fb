import { argument, truth } from './arguments.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import { type Finding, findContainer, seenSentence } from './finding.ts';
import { imageVersion } from './version.ts';

/** Plugins on top of Open vSwitch: OVN-Kubernetes (DET-6), Kube-OVN (DET-18), OpenShift SDN (DET-7). */

export function findOvnKubernetes({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(
    daemonSets,
    ({ name }, daemonSet) =>
      daemonSet.name.startsWith('ovnkube-node') &&
      ['ovnkube-controller', 'ovnkube-node', 'ovn-controller'].includes(name),
  );
  if (found === null) return null;
  const version = imageVersion(found.container.image)?.text ?? null;
  // OpenShift starts it by a script, in which the words alone prove nothing.
  const values = found.daemonSet.containers.map(({ words }) =>
    argument(words, 'enable-admin-network-policy'),
  );
  const admin = values.find((value) => value !== null) ?? null;
  const isOn = admin === null ? null : truth(admin);
  return {
    profile: 'ovn-kubernetes',
    runsIn: found.daemonSet,
    title: 'OVN-Kubernetes',
    version,
    flags: {
      ...(isOn === null ? {} : { enforcesAdminNetworkPolicy: isOn ? 'yes' : 'no' }),
      // CNP-30 does not name it.
      enforcesClusterNetworkPolicy: 'no',
    },
    evidence: [
      seenSentence(found, version),
      ...(admin === null ? [] : [`It runs with --enable-admin-network-policy=${admin}.`]),
    ],
    unread: [],
  };
}

export function findKubeOvn({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(daemonSets, (_, { name }) => name === 'kube-ovn-cni');
  if (found === null) return null;
  const version = imageVersion(found.container.image)?.text ?? null;
  return {
    profile: 'kube-ovn',
    runsIn: found.daemonSet,
    title: 'Kube-OVN',
    version,
    flags: {},
    evidence: [seenSentence(found, version)],
    unread: ['Whether its controller runs with --enable-np is not read.'],
  };
}

export function findOpenShiftSdn({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(
    daemonSets,
    (_, { namespace, name }) => namespace === 'openshift-sdn' && name === 'sdn',
  );
  if (found === null) return null;
  return {
    profile: 'openshift-sdn',
    runsIn: found.daemonSet,
    title: 'OpenShift SDN',
    version: null,
    flags: {},
    evidence: [seenSentence(found, null)],
    unread: ['The mode in its ClusterNetwork, which may be without policies, is not read.'],
  };
}
