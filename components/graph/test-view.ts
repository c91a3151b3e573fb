import type {
  GraphEdge,
  GraphView,
  NamespaceNode,
  OutsideNode,
  WorkloadNode,
} from '#lib/view/graph-view.ts';

/** Small views for the tests of this folder. */

export function frame(namespace: string, changes: Partial<NamespaceNode> = {}): NamespaceNode {
  return {
    kind: 'namespace',
    id: `ns:${namespace}`,
    label: namespace,
    parent: null,
    namespace,
    collapsed: false,
    workloads: 1,
    pods: 1,
    inside: 0,
    ingress: 'open',
    egress: 'open',
    ...changes,
  };
}

export function workload(
  namespace: string,
  name: string,
  changes: Partial<WorkloadNode> = {},
): WorkloadNode {
  return {
    kind: 'workload',
    id: `${namespace}/${name}[Deployment]`,
    label: name,
    parent: `ns:${namespace}`,
    ref: { kind: 'Deployment', namespace, name },
    namespace,
    pods: 1,
    ingress: 'open',
    egress: 'open',
    hostNetwork: false,
    openTo: null,
    ...changes,
  };
}

export function outside(range: string): OutsideNode {
  return { kind: 'outside', id: `range:${range}`, label: range, parent: null, ranges: [range] };
}

export function edge(
  source: { readonly id: string },
  target: { readonly id: string },
  changes: Partial<GraphEdge> = {},
): GraphEdge {
  return {
    id: `${source.id}>${target.id}`,
    source: source.id,
    target: target.id,
    verdict: 'allowed',
    ports: 'TCP 80',
    connections: 1,
    basis: 'rules',
    ...changes,
  };
}

export function view(nodes: GraphView['nodes'], edges: readonly GraphEdge[] = []): GraphView {
  return {
    cluster: 'demo',
    revision: 1,
    readAt: null,
    namespace: null,
    nodes,
    edges,
    leftOut: { open: 0, dns: 0 },
    coverage: { pods: 1, ingress: 0, egress: 0, both: 0 },
    namespaces: [],
    totals: { namespaces: 1, workloads: 1, pods: 1 },
  };
}
