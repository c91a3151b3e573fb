/** Keys of labels as Cilium writes them: with a source before them (CIL-24). */

export interface LabelKey {
  /** `k8s`, `reserved`, …; `any` where none is written. */
  readonly source: string;
  readonly key: string;
}

/** The name of a pod's namespace, a label like any other to Cilium. */
export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
/** Before the labels of a pod's namespace (CIL-23). */
export const NAMESPACE_LABELS_PREFIX = 'io.cilium.k8s.namespace.labels.';
/** CIL-52 */
export const ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
/** CIL-26 */
export const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';

const RESERVED_PREFIX = 'reserved.';

/** What stands before the first colon is the source; the key keeps its dots. */
export function parseLabelKey(text: string): LabelKey {
  if (text.startsWith('$')) return { source: 'reserved', key: text.slice(1) };
  const colon = text.indexOf(':');
  if (colon >= 0) return { source: text.slice(0, colon), key: text.slice(colon + 1) };
  return text.startsWith(RESERVED_PREFIX)
    ? { source: 'reserved', key: text.slice(RESERVED_PREFIX.length) }
    : { source: 'any', key: text };
}

/** What agents take in whatever else they leave out, by how their keys begin. */
const TAKEN_IN = [
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX.slice(0, -1),
  CLUSTER_KEY,
  'app.kubernetes.io',
];

/** What agents leave out unless they are told otherwise; in no identity, so that no policy can select by it. */
const LEFT_OUT = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/(job-completion-index|controller-uid)/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-(generation|hash)/,
  /^controller-(revision-hash|uid)/,
  /^annotation/,
  /^etcd_node/,
];

/** Whether labels of this key are part of a pod's identity under an agent's own settings (CIL-25). */
export function isIdentityLabel(key: string): boolean {
  const taken = Math.max(
    0,
    ...TAKEN_IN.filter((start) => key.startsWith(start)).map((s) => s.length),
  );
  const left = LEFT_OUT.flatMap((pattern) => pattern.exec(key)?.[0].length ?? []);
  return left.length === 0 || taken > Math.min(...left);
}
