import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import type { GraphEdge, GraphNode, GraphView } from '#lib/view/graph-view.ts';
import { fromElk, toElk } from './elk-graph.ts';
import type { Box } from './geometry.ts';

function frame(name: string): GraphNode {
  return {
    kind: 'namespace',
    id: `ns:${name}`,
    label: name,
    parent: null,
    namespace: name,
    collapsed: false,
    workloads: 1,
    pods: 1,
    inside: 0,
    ingress: 'open',
    egress: 'open',
  };
}

function card(namespace: string, name: string): GraphNode {
  return {
    kind: 'workload',
    id: `${namespace}/${name}`,
    label: name,
    parent: `ns:${namespace}`,
    ref: { kind: 'Deployment', namespace, name },
    namespace,
    pods: 1,
    ingress: 'open',
    egress: 'open',
    hostNetwork: false,
    openTo: null,
  };
}

function edge(source: string, target: string): GraphEdge {
  const id = `${source}>${target}`;
  return { id, source, target, verdict: 'allowed', ports: 'all', connections: 1, basis: 'rules' };
}

function view(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphView {
  return {
    cluster: 'test',
    revision: 1,
    readAt: null,
    namespace: null,
    nodes,
    edges,
    leftOut: { open: 0, dns: 0 },
    coverage: { pods: 0, ingress: 0, egress: 0, both: 0 },
    namespaces: [],
  };
}

async function layOut(nodes: readonly GraphNode[], edges: readonly GraphEdge[]) {
  const geometry = fromElk(await new ELK().layout(toElk(view(nodes, edges), 'RIGHT')));
  const box = (id: string): Box => {
    const found = geometry.boxes.get(id);
    if (found === undefined) throw new Error(`${id} has no place`);
    return found;
  };
  return { ...geometry, box };
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

function bounds(boxes: readonly Box[]) {
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return right / bottom;
}

describe('places of nodes that nothing leads out of', () => {
  it('packs namespaces without edges between them into a block, not a row', async () => {
    const nodes = NAMES.flatMap((name) => [frame(name), card(name, 'x'), card(name, 'y')]);
    const edges = NAMES.map((name) => edge(`${name}/x`, `${name}/y`));
    const { box, routes } = await layOut(nodes, edges);
    const shape = bounds(NAMES.map((name) => box(`ns:${name}`)));
    expect(shape).toBeGreaterThan(0.6);
    expect(shape).toBeLessThan(4);
    expect(routes.size).toBe(NAMES.length);
  });

  it('keeps cards inside their frames, and edges between their cards', async () => {
    const nodes = NAMES.flatMap((name) => [frame(name), card(name, 'x'), card(name, 'y')]);
    const { box, routes } = await layOut(nodes, [edge('a/x', 'a/y'), edge('b/x', 'c/y')]);
    for (const name of NAMES)
      for (const each of ['x', 'y']) {
        const [outer, inner] = [box(`ns:${name}`), box(`${name}/${each}`)];
        expect(inner.x).toBeGreaterThanOrEqual(outer.x);
        expect(inner.y).toBeGreaterThanOrEqual(outer.y);
        expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width + 0.5);
        expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height + 0.5);
      }
    const [start] = routes.get('a/x>a/y') ?? [];
    const from = box('a/x');
    expect(start?.x).toBeCloseTo(from.x + from.width, 0);
  });

  it('shows no block of its own', async () => {
    const { boxes } = await layOut(NAMES.map(frame), []);
    expect([...boxes.keys()].sort()).toEqual(NAMES.map((name) => `ns:${name}`));
  });
});
