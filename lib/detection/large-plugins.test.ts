import { describe, expect, test } from 'vitest';
import { configMap, daemonSet, node } from '#lib/testing/plugin-evidence.ts';
import {
  aws,
  CALICO,
  CILIUM,
  cilium,
  FLANNEL,
  foundFor,
  one,
  type PluginRows,
  wantedBy,
} from '#lib/testing/plugin-rows.ts';

/** DET-1 … DET-10: the plugins of most clusters, what looks like them and is not, and those of clouds. */

const ROWS: readonly PluginRows[] = [
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
        says: 'with them switched off',
        objects: one('ovn-kubernetes/ovnkube-node', {
          name: 'ovnkube-controller',
          args: ['--enable-admin-network-policy=false'],
        }),
        title: 'OVN-Kubernetes',
        enforces: 'yes',
        flags: { enforcesAdminNetworkPolicy: 'no', enforcesClusterNetworkPolicy: 'no' },
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
];

describe.each(ROWS)('%s', (_, rows) => {
  test.each(rows)('$says', (row) => {
    expect(foundFor(row)).toEqual(wantedBy(row));
  });
});
