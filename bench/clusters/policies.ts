import type { JsonObject } from '#lib/model/json.ts';
import { pick } from '#lib/sources/demo/random.ts';
import { adversarialPolicy } from './adversaries.ts';
import type { ClusterPlan, NamespacePlan } from './cluster-plan.ts';
import type { KindFamily } from './cluster-shape.ts';
import { networkPolicy, type PolicyGround } from './network-policies.ts';
import {
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
  calicoNetworkPolicy,
  ciliumNetworkPolicy,
  clusterNetworkPolicy,
  clusterwideNetworkPolicy,
  globalNetworkPolicy,
} from './other-kinds.ts';
import { chance, streamOf } from './streams.ts';

/** So many policies a namespace's may name other namespaces from: those near it, and some of all. */
const NEIGHBOURS = 12;

/** Everything the policies of one namespace are written from; `edit` tells one version of them from another. */
export function groundOf(plan: ClusterPlan, namespace: NamespacePlan, edit = 0): PolicyGround {
  const { shape, namespaces } = plan;
  const random = streamOf(shape.seed, 'policies', namespace.name, edit);
  const others = Array.from({ length: NEIGHBOURS }, () => pick(random, namespaces));
  return { random, namespace, others };
}

type Make = (ground: PolicyGround, index: number) => JsonObject;

/** What of a namespace's policies is of another kind than NetworkPolicy. */
const NAMESPACED: Readonly<Record<KindFamily, readonly Make[]>> = {
  'network-policy': [],
  administrators: [],
  calico: [calicoNetworkPolicy],
  cilium: [ciliumNetworkPolicy],
  all: [calicoNetworkPolicy, ciliumNetworkPolicy],
};
const SHARE_OF_OTHER_KINDS = 0.3;

/** So many cluster-wide policies there are of each kind: few, as few people may write them. */
const CLUSTER_WIDE = 20;
const ADMINISTRATORS: readonly Make[] = [adminNetworkPolicy, clusterNetworkPolicy];
const ACROSS: Readonly<Record<KindFamily, readonly Make[]>> = {
  'network-policy': [],
  administrators: ADMINISTRATORS,
  calico: [...ADMINISTRATORS, globalNetworkPolicy],
  cilium: [...ADMINISTRATORS, clusterwideNetworkPolicy],
  all: [...ADMINISTRATORS, globalNetworkPolicy, clusterwideNetworkPolicy],
};

/** Policies of no namespace; they come out of the count of all. */
function clusterWide(plan: ClusterPlan): readonly JsonObject[] {
  const { shape, namespaces } = plan;
  const [first] = namespaces;
  const makers = ACROSS[shape.kinds];
  if (first === undefined || makers.length === 0 || shape.adversary !== null) return [];
  const each = Math.min(CLUSTER_WIDE, Math.floor(shape.policies / 20 / makers.length));
  const ground = groundOf(plan, { ...first, name: '(cluster)' });
  return [
    ...makers.flatMap((make) => Array.from({ length: each }, (_, i) => make(ground, i))),
    ...(each > 0 ? [baselineAdminNetworkPolicy()] : []),
  ];
}

/** One policy of a namespace, as it was first written or as it was edited later. */
function policyAt(
  plan: ClusterPlan,
  ground: PolicyGround,
  index: number,
  firstIndex: number,
): JsonObject {
  const { adversary, kinds } = plan.shape;
  if (adversary !== null) return adversarialPolicy(adversary, ground, firstIndex + index);
  const others = NAMESPACED[kinds];
  const { random } = ground;
  const make =
    others.length > 0 && chance(random, SHARE_OF_OTHER_KINDS)
      ? pick(random, others)
      : networkPolicy;
  return make(ground, index);
}

/** Every policy of the cluster, of whatever kind: those of no namespace first, then by namespace. */
export function* policiesOf(plan: ClusterPlan): Generator<JsonObject> {
  const across = clusterWide(plan);
  yield* across;
  let written = 0;
  let skipped = across.length;
  for (const namespace of plan.namespaces) {
    const ground = groundOf(plan, namespace);
    const left = Math.min(skipped, namespace.policies);
    skipped -= left;
    for (let i = left; i < namespace.policies; i++)
      yield policyAt(plan, ground, i - left, written + i - left);
    written += namespace.policies;
  }
}
