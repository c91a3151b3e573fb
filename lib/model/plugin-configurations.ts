import type { Resource } from './resource.ts';

/** An object that a network plugin takes its settings from, and the settings that are read. */
export interface PluginConfigurationResource {
  readonly resource: Resource;
  /** Everything else in it stays unread: such objects may hold secrets. */
  readonly settings: readonly string[];
}

function configMap(name: string, settings: readonly string[]): PluginConfigurationResource {
  const resource: Resource = {
    group: '',
    version: 'v1',
    plural: 'configmaps',
    kind: 'ConfigMap',
    namespaced: true,
    only: name,
  };
  return { resource, settings };
}

/** Calico's own kinds have one object that speaks for the whole cluster. */
function calico(kind: string, settings: readonly string[]): PluginConfigurationResource {
  const resource: Resource = {
    group: 'crd.projectcalico.org',
    version: 'v1',
    plural: `${kind.toLowerCase()}s`,
    kind,
    namespaced: false,
    only: 'default',
  };
  return { resource, settings };
}

/** Cilium's settings that change verdicts, in the order in which they are told. */
export const CILIUM_SETTINGS = [
  'enable-policy',
  'policy-audit-mode',
  'enable-k8s-networkpolicy',
  'enable-cilium-network-policy',
  'enable-cilium-clusterwide-network-policy',
  'enable-k8s-cluster-network-policy',
  'enable-non-default-deny-policies',
  'policy-cidr-match-mode',
  'allow-localhost',
  'enable-host-firewall',
  'enable-sctp',
  'cni-chaining-mode',
] as const;

export type CiliumSetting = (typeof CILIUM_SETTINGS)[number];

export const PLUGIN_CONFIGURATIONS: readonly PluginConfigurationResource[] = [
  configMap('cilium-config', CILIUM_SETTINGS),
  configMap('antrea-config', ['antrea-controller.conf', 'antrea-agent.conf']),
  configMap('amazon-vpc-cni', ['enable-network-policy-controller']),
  configMap('eni-config', ['disable_network_policy']),
  calico('FelixConfiguration', ['defaultEndpointToHostAction']),
  calico('ClusterInformation', ['calicoVersion']),
];
