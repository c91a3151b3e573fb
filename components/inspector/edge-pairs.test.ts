import { describe, expect, test } from 'vitest';
import type {
  BundleNode,
  GraphEdge,
  GraphNode,
  GraphView,
  NamespaceNode,
  WorkloadNode,
} from '#lib/view/graph-view.ts';
import { askForNode, edgePairs, gathersNamespace, pairsQuery } from './edge-pairs.ts';

function namespace(name: string): NamespaceNode {
  return {
    id: `ns:${name}`,
    label: name,
    parent: null,
    kind: 'namespace',
    namespace: name,
    collapsed: true,
    workloads: 2,
    pods: 2,
    inside: 0,
    ingress: 'open',
    egress: 'open',
  };
}

function workload(space: string, name: string): WorkloadNode {
  return {
    id: `${space}/${name}[Deployment]`,
    label: name,
    parent: `ns:${space}`,
    kind: 'workload',
    ref: { kind: 'Deployment', namespace: space, name },
    namespace: space,
    pods: 1,
    ingress: 'open',
    egress: 'open',
    hostNetwork: false,
    openTo: null,
  };
}

const OUTSIDE: GraphNode = {
  id: 'range:10.0.0.0-10.255.255.255',
  label: '10.0.0.0/8',
  parent: null,
  kind: 'outside',
  ranges: ['10.0.0.0/8'],
};
const [SHOP, DATA] = [namespace('shop'), namespace('data')];
const [WEB, API, DB] = [workload('shop', 'web'), workload('shop', 'api'), workload('data', 'db')];

function edge(source: GraphNode, target: GraphNode): GraphEdge {
  return {
    id: `${source.id}>${target.id}`,
    source: source.id,
    target: target.id,
    verdict: 'allowed',
    ports: 'TCP 80',
    connections: 1,
    basis: 'rules',
  };
}

const OPENED: GraphView = {
  cluster: 'demo',
  revision: 1,
  readAt: null,
  namespace: null,
  nodes: [SHOP, DATA, WEB, API, DB, OUTSIDE],
  edges: [edge(WEB, DB), edge(API, DB), edge(WEB, API), edge(API, OUTSIDE), edge(DB, API)],
  leftOut: { open: 0, dns: 0 },
  coverage: { pods: 0, ingress: 0, egress: 0, both: 0 },
  namespaces: [],
  totals: { namespaces: 2, workloads: 3, pods: 3 },
};

function ids(source: GraphNode, target: GraphNode): string[] {
  return edgePairs(OPENED, source, target).map((pair) => pair.edge.id);
}

describe('the pairs that an edge gathers', () => {
  test('lie between the drawn nodes, in the direction of the edge', () => {
    expect(ids(SHOP, DATA)).toEqual([edge(WEB, DB).id, edge(API, DB).id]);
    expect(ids(DATA, SHOP)).toEqual([edge(DB, API).id]);
    expect(ids(SHOP, DB)).toEqual([edge(WEB, DB).id, edge(API, DB).id]);
    expect(ids(SHOP, OUTSIDE)).toEqual([edge(API, OUTSIDE).id]);
  });

  test('stand in the map with those namespaces opened', () => {
    const query = {
      namespace: null,
      expanded: null,
      opened: [],
      showOpen: true,
      showDns: false,
      focus: null,
    };
    expect(pairsQuery(query, SHOP, DATA)).toEqual({ ...query, expanded: ['shop', 'data'] });
    expect(pairsQuery(query, WEB, DATA)).toEqual({ ...query, expanded: ['data'] });
    expect(gathersNamespace(WEB, DATA)).toBe(true);
    expect(gathersNamespace(WEB, OUTSIDE)).toBe(false);
  });
});

test('what asks for a node', () => {
  expect([SHOP, WEB, OUTSIDE].map(askForNode)).toEqual([null, 'shop/deployment/web', '10.0.0.0/8']);
});

test('workloads that no policy tells apart are asked for by the first of them', () => {
  const bundle: BundleNode = {
    ...WEB,
    kind: 'workloads',
    id: `${WEB.id}*`,
    key: WEB.id,
    label: '40 like web',
    count: 40,
    examples: ['web'],
    inside: 0,
  };
  expect(askForNode(bundle)).toBe('shop/deployment/web');
  expect(gathersNamespace(bundle, WEB)).toBe(true);
});
