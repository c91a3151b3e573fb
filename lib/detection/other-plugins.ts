import { truth } from './arguments.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import {
  ENFORCES_NOTHING,
  type Finding,
  findContainer,
  seenSentence,
  switched,
} from './finding.ts';
import { settingsOf } from './settings.ts';
import { imageVersion } from './version.ts';

/** Plugins of which one thing decides: that they are there, or one setting. */

/** DET-9 */
export function findAzureNpm({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(daemonSets, ({ name }) => name === 'azure-npm');
  if (found === null) return null;
  const version = imageVersion(found.container.image)?.text ?? null;
  return {
    profile: 'azure-npm',
    runsIn: found.daemonSet,
    title: 'Azure Network Policy Manager',
    version,
    flags: {},
    evidence: [seenSentence(found, version)],
    unread: [],
  };
}

/** DET-14 */
export function findWeave({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(daemonSets, (_, { name }) => name === 'weave-net');
  if (found === null) return null;
  const { containers } = found.daemonSet;
  const controller = containers.find(({ name }) => name === 'weave-npc');
  const version = imageVersion((controller ?? found.container).image)?.text ?? null;
  const expected = containers
    .map(({ environment }) => environment.get('EXPECT_NPC'))
    .find((value) => value !== undefined);
  const isOff = controller === undefined || truth(expected ?? 'true') === false;
  return {
    profile: 'weave',
    runsIn: found.daemonSet,
    title: 'Weave Net',
    version,
    flags: isOff ? ENFORCES_NOTHING : {},
    evidence: [
      seenSentence({ ...found, container: controller ?? found.container }, version),
      ...(controller === undefined ? ['It has no container weave-npc.'] : []),
      ...(expected === undefined ? [] : [`EXPECT_NPC is ${expected}.`]),
    ],
    unread: [],
  };
}

/** DET-17: it connects, and leaves policies to others. */
export function findFlannel({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(daemonSets, ({ name }) => name === 'kube-flannel');
  // Canal's flannel has Calico in the same pod.
  if (found === null || found.daemonSet.containers.some(({ name }) => name === 'calico-node'))
    return null;
  const version = imageVersion(found.container.image)?.text ?? null;
  return {
    profile: 'flannel',
    runsIn: found.daemonSet,
    title: 'Flannel',
    version,
    flags: {},
    evidence: [seenSentence(found, version), 'Flannel enforces no policies.'],
    unread: [],
  };
}

/** DET-19 */
export function findTerway(evidence: ClusterEvidence): Finding | null {
  const found = findContainer(evidence.daemonSets, (_, { name }) => name.startsWith('terway'));
  if (found === null) return null;
  const { namespace, containers } = found.daemonSet;
  const version = imageVersion(found.container.image)?.text ?? null;
  const { source, values, unread } = settingsOf(evidence, 'ConfigMap', 'eni-config', namespace);
  const disabled = values?.get('disable_network_policy');
  const isEnabled = disabled === undefined ? null : not(truth(disabled));
  const hasPolicies = containers.some(({ name }) => name === 'policy');
  return {
    profile: 'terway',
    runsIn: found.daemonSet,
    title: 'Terway',
    version,
    flags: switched(hasPolicies ? isEnabled : false),
    evidence: [
      seenSentence(found, version),
      ...(hasPolicies ? [] : ['It has no container for policies.']),
      ...(disabled === undefined ? [] : [`${source} sets disable_network_policy to ${disabled}.`]),
    ],
    unread: unread === null || !hasPolicies ? [] : [unread],
  };
}

function not(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}
