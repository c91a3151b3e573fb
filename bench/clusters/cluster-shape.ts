import { type CniProfile, cniProfile, KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';

/** What a generated cluster is like. The same shape gives the same cluster, on every machine. */

/** Which policies there are beside NetworkPolicy; every family but the first has the administrators' kinds too. */
export const KIND_FAMILIES = [
  'network-policy',
  'administrators',
  'calico',
  'cilium',
  'all',
] as const;
export type KindFamily = (typeof KIND_FAMILIES)[number];

/** Policies that are legal and as hard as can be, instead of those of a well kept cluster. */
export const ADVERSARIES = [
  /** Each policy excepts another label value, cluster-wide. */
  'unique-not-in',
  /** Each policy reads a label key of its own. */
  'unique-keys',
  /** Each policy names an address block of its own, with a hole. */
  'unique-blocks',
  /** Each policy admits a port range of its own. */
  'unique-ranges',
  /** Policies name single pods of StatefulSets, so that every pod is told apart. */
  'pod-by-pod',
  /** All pods and policies are in one namespace. */
  'one-namespace',
] as const;
export type Adversary = (typeof ADVERSARIES)[number];

export interface ClusterShape {
  readonly seed: number;
  readonly pods: number;
  readonly policies: number;
  readonly namespaces: number;
  readonly nodes: number;
  readonly kinds: KindFamily;
  /** Up to so many versions of a workload run at once, each with labels of its own. */
  readonly versions: number;
  /** Share of workloads with a pod whose labels somebody changed by hand. */
  readonly drifted: number;
  /** Share of all pods in the largest namespace, up to what Kubernetes supports in one. */
  readonly largest: number;
  readonly adversary: Adversary | null;
}

/** Kubernetes' own limits. */
const PODS_PER_NAMESPACE = 3000;
const NODES = 5000;
const PODS_PER_NODE = 110;

/** Fills in what is not said. Throws a RangeError on what cannot be. */
export function clusterShape(
  given: Partial<ClusterShape> & Pick<ClusterShape, 'pods' | 'policies' | 'namespaces'>,
): ClusterShape {
  const shape: ClusterShape = {
    seed: 1,
    nodes: Math.min(NODES, Math.max(3, Math.ceil(given.pods / 30))),
    kinds: 'network-policy',
    versions: 2,
    drifted: 0.05,
    largest: 0.02,
    adversary: null,
    ...given,
    ...(given.adversary === 'one-namespace' ? { namespaces: 1 } : {}),
  };
  const { pods, policies, namespaces, nodes } = shape;
  for (const [name, count] of Object.entries({ pods, policies, namespaces, nodes }))
    if (!Number.isSafeInteger(count) || count < 0)
      throw new RangeError(`${name} is a whole number`);
  if (namespaces < 1) throw new RangeError('a cluster has at least one namespace');
  if (pods > nodes * PODS_PER_NODE)
    throw new RangeError(`${nodes} nodes hold at most ${nodes * PODS_PER_NODE} pods`);
  return shape;
}

/** So many pods the largest namespace is to have. */
export function largestNamespace({ pods, largest, adversary }: ClusterShape): number {
  return adversary === 'one-namespace'
    ? pods
    : Math.min(PODS_PER_NAMESPACE, Math.ceil(pods * largest));
}

/** A plugin that enforces every kind the cluster has, so that all of them decide. */
export function profileFor({ kinds }: ClusterShape): CniProfile {
  const name = kinds === 'calico' || kinds === 'cilium' ? kinds : 'kubernetes';
  return (
    cniProfile(name, {
      enforcesClusterNetworkPolicy: 'yes',
      enforcesAdminNetworkPolicy: 'yes',
      ...(kinds === 'all' ? { enforcesCalico: 'yes', enforcesCilium: 'yes' } : {}),
    }) ?? KUBERNETES_PROFILE
  );
}
