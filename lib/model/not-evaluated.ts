import type { Resource } from './resource.ts';

/**
 * Kinds that open or close connections and are not evaluated. Passing over one in silence would be
 * confidently wrong, so they are looked for, and leave open what they may decide.
 */

function kind(
  group: string,
  version: string,
  plural: string,
  name: string,
  namespaced = true,
): Resource {
  return { group, version, plural, kind: name, namespaced };
}

export const NOT_EVALUATED: readonly Resource[] = [
  kind('crd.antrea.io', 'v1beta1', 'networkpolicies', 'NetworkPolicy'),
  kind('crd.antrea.io', 'v1beta1', 'clusternetworkpolicies', 'ClusterNetworkPolicy', false),
  kind('k8s.ovn.org', 'v1', 'egressfirewalls', 'EgressFirewall'),
  kind('networking.k8s.aws', 'v1alpha1', 'applicationnetworkpolicies', 'ApplicationNetworkPolicy'),
  kind('networking.k8s.aws', 'v1alpha1', 'clusternetworkpolicies', 'ClusterNetworkPolicy', false),
  kind('networking.gke.io', 'v1alpha1', 'fqdnnetworkpolicies', 'FQDNNetworkPolicy'),
  kind('security.istio.io', 'v1', 'authorizationpolicies', 'AuthorizationPolicy'),
];
