import { describe, expect, test } from 'vitest';
import { configMap, daemonSet, node } from '#lib/testing/plugin-evidence.ts';
import {
  CALICO,
  CILIUM,
  FLANNEL,
  foundFor,
  one,
  type PluginRows,
  wantedBy,
} from '#lib/testing/plugin-rows.ts';

/** DET-11 … DET-19: plugins of which one thing decides whether they enforce. */

const k3s = (...args: readonly string[]) => node('n1', { version: 'v1.33.5+k3s1', k3s: args });
const kindnet = (image: string, args: readonly string[] = []) =>
  one('kube-system/kindnet', { name: 'kindnet-cni', image, args });

const ROWS: readonly PluginRows[] = [
  [
    'DET-11 kube-router',
    [
      {
        says: 'with its firewall, which is the default',
        objects: one('kube-system/kube-router', {
          name: 'kube-router',
          image: 'docker.io/cloudnativelabs/kube-router:v2.6.1',
          args: ['--run-router=true'],
        }),
        title: 'kube-router',
        version: '2.6.1',
        enforces: 'yes',
        flags: { sctp: 'no', enforcesClusterNetworkPolicy: 'no' },
      },
      {
        says: 'without its firewall',
        objects: one('kube-system/kube-router', {
          name: 'kube-router',
          args: ['--run-firewall=false'],
        }),
        title: 'kube-router',
        enforces: 'no',
      },
    ],
  ],
  [
    'DET-12 k3s',
    [
      {
        says: 'without any DaemonSet',
        objects: k3s('server', '--tls-san', 'k3s.example'),
        title: 'k3s with its built-in kube-router',
        version: '1.33.5+k3s1',
        enforces: 'yes',
        flags: { sctp: 'no' },
      },
      {
        says: 'with policies disabled',
        objects: k3s('server', '--disable-network-policy'),
        title: 'k3s with its built-in kube-router',
        enforces: 'no',
      },
      {
        says: 'with policies disabled in the words of its file',
        objects: k3s('server', '--disable-network-policy', 'true', '--flannel-backend', 'none'),
        title: 'k3s with its built-in kube-router',
        enforces: 'no',
      },
      {
        says: 'of which only agents are seen',
        objects: k3s('agent'),
        title: 'k3s with its built-in kube-router',
        enforces: 'unknown',
      },
      {
        says: 'whose servers differ',
        objects:
          k3s('server') +
          node('n2', { version: 'v1.33.5+k3s1', k3s: ['server', '--disable-network-policy'] }),
        title: 'k3s with its built-in kube-router',
        enforces: 'unknown',
      },
      {
        says: 'with another plugin in its place',
        objects:
          k3s('server', '--flannel-backend=none', '--disable-network-policy') +
          daemonSet('kube-system/cilium', [CILIUM]) +
          configMap('kube-system/cilium-config', {}),
        title: 'Cilium',
        enforces: 'yes',
      },
    ],
  ],
  [
    'DET-13 RKE2',
    [
      {
        says: 'is what runs in it',
        objects:
          node('n1', { version: 'v1.33.5+rke2r1' }) +
          daemonSet('kube-system/rke2-canal', [CALICO, FLANNEL]),
        title: 'Calico (Canal)',
        enforces: 'yes',
      },
      {
        says: 'has nothing built in as k3s has',
        objects: node('n1', { version: 'v1.33.5+rke2r1', k3s: ['server'] }),
        title: null,
        enforces: 'no',
      },
    ],
  ],
  [
    'DET-14 Weave Net',
    [
      {
        says: 'with its policy controller',
        objects: one(
          'kube-system/weave-net',
          { name: 'weave' },
          { name: 'weave-npc', image: 'weaveworks/weave-npc:2.8.1' },
        ),
        title: 'Weave Net',
        version: '2.8.1',
        enforces: 'yes',
      },
      {
        says: 'without it',
        objects: one('kube-system/weave-net', { name: 'weave' }),
        title: 'Weave Net',
        enforces: 'no',
      },
      {
        says: 'that does not wait for it',
        objects: one(
          'kube-system/weave-net',
          { name: 'weave', env: { EXPECT_NPC: '0' } },
          { name: 'weave-npc' },
        ),
        title: 'Weave Net',
        enforces: 'no',
      },
    ],
  ],
  [
    'DET-15 kindnet',
    [
      {
        says: 'of kind 0.24',
        objects: kindnet('docker.io/kindest/kindnetd:v20240813-c6f155d6'),
        title: 'kindnet',
        version: 'v20240813-c6f155d6',
        enforces: 'yes',
      },
      {
        says: 'of kind 0.23',
        objects: kindnet('docker.io/kindest/kindnetd:v20240513-cd2ac642'),
        title: 'kindnet',
        enforces: 'no',
        flags: { enforcesClusterNetworkPolicy: 'no' },
      },
      {
        says: 'of the time between',
        objects: kindnet('docker.io/kindest/kindnetd:v20240720-5ef8cb1b'),
        title: 'kindnet',
        enforces: 'unknown',
      },
      {
        says: 'of its own project',
        objects: kindnet('ghcr.io/aojea/kindnetd:v1.8.0'),
        title: 'kindnet',
        enforces: 'yes',
      },
      {
        says: 'of its own project, with policies switched off',
        objects: kindnet('ghcr.io/aojea/kindnetd:v1.8.0', ['--network-policy=false']),
        title: 'kindnet',
        enforces: 'no',
      },
      {
        says: 'known by a digest only',
        objects: kindnet('docker.io/kindest/kindnetd@sha256:0a1b'),
        title: 'kindnet',
        version: null,
        enforces: 'unknown',
      },
    ],
  ],
  [
    'DET-16 kube-network-policies',
    [
      {
        says: 'the standard image',
        objects: one('kube-system/kube-network-policies', {
          name: 'kube-network-policies',
          image: 'registry.k8s.io/networking/kube-network-policies:v1.1.1',
        }),
        title: 'kube-network-policies',
        version: '1.1.1',
        enforces: 'yes',
        flags: { enforcesClusterNetworkPolicy: 'no', enforcesAdminNetworkPolicy: 'no' },
      },
      {
        says: 'the image with ClusterNetworkPolicy',
        objects: one('kube-system/kube-network-policies', {
          name: 'main',
          image: 'registry.k8s.io/networking/kube-network-policies:v1.1.1-npa-v1alpha2',
        }),
        title: 'kube-network-policies',
        enforces: 'yes',
        flags: { enforcesClusterNetworkPolicy: 'yes' },
      },
    ],
  ],
  [
    'DET-17 Flannel',
    [
      {
        says: 'by itself',
        objects: one('kube-flannel/kube-flannel-ds', FLANNEL),
        title: 'Flannel',
        version: '0.27.4',
        enforces: 'no',
      },
      {
        says: 'with kube-network-policies in its pod',
        objects: one('kube-flannel/kube-flannel-ds', FLANNEL, {
          name: 'kube-network-policies',
          image: 'registry.k8s.io/networking/kube-network-policies:v0.7.0',
        }),
        title: 'kube-network-policies',
        enforces: 'yes',
        flags: { enforcesClusterNetworkPolicy: 'no', enforcesAdminNetworkPolicy: 'unknown' },
      },
    ],
  ],
  [
    'DET-18 Kube-OVN',
    [
      {
        says: 'whose controller is not read',
        objects: one('kube-system/kube-ovn-cni', {
          name: 'cni-server',
          image: 'docker.io/kubeovn/kube-ovn:v1.14.10',
        }),
        title: 'Kube-OVN',
        version: '1.14.10',
        enforces: 'unknown',
      },
    ],
  ],
  [
    'DET-19 Terway',
    [
      {
        says: 'with policies',
        objects:
          one('kube-system/terway-eniip', { name: 'terway' }, { name: 'policy' }) +
          configMap('kube-system/eni-config', { disable_network_policy: 'false' }),
        title: 'Terway',
        enforces: 'yes',
      },
      {
        says: 'with policies disabled',
        objects:
          one('kube-system/terway-eniip', { name: 'terway' }, { name: 'policy' }) +
          configMap('kube-system/eni-config', { disable_network_policy: 'true' }),
        title: 'Terway',
        enforces: 'no',
      },
      {
        says: 'that does not say',
        objects:
          one('kube-system/terway-eniip', { name: 'terway' }, { name: 'policy' }) +
          configMap('kube-system/eni-config', {}),
        title: 'Terway',
        enforces: 'unknown',
      },
    ],
  ],
];

describe.each(ROWS)('%s', (_, rows) => {
  test.each(rows)('$says', (row) => {
    expect(foundFor(row)).toEqual(wantedBy(row));
  });
});
