import type { Tri } from '#lib/engine/cni-profile.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';

/** What it means that no plugin was recognised (DET-4, DET-20). */

/** What runs on the network of nodes and is surely no plugin for policies. */
const HARMLESS = new Set(['kube-proxy', 'node-exporter', 'node-cache', 'azure-cns']);
/** How many DaemonSets a sentence names. */
const NAMED = 3;

export interface NoPlugin {
  readonly enforces: Tri;
  readonly evidence: readonly string[];
}

/** Labels that only nodes of these services carry, where a plugin that enforces is always to be seen. */
const SERVICES: readonly (readonly [label: string, says: string])[] = [
  [
    'cloud.google.com/gke-nodepool',
    'GKE enforces policies with Dataplane V2 or its Calico add-on, and neither is there.',
  ],
  [
    'kubernetes.azure.com/cluster',
    'AKS enforces policies with Cilium, Calico or its own manager, and none of them is there.',
  ],
];

export function withoutPlugin({ daemonSets, nodes }: ClusterEvidence): NoPlugin {
  const none = 'No DaemonSet of a known network plugin runs here.';
  const [node] = nodes.items;
  if (node === undefined)
    return { enforces: 'unknown', evidence: [none, 'There is no node to run one.'] };
  const service = SERVICES.find(([label]) => nodes.items.some(({ labels }) => labels.has(label)));
  if (service !== undefined) return { enforces: 'no', evidence: [none, service[1]] };
  if (nodes.items.some(({ kubeletVersion }) => kubeletVersion?.includes('-eks-') === true))
    return {
      enforces: 'unknown',
      evidence: [none, 'EKS can run its plugin where the API does not show it.'],
    };
  const strangers = daemonSets.items.filter(
    ({ hostNetwork, containers, wanted }) =>
      hostNetwork && wanted !== 0 && !containers.some(({ name }) => HARMLESS.has(name)),
  );
  if (strangers.length === 0) return { enforces: 'no', evidence: [none] };
  const named = strangers.slice(0, NAMED).map(({ namespace, name }) => `${namespace}/${name}`);
  const more = strangers.length > NAMED ? ` and ${strangers.length - NAMED} more` : '';
  return {
    enforces: 'unknown',
    evidence: [
      none,
      `What runs on the network of the nodes and is not known may be one: ${named.join(', ')}${more}.`,
    ],
  };
}
