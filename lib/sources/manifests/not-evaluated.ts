/**
 * Kinds that open or close connections and are not evaluated. An answer that passes over one of
 * them in silence would be confidently wrong.
 */

/** By `group/kind`; what to do about it, or null. */
const NOT_EVALUATED: ReadonlyMap<string, string | null> = new Map([
  ['extensions/NetworkPolicy', 'API servers serve it no more: write networking.k8s.io/v1.'],
  ['policy.networking.k8s.io/AdminNetworkPolicy', null],
  ['policy.networking.k8s.io/BaselineAdminNetworkPolicy', null],
  ['policy.networking.k8s.io/ClusterNetworkPolicy', null],
  ['projectcalico.org/NetworkPolicy', null],
  ['projectcalico.org/GlobalNetworkPolicy', null],
  ['crd.projectcalico.org/NetworkPolicy', null],
  ['crd.projectcalico.org/GlobalNetworkPolicy', null],
  ['crd.antrea.io/NetworkPolicy', null],
  ['crd.antrea.io/ClusterNetworkPolicy', null],
  ['k8s.cni.cncf.io/MultiNetworkPolicy', null],
  ['k8s.ovn.org/EgressFirewall', null],
  ['k8s.ovn.org/UserDefinedNetwork', null],
  ['k8s.ovn.org/ClusterUserDefinedNetwork', null],
  ['networking.k8s.aws/ApplicationNetworkPolicy', null],
  ['networking.k8s.aws/ClusterNetworkPolicy', null],
  ['networking.gke.io/FQDNNetworkPolicy', null],
  ['security.istio.io/AuthorizationPolicy', null],
]);

/** The hint for a kind that matters and is not evaluated; undefined for every other kind. */
export function notEvaluatedHint(group: string, kind: string): string | null | undefined {
  return NOT_EVALUATED.get(`${group}/${kind}`);
}
