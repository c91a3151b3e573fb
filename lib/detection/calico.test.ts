import { expect, test } from 'vitest';
import type { CniFlag, Tri } from '#lib/engine/cni-profile.ts';
import { daemonSet, evidenceOf, node, type TestContainer } from '#lib/testing/plugin-evidence.ts';
import { detectPlugin } from './detect-plugin.ts';

/** What Calico's version and settings make of a cluster. */

function detect(container: Omit<TestContainer, 'name'>, more = '', configurations = {}) {
  const yaml =
    node('n1') +
    daemonSet('calico-system/calico-node', [{ ...container, name: 'calico-node' }]) +
    more;
  return detectPlugin(evidenceOf(yaml, { configurations }));
}

test.each<[string, CniFlag, Tri, string]>([
  ['v3.28.5', 'enforcesAdminNetworkPolicy', 'no', 'ANP-8'],
  ['v3.29.1', 'enforcesAdminNetworkPolicy', 'unknown', 'ANP-8: the baseline came later'],
  ['v3.30.0', 'enforcesAdminNetworkPolicy', 'yes', 'ANP-8'],
  ['v3.31.2', 'enforcesAdminNetworkPolicy', 'yes', 'CAL-43'],
  ['v3.32.0', 'enforcesAdminNetworkPolicy', 'no', 'CAL-43'],
  ['v3.31.2', 'enforcesClusterNetworkPolicy', 'no', 'CNP-30'],
  ['v3.32.0', 'enforcesClusterNetworkPolicy', 'yes', 'CNP-30'],
  ['latest', 'enforcesClusterNetworkPolicy', 'unknown', 'CNP-30'],
  ['latest', 'enforcesAdminNetworkPolicy', 'unknown', 'CAL-43'],
])('Calico %s: %s is %s (%s)', (tag, flag, value) => {
  expect(detect({ image: `quay.io/calico/node:${tag}` }).profile.flags[flag]).toBe(value);
});

const INFORMATION = `---
apiVersion: crd.projectcalico.org/v1
kind: ClusterInformation
metadata: { name: default }
spec: { calicoVersion: v3.32.1, clusterGUID: 0a1b }
`;
const felix = (action: string) => `---
apiVersion: crd.projectcalico.org/v1
kind: FelixConfiguration
metadata: { name: default }
spec: { defaultEndpointToHostAction: ${action}, logSeverityScreen: Info }
`;

test('the cluster’s own word for the version stands in for an image without one', () => {
  const { plugin, profile } = detect({ image: 'registry.example/calico@sha256:0a1b' }, INFORMATION);
  expect(plugin.version).toBe('3.32.1');
  expect(profile.flags.enforcesClusterNetworkPolicy).toBe('yes');
});

test.each<[string, Readonly<Record<string, string>>, string, Tri]>([
  ['the environment of the container', { FELIX_DEFAULTENDPOINTTOHOSTACTION: 'ACCEPT' }, '', 'yes'],
  [
    'the environment, which wins over the configuration',
    { FELIX_DEFAULTENDPOINTTOHOSTACTION: 'ACCEPT' },
    felix('Drop'),
    'yes',
  ],
  ['the configuration', {}, felix('Accept'), 'yes'],
  ['the configuration', {}, felix('Drop'), 'unknown'],
  ['the configuration', {}, felix('Return'), 'unknown'],
  ['the default, which is to drop', {}, '', 'unknown'],
])('CAL-38: a pod and its own node, by %s', (_, env, more, value) => {
  const { flags } = detect({ env }, more).profile;
  expect(flags.policesPodToLocalNode).toBe(value);
});

test('CAL-38: a configuration that may not be read is told', () => {
  const { plugin, profile } = detect({ image: 'quay.io/calico/node:v3.31.2' }, '', {
    'FelixConfiguration/default': 'it may not be listed',
  });
  expect(profile.flags.policesPodToLocalNode).toBe('unknown');
  expect(plugin.unread).toEqual([
    'FelixConfiguration default could not be read: it may not be listed.',
  ]);
});
