import { describe, expect, test } from 'vitest';
import type { CniFlag, Tri } from '#lib/engine/cni-profile.ts';
import { configMap, daemonSet, evidenceOf, node } from '#lib/testing/plugin-evidence.ts';
import { detectPlugin } from './detect-plugin.ts';

/** What Cilium's own settings make of a cluster. */

function flagsWith(
  config: Readonly<Record<string, string>>,
  image = 'quay.io/cilium/cilium:v1.18.2',
  args: readonly string[] = [],
) {
  const agent = { name: 'cilium-agent', image, args };
  const yaml =
    node('n1') +
    daemonSet('kube-system/cilium', [agent]) +
    configMap('kube-system/cilium-config', config);
  return detectPlugin(evidenceOf(yaml)).profile.flags;
}

test.each<[string, Readonly<Record<string, string>>, CniFlag, Tri]>([
  ['CIL-11', { 'enable-policy': 'default' }, 'enforces', 'yes'],
  ['CIL-11', { 'enable-policy': 'never' }, 'enforces', 'no'],
  ['CIL-11', { 'enable-policy': 'never' }, 'enforcesCilium', 'no'],
  ['CIL-11', { 'enable-policy': 'always' }, 'enforces', 'yes'],
  ['CIL-11', { 'enable-policy': 'always' }, 'isolatesEverything', 'yes'],
  ['CIL-11', { 'enable-policy': 'something' }, 'enforces', 'unknown'],
  ['CIL-11', { 'enable-policy': 'something' }, 'isolatesEverything', 'unknown'],
  ['CIL-13', { 'policy-audit-mode': 'true' }, 'dropsDenied', 'no'],
  ['CIL-13', { 'policy-audit-mode': 'false' }, 'dropsDenied', 'yes'],
  ['CIL-14', { 'enable-k8s-networkpolicy': 'false' }, 'enforces', 'no'],
  ['CIL-14', { 'enable-k8s-networkpolicy': 'false' }, 'enforcesCilium', 'yes'],
  ['CIL-14', { 'enable-cilium-network-policy': 'false' }, 'enforcesCilium', 'unknown'],
  ['CIL-14', { 'enable-non-default-deny-policies': 'false' }, 'enforcesCilium', 'unknown'],
  ['CIL-28', { 'policy-cidr-match-mode': 'nodes' }, 'ipBlockMatchesNodes', 'yes'],
  ['CIL-28', { 'policy-cidr-match-mode': '' }, 'ipBlockMatchesNodes', 'no'],
  ['CIL-28', { 'policy-cidr-match-mode': 'nodes' }, 'ipBlockMatchesPods', 'no'],
  ['CIL-34', {}, 'nodeReachesItsPods', 'yes'],
  ['CIL-34', { 'allow-localhost': 'auto' }, 'nodeReachesItsPods', 'yes'],
  ['CIL-34', { 'allow-localhost': 'always' }, 'nodeReachesItsPods', 'yes'],
  ['CIL-34', { 'allow-localhost': 'policy' }, 'nodeReachesItsPods', 'no'],
  ['CIL-34', { 'enable-host-firewall': 'true' }, 'nodeReachesItsPods', 'unknown'],
  ['CIL-45', { 'enable-host-firewall': 'true' }, 'hostPolicies', 'yes'],
  ['CIL-45', {}, 'hostPolicies', 'no'],
  ['CIL-51', { 'enable-sctp': 'true' }, 'sctp', 'yes'],
  ['CIL-51', {}, 'sctp', 'unknown'],
  ['ANP-8', {}, 'enforcesAdminNetworkPolicy', 'no'],
])('%s: %j makes %s %s', (_, config, flag, value) => {
  expect(flagsWith(config)[flag]).toBe(value);
});

test('CIL-14: both of its kinds switched off are none', () => {
  const config = {
    'enable-cilium-network-policy': 'false',
    'enable-cilium-clusterwide-network-policy': 'false',
  };
  expect(flagsWith(config).enforcesCilium).toBe('no');
});

test.each<[string, string, Tri]>([
  ['quay.io/cilium/cilium:v1.15.9', 'CIL-47', 'no'],
  ['quay.io/cilium/cilium:v1.16.0', 'CIL-47', 'yes'],
  ['quay.io/cilium/cilium@sha256:0a1b', 'CIL-47', 'unknown'],
  ['registry.example:5000/cilium/cilium:latest', 'CIL-47', 'unknown'],
])('%s: %s, endPort is %s', (image, _, value) => {
  expect(flagsWith({}, image).endPort).toBe(value);
});

describe('CNP-30', () => {
  const on = { 'enable-k8s-cluster-network-policy': 'true' };
  test.each<[string, Readonly<Record<string, string>>, string, Tri]>([
    ['a version that has it, switched on', on, 'v1.20.0', 'yes'],
    ['a version that has it', {}, 'v1.20.0', 'no'],
    ['a version before it, whatever is set', on, 'v1.19.4', 'no'],
    ['a version that is not told, switched on', on, 'latest', 'unknown'],
  ])('%s: ClusterNetworkPolicy is enforced %o', (_, config, tag, value) => {
    expect(flagsWith(config, `quay.io/cilium/cilium:${tag}`).enforcesClusterNetworkPolicy).toBe(
      value,
    );
  });
});

test('an argument of the agent wins over the ConfigMap', () => {
  const flags = flagsWith({ 'enable-policy': 'default' }, 'quay.io/cilium/cilium:v1.18.2', [
    '--config-dir=/tmp/cilium/config-map',
    '--enable-policy=never',
  ]);
  expect(flags.enforces).toBe('no');
});
