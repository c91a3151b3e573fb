import {
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
} from './admin-network-policy/admin-network-policy.ts';
import {
  calicoGlobalNetworkPolicy,
  calicoNetworkPolicy,
  calicoStagedGlobalNetworkPolicy,
  calicoStagedNetworkPolicy,
} from './calico/calico.ts';
import { hostEndpoint } from './calico/host-endpoint.ts';
import {
  ciliumClusterwideNetworkPolicy,
  ciliumNetworkPolicy,
} from './cilium/cilium-network-policy.ts';
import { clusterNetworkPolicy } from './cluster-network-policy/cluster-network-policy.ts';
import { networkPolicy } from './network-policy/network-policy.ts';
import { stagedKubernetesNetworkPolicy } from './network-policy/staged-kubernetes-network-policy.ts';
import type { PolicyKind } from './policy-kind.ts';

/** Every kind that is evaluated: one line each. */
export const POLICY_KINDS: readonly PolicyKind[] = [
  networkPolicy,
  clusterNetworkPolicy,
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
  calicoNetworkPolicy,
  calicoGlobalNetworkPolicy,
  calicoStagedNetworkPolicy,
  calicoStagedGlobalNetworkPolicy,
  stagedKubernetesNetworkPolicy,
  hostEndpoint,
  ciliumNetworkPolicy,
  ciliumClusterwideNetworkPolicy,
];
