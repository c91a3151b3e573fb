/** Namespaces that belong to administrators by name, or bear the name of a plugin. */
const RESERVED = /^(?:kube|openshift)-|-system$/;
const NAMED_AFTER = /^(?:antrea|calico|canal|cilium|flannel|kindnet|ovn-kubernetes|weave)$/;

/**
 * Whether a plugin is to be expected there. A DaemonSet of the same name anywhere else may be
 * anybody's, and must not change what the whole cluster is judged by.
 */
export function isWherePluginsLive(namespace: string): boolean {
  return RESERVED.test(namespace) || NAMED_AFTER.test(namespace);
}
