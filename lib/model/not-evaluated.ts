import type { Resource } from './resource.ts';

/**
 * Kinds that open or close connections and are not evaluated. Passing over one in silence would be
 * confidently wrong, so they are looked for, and leave open what they may decide (VEN-1).
 */
export interface NotEvaluatedKind extends Resource {
  /**
   * decides: anything may be otherwise. restricts: a layer of its own, which has to let through too
   * what policies do, so that blocked stays blocked (IST-1, OVN-3). restricts-outside: the same, of
   * egress to addresses outside the cluster alone (OVN-2).
   */
  readonly effect: 'decides' | 'restricts' | 'restricts-outside';
}

const CLUSTER = { namespaced: false } as const;

function kind(
  effect: NotEvaluatedKind['effect'],
  groupVersion: string,
  plural: string,
  name: string,
  { namespaced = true }: { readonly namespaced?: boolean } = {},
): NotEvaluatedKind {
  const [group = '', version = ''] = groupVersion.split('/');
  return { group, version, plural, kind: name, namespaced, effect };
}

export const NOT_EVALUATED: readonly NotEvaluatedKind[] = [
  kind('decides', 'crd.antrea.io/v1beta1', 'networkpolicies', 'NetworkPolicy'),
  kind(
    'decides',
    'crd.antrea.io/v1beta1',
    'clusternetworkpolicies',
    'ClusterNetworkPolicy',
    CLUSTER,
  ),
  kind(
    'decides',
    'networking.k8s.aws/v1alpha1',
    'applicationnetworkpolicies',
    'ApplicationNetworkPolicy',
  ),
  kind(
    'decides',
    'networking.k8s.aws/v1alpha1',
    'clusternetworkpolicies',
    'ClusterNetworkPolicy',
    CLUSTER,
  ),
  kind('decides', 'networking.gke.io/v1alpha1', 'fqdnnetworkpolicies', 'FQDNNetworkPolicy'),
  kind('decides', 'kubeovn.io/v1', 'security-groups', 'SecurityGroup', CLUSTER),
  kind('restricts-outside', 'k8s.ovn.org/v1', 'egressfirewalls', 'EgressFirewall'),
  kind(
    'restricts-outside',
    'network.openshift.io/v1',
    'egressnetworkpolicies',
    'EgressNetworkPolicy',
  ),
  kind('restricts', 'k8s.ovn.org/v1', 'userdefinednetworks', 'UserDefinedNetwork'),
  kind(
    'restricts',
    'k8s.ovn.org/v1',
    'clusteruserdefinednetworks',
    'ClusterUserDefinedNetwork',
    CLUSTER,
  ),
  kind('restricts', 'security.istio.io/v1', 'authorizationpolicies', 'AuthorizationPolicy'),
  kind('restricts', 'policy.linkerd.io/v1alpha1', 'authorizationpolicies', 'AuthorizationPolicy'),
  kind('restricts', 'consul.hashicorp.com/v1alpha1', 'serviceintentions', 'ServiceIntentions'),
  kind('restricts', 'kuma.io/v1alpha1', 'meshtrafficpermissions', 'MeshTrafficPermission'),
];
