/** Names of objects. Everything that points at an object points with one of these. */

/** A namespaced or cluster-scoped object; `namespace` is null for the latter. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** A policy; the API group tells kinds of the same name apart (Calico's NetworkPolicy, Kubernetes'). */
export interface PolicyRef extends ObjectRef {
  readonly group: string;
}

/** `shop/web[Deployment]`, or `name[Kind]` without a namespace: unique, and readable in every output. */
export function refKey(ref: ObjectRef): string {
  return ref.namespace === null
    ? `${ref.name}[${ref.kind}]`
    : `${ref.namespace}/${ref.name}[${ref.kind}]`;
}

/** The key of a policy; carries the group, for two kinds share the name NetworkPolicy. */
export function policyKey(ref: PolicyRef): string {
  return `${ref.group}/${refKey(ref)}`;
}

/** Kinds whose names several API groups use, so that the name alone says too little (CAL-1, CNP §5). */
const SHARED_KINDS: ReadonlySet<string> = new Set(['NetworkPolicy', 'ClusterNetworkPolicy']);
const KUBERNETES_GROUPS: ReadonlySet<string> = new Set([
  'networking.k8s.io',
  'policy.networking.k8s.io',
]);

/** `NetworkPolicy`, and of another group than Kubernetes' own `NetworkPolicy.projectcalico.org`. */
export function policyKindName({ group, kind }: Pick<PolicyRef, 'group' | 'kind'>): string {
  return SHARED_KINDS.has(kind) && !KUBERNETES_GROUPS.has(group) ? `${kind}.${group}` : kind;
}

/** Code units, not localeCompare: an order must not depend on the machine's locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
