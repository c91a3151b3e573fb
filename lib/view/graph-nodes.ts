import { type Connectivity, sideAt, type Workload } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { NOTHING_PASSES, rulePorts, uniteBounds } from '#lib/engine/rule-ports.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { formatPorts, isEmptyPorts } from '#lib/model/port-set.ts';
import { isolationBadge, podCount } from './cluster-facts.ts';
import type { NamespaceNode, WorkloadNode } from './graph-view.ts';

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

/** A namespace, as a frame or, collapsed, as one card for all that is in it. */
export function namespaceNode(
  connectivity: Connectivity,
  name: string,
  workloads: readonly Workload[],
  collapsed: boolean,
  inside: number,
): NamespaceNode {
  const groups = [...new Set(workloads.flatMap((workload) => workload.groups))];
  return {
    kind: 'namespace',
    id: namespaceId(name),
    label: name,
    parent: null,
    namespace: name,
    collapsed,
    workloads: workloads.length,
    pods: workloads.reduce((sum, workload) => sum + podCount(workload), 0),
    inside,
    ingress: isolationBadge(connectivity, groups, 'ingress'),
    egress: isolationBadge(connectivity, groups, 'egress'),
  };
}
