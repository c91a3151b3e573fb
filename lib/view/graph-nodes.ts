import { type Connectivity, sideAt } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { NOTHING_PASSES, rulePorts, uniteBounds } from '#lib/engine/rule-ports.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { formatPorts, isEmptyPorts } from '#lib/model/port-set.ts';
import { isolationBadge, partFacts, podCount } from './cluster-facts.ts';
import type { BundleNode, NamespaceNode, RestNode, WorkloadNode } from './graph-view.ts';
import type { NamespacePart } from './namespace-parts.ts';
import type { Unit } from './units.ts';

/** The nodes of the picture that stand for what is inside the cluster. */

/** A workload, in the frame of its namespace. */
export function workloadNode(
  connectivity: Connectivity,
  workload: Workload,
  parent: string | null,
): WorkloadNode {
  const groups = workload.groups;
  return {
    kind: 'workload',
    id: refKey(workload.ref),
    label: workload.ref.name,
    parent,
    ref: workload.ref,
    namespace: workload.namespace,
    pods: podCount(workload),
    ingress: isolationBadge(connectivity, groups, 'ingress'),
    egress: isolationBadge(connectivity, groups, 'egress'),
    hostNetwork: groups.every((group) => group.hostNetwork),
    openTo: openTo(connectivity, groups),
  };
}

/** The id of the node for workloads that are drawn as one. */
export function bundleId(key: string): string {
  return `${key}*`;
}

/** Several workloads that policies do not tell apart. */
export function bundleNode(connectivity: Connectivity, unit: Unit, inside: number): BundleNode {
  const { workloads, groups, namespace } = unit;
  const [{ ref }] = workloads;
  const key = refKey(ref);
  return {
    kind: 'workloads',
    id: bundleId(key),
    label: `${workloads.length} like ${ref.name}`,
    parent: namespaceId(namespace),
    key,
    namespace,
    count: workloads.length,
    pods: workloads.reduce((sum, workload) => sum + podCount(workload), 0),
    examples: workloads.slice(0, 3).map((workload) => workload.ref.name),
    inside,
    ingress: isolationBadge(connectivity, groups, 'ingress'),
    egress: isolationBadge(connectivity, groups, 'egress'),
    hostNetwork: unit.onHosts,
    openTo: openTo(connectivity, groups),
  };
}

/** What is in a node that stands for what did not fit. */
export type Gathered = Pick<RestNode, 'of' | 'namespace' | 'count' | 'workloads' | 'pods'>;

export function restId({ of, namespace }: Pick<Gathered, 'of' | 'namespace'>): string {
  return namespace === null ? `rest:${of}` : `rest:${of}:${namespace}`;
}

const REST = { namespaces: 'namespaces', workloads: 'workloads', outside: 'ranges' } as const;

export function restNode(gathered: Gathered, inside: number): RestNode {
  const { of, namespace, count } = gathered;
  return {
    kind: 'rest',
    id: restId(gathered),
    label: `${count} more ${REST[of]}`,
    parent: namespace === null ? null : namespaceId(namespace),
    ...gathered,
    inside,
  };
}

/** The ports on which rules admit everybody to an isolated workload. */
function openTo(connectivity: Connectivity, groups: readonly PodGroup[]): string | null {
  let bounds = NOTHING_PASSES;
  for (const group of groups)
    for (const policy of sideAt(connectivity, group, 'ingress').policies)
      for (const rule of policy.rules.ingress)
        if (rule.action === 'allow' && rule.peers.some((peer) => peer.match.kind === 'anyone'))
          bounds = uniteBounds(bounds, rulePorts(rule, group, connectivity.snapshot.profile.flags));
  return isEmptyPorts(bounds.sure) ? null : formatPorts(bounds.sure);
}

/** The id of a namespace's node. */
export function namespaceId(name: string): string {
  return `ns:${name}`;
}

/** The namespace of such an id, in which no name has a colon; null for the id of anything else. */
export function namespaceOfId(id: string): string | null {
  return id.startsWith('ns:') ? id.slice(3) : null;
}

/** A namespace, as a frame or, collapsed, as one card for all that is in it. */
export function namespaceNode(
  connectivity: Connectivity,
  name: string,
  part: NamespacePart | undefined,
  collapsed: boolean,
  inside: number,
): NamespaceNode {
  const { workloads, coverage, ingress, egress } = partFacts(connectivity, part);
  return {
    kind: 'namespace',
    id: namespaceId(name),
    label: name,
    parent: null,
    namespace: name,
    collapsed,
    workloads,
    pods: coverage.pods,
    inside,
    ingress,
    egress,
  };
}
