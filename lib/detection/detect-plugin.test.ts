import { describe, expect, test } from 'vitest';
import type { CniFlags } from '#lib/engine/cni-profile.ts';
import {
  configMap,
  daemonSet,
  evidenceOf,
  node,
  type TestContainer,
  type Unread,
} from '#lib/testing/plugin-evidence.ts';
import { detectPlugin } from './detect-plugin.ts';

/** Every row of DET, with what it asks for and with what looks like it and is not. */

function detect(yaml: string, unread: Unread = {}) {
  const { plugin, profile } = detectPlugin(evidenceOf(yaml, unread));
  return { ...plugin, ...profile, flags: profile.flags };
}

interface Row {
  readonly says: string;
  readonly objects: string;
  readonly title: string | null;
  readonly version?: string | null;
  readonly enforces: CniFlags['enforces'];
  readonly flags?: Partial<CniFlags>;
  readonly unread?: Unread;
}

const one = (key: string, ...containers: readonly TestContainer[]) =>
  node('n1') + daemonSet(key, containers);

const CALICO = { name: 'calico-node', image: 'quay.io/calico/node:v3.31.2' };
const CILIUM = { name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.18.2@sha256:0a1b' };
const FLANNEL = { name: 'kube-flannel', image: 'ghcr.io/flannel-io/flannel:v0.27.4' };
const cilium = (config: Readonly<Record<string, string>> = {}) =>
  one('kube-system/cilium', CILIUM) + configMap('kube-system/cilium-config', config);
const aws = (args: readonly string[] | null, config?: string) =>
  one(
    'kube-system/aws-node',
    { name: 'aws-node', image: 'repo.example/amazon-k8s-cni:v1.21.1-eksbuild.7' },
    ...(args === null ? [] : [{ name: 'aws-eks-nodeagent', args }]),
  ) +
  (config === undefined
    ? ''
    : configMap('kube-system/amazon-vpc-cni', { 'enable-network-policy-controller': config }));
const k3s = (...args: readonly string[]) => node('n1', { version: 'v1.33.5+k3s1', k3s: args });
const kindnet = (image: string, args: readonly string[] = []) =>
  one('kube-system/kindnet', { name: 'kindnet-cni', image, args });

const ROWS: readonly (readonly [string, readonly Row[]])[] = [
  [
    'DET-1 Calico',
    [
      {
        says: 'by its operator',
        objects: one('calico-system/calico-node', CALICO),
        title: 'Calico',
        version: '3.31.2',
        enforces: 'yes',
        flags: { enforcesCalico: 'yes', enforcesCilium: 'no' },
      },
      {
        says: 'as Canal, whose flannel does not count beside it',
        objects: one('kube-system/rke2-canal', CALICO, FLANNEL),
        title: 'Calico (Canal)',
        version: '3.31.2',
        enforces: 'yes',
      },
      {
        says: 'is not what only carries its name',
        objects: one('kube-system/calico-node', { name: 'sleep' }),
        title: null,
        enforces: 'unknown',
      },
    ],
  ],
  [
    'DET-2 Cilium',
    [
      {
        says: 'as it is installed',
        objects: cilium(),
        title: 'Cilium',
        version: '1.18.2',
        enforces: 'yes',
        flags: {
          enforcesCilium: 'yes',
          enforcesCalico: 'no',
          ipBlockMatchesPods: 'no',
          ipBlockMatchesNodes: 'no',
          hostPolicies: 'no',
          isolatesEverything: 'no',
          dropsDenied: 'yes',
        },
      },
      {
        says: 'in a namespace of its own, with the settings from there',
        objects:
          one('cilium/cilium', CILIUM) +
          configMap('cilium/cilium-config', { 'enable-policy': 'never' }),
        title: 'Cilium',
        enforces: 'no',
      },
      {
        says: 'whose settings may not be read',
        objects: one('kube-system/cilium', CILIUM),
        unread: { configurations: { 'ConfigMap/cilium-config': 'it may not be listed' } },
        title: 'Cilium',
        enforces: 'unknown',
        flags: { enforcesCilium: 'unknown', ipBlockMatchesNodes: 'unknown' },
      },
      {
        says: 'does not take settings from a ConfigMap of the same name elsewhere',
        objects:
          one('kube-system/cilium', CILIUM) +
          configMap('shop/cilium-config', { 'enable-policy': 'default' }),
        title: 'Cilium',
        enforces: 'unknown',
      },
      {
        says: 'is not what is to run on no node',
        objects: node('n1') + daemonSet('kube-system/cilium', [CILIUM], { wanted: 0 }),
        title: null,
        enforces: 'no',
      },
    ],
  ],
  [
    'DET-3 GKE Dataplane V2',
    [
      {
        says: 'always enforces',
        objects:
          one('kube-system/anetd', { ...CILIUM, image: 'gke.gcr.io/cilium:v1.15.6-gke.100' }) +
          configMap('kube-system/cilium-config', { 'enable-policy': 'never' }),
        title: 'GKE Dataplane V2',
        version: '1.15.6-gke.100',
        enforces: 'yes',
        flags: { enforcesCilium: 'unknown', endPort: 'no' },
      },
    ],
  ],
  [
    'DET-4 GKE without it',
    [
      {
        says: 'enforces with the Calico add-on',
        objects:
          node('n1', { labels: { 'cloud.google.com/gke-nodepool': 'default' } }) +
          daemonSet('kube-system/calico-node', [CALICO]),
        title: 'Calico',
        enforces: 'yes',
      },
      {
        says: 'has no engine without the add-on, whatever else runs on the network of its nodes',
        objects:
          node('n1', { labels: { 'cloud.google.com/gke-nodepool': 'default' } }) +
          daemonSet('kube-system/netd', [{ name: 'netd' }]),
        title: null,
        enforces: 'no',
      },
    ],
  ],
  [
    'DET-5 Antrea',
    [
      {
        says: 'with its gates closed',
        objects:
          one('kube-system/antrea-agent', {
            name: 'antrea-agent',
            image: 'antrea/antrea-agent-ubuntu:v2.4.0',
          }) +
          configMap('kube-system/antrea-config', {
            'antrea-controller.conf': 'featureGates:\n#  AdminNetworkPolicy: true\n',
          }),
        title: 'Antrea',
        version: '2.4.0',
        enforces: 'yes',
        flags: { enforcesAdminNetworkPolicy: 'no', enforcesClusterNetworkPolicy: 'no' },
      },
      {
        says: 'with a gate open',
        objects:
          one('kube-system/antrea-agent', { name: 'antrea-agent' }) +
          configMap('kube-system/antrea-config', {
            'antrea-controller.conf': 'featureGates:\n  ClusterNetworkPolicy: true\n',
          }),
        title: 'Antrea',
        enforces: 'yes',
        flags: { enforcesAdminNetworkPolicy: 'no', enforcesClusterNetworkPolicy: 'yes' },
      },
      {
        says: 'with gates that may not be read',
        objects: one('kube-system/antrea-agent', { name: 'antrea-agent' }),
        unread: { configurations: { 'ConfigMap/antrea-config': 'it may not be listed' } },
        title: 'Antrea',
        enforces: 'yes',
        flags: { enforcesAdminNetworkPolicy: 'unknown', enforcesClusterNetworkPolicy: 'unknown' },
      },
    ],
  ],
  [
    'DET-6 OVN-Kubernetes',
    [
      {
        says: 'with the administrators’ policies switched on',
        objects: one('ovn-kubernetes/ovnkube-node', {
          name: 'ovnkube-controller',
          args: ['--enable-admin-network-policy', '--loglevel=4'],
        }),
        title: 'OVN-Kubernetes',
        enforces: 'yes',
        flags: { enforcesAdminNetworkPolicy: 'yes', resolvesNamedPorts: 'no' },
      },
      {
        says: 'by a script of OpenShift, which proves nothing about them',
        objects: one('openshift-ovn-kubernetes/ovnkube-node', {
          name: 'ovnkube-controller',
          args: ['-c', 'if [[ "false" == "true" ]]; then f="--enable-admin-network-policy"; fi'],
        }),
        title: 'OVN-Kubernetes',
        enforces: 'yes',
        flags: { enforcesAdminNetworkPolicy: 'unknown' },
      },
    ],
  ],
  [
    'DET-7 OpenShift SDN',
    [
      {
        says: 'in a mode that is not read',
        objects: one('openshift-sdn/sdn', { name: 'sdn' }),
        title: 'OpenShift SDN',
        enforces: 'unknown',
        flags: { endPort: 'no' },
      },
      {
        says: 'is not any sdn',
        objects: one('kube-system/sdn', { name: 'sdn' }),
        title: null,
        enforces: 'unknown',
      },
    ],
  ],
  [
    'DET-8 AWS VPC CNI',
    [
      {
        says: 'AWS-1 with the agent switched on',
        objects: aws(['--enable-ipv6=false', '--enable-network-policy=true'], 'true'),
        title: 'AWS VPC CNI',
        version: '1.21.1-eksbuild.7',
        enforces: 'yes',
      },
      {
        says: 'AWS-1 with the agent switched off',
        objects: aws(['--enable-network-policy=false'], 'true'),
        title: 'AWS VPC CNI',
        enforces: 'no',
      },
      {
        says: 'AWS-1 with an agent that is not told to',
        objects: aws([]),
        title: 'AWS VPC CNI',
        enforces: 'no',
      },
      {
        says: 'without the agent',
        objects: aws(null),
        title: 'AWS VPC CNI',
        enforces: 'no',
      },
      {
        says: 'with the agent on and its controller off',
        objects: aws(['--enable-network-policy=true'], 'false'),
        title: 'AWS VPC CNI',
        enforces: 'unknown',
      },
      {
        says: 'AWS-4 in strict mode, where pods start closed',
        objects: one(
          'kube-system/aws-node',
          { name: 'aws-node', env: { NETWORK_POLICY_ENFORCING_MODE: 'strict' } },
          { name: 'aws-network-policy-agent', args: ['--enable-network-policy=true'] },
        ),
        title: 'AWS VPC CNI',
        enforces: 'yes',
        flags: { isolatesEverything: 'unknown' },
      },
      {
        says: 'is not known to be off where EKS does not show it',
        objects: node('n1', { version: 'v1.33.4-eks-99d6cc0' }),
        title: null,
        enforces: 'unknown',
      },
    ],
  ],
  [
    'DET-9 Azure Network Policy Manager',
    [
      {
        says: 'without endPort',
        objects: one('kube-system/azure-npm', {
          name: 'azure-npm',
          image: 'mcr.example/azure-npm:v1.5.45',
        }),
        title: 'Azure Network Policy Manager',
        version: '1.5.45',
        enforces: 'yes',
        flags: { endPort: 'no' },
      },
    ],
  ],
  [
    'DET-10 Azure CNI powered by Cilium',
    [
      {
        says: 'beside azure-cns',
        objects: cilium() + daemonSet('kube-system/azure-cns', [{ name: 'cns-container' }]),
        title: 'Azure CNI powered by Cilium',
        enforces: 'yes',
        flags: { enforcesCilium: 'yes' },
      },
      {
        says: 'is not azure-cns alone',
        objects:
          node('n1', { labels: { 'kubernetes.azure.com/cluster': 'MC_x' } }) +
          daemonSet('kube-system/azure-cns', [{ name: 'cns-container' }]),
        title: null,
        enforces: 'no',
      },
    ],
  ],
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
  [
    'DET-20 no engine',
    [
      {
        says: 'where only kube-proxy runs on the network of nodes',
        objects: one('kube-system/kube-proxy', { name: 'kube-proxy' }),
        title: null,
        enforces: 'no',
      },
      {
        says: 'is not concluded from what is not known',
        objects: one('kube-system/some-cni', { name: 'agent' }),
        title: null,
        enforces: 'unknown',
      },
      {
        says: 'is not concluded where there is no node',
        objects: daemonSet('kube-system/kube-proxy', [{ name: 'kube-proxy' }]),
        title: null,
        enforces: 'unknown',
      },
      {
        says: 'is not concluded where DaemonSets may not be read',
        objects: node('n1'),
        unread: { daemonSets: 'they may not be listed' },
        title: null,
        enforces: 'unknown',
      },
      {
        says: 'is not concluded where nodes may not be read',
        objects: daemonSet('kube-system/kube-proxy', [{ name: 'kube-proxy' }]),
        unread: { nodes: 'they may not be listed' },
        title: null,
        enforces: 'unknown',
      },
    ],
  ],
];

describe.each(ROWS)('%s', (_, rows) => {
  test.each(rows)('$says', ({ objects, title, version, enforces, flags = {}, unread }) => {
    const found = detect(objects, unread);
    expect({ title: found.title, enforces: found.flags.enforces }).toEqual({ title, enforces });
    if (version !== undefined) expect(found.version).toBe(version);
    expect(found.flags).toMatchObject(flags);
  });
});

describe('DET-21 two engines', () => {
  const both = detect(
    aws(['--enable-network-policy=true'], 'true') +
      daemonSet('calico-system/calico-node', [CALICO]),
  );

  test('both must let a connection through', () => {
    expect(both).toMatchObject({
      how: 'detected',
      title: 'Calico and AWS VPC CNI',
      engines: 2,
      version: null,
    });
    expect(both.flags).toMatchObject({ enforces: 'yes', ipBlockMatchesPods: 'yes' });
    expect(both.evidence.at(-1)).toBe(
      'Both enforce policies: a connection must pass each of them.',
    );
  });

  test('what only one of them knows, or does otherwise, is unknown', () => {
    expect(both.flags).toMatchObject({
      enforcesCalico: 'unknown',
      initContainerPorts: 'unknown',
      policesHairpin: 'unknown',
    });
    expect(both).toMatchObject({ order: 'plain', ties: 'unspecified' });
  });

  test('one that is switched off is no engine', () => {
    const found = detect(
      aws(['--enable-network-policy=false']) + daemonSet('calico-system/calico-node', [CALICO]),
    );
    expect(found).toMatchObject({ title: 'Calico', engines: 1 });
    expect(found.evidence).toContain('Its aws-eks-nodeagent runs without --enable-network-policy.');
  });
});

describe('what is told', () => {
  test('the DaemonSet, its version and the settings that matter', () => {
    expect(detect(cilium({ 'policy-cidr-match-mode': 'nodes', debug: 'true' })).evidence).toEqual([
      'DaemonSet kube-system/cilium runs cilium-agent 1.18.2.',
      'ConfigMap kube-system/cilium-config sets policy-cidr-match-mode to nodes.',
    ]);
  });

  test('what could not be read', () => {
    const { unread } = detect(one('kube-system/cilium', CILIUM), {
      configurations: { 'ConfigMap/cilium-config': 'it may not be listed' },
    });
    expect(unread).toEqual([
      'ConfigMap kube-system/cilium-config could not be read: it may not be listed.',
    ]);
  });

  test('that DaemonSets may not be read', () => {
    expect(detect(node('n1'), { daemonSets: 'they may not be listed' })).toMatchObject({
      how: 'undetected',
      unread: ['DaemonSets could not be read: they may not be listed.'],
    });
  });
});

describe('a DaemonSet that anybody may have made', () => {
  test('is not taken for the plugin of the cluster', () => {
    const found = detect(one('shop/cilium', CILIUM));
    expect(found).toMatchObject({ how: 'undetected', title: null });
    expect(found.flags.enforces).toBe('unknown');
    expect(found.evidence.join(' ')).toContain('DaemonSet shop/cilium runs cilium-agent');
  });

  test('does not stand beside the real one', () => {
    const found = detect(
      one('calico-system/calico-node', CALICO) + daemonSet('shop/cilium', [CILIUM]),
    );
    expect(found).toMatchObject({ how: 'detected', title: 'Calico', engines: 1 });
  });
});
