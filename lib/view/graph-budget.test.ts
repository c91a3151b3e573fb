import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';
import { GRAPH_BUDGET } from './graph-budget.ts';
import { graphView } from './graph-builder.ts';
import type { GraphQuery, GraphView } from './graph-view.ts';

const CONTEXT = { cluster: 'fixture', revision: 7, readAt: null };
const WHOLE: GraphQuery = {
  namespace: null,
  expanded: null,
  opened: [],
  showOpen: false,
  showDns: false,
  focus: null,
};

/** `count` pods, named and placed by their number. */
function pods(count: number, place: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => place(i)).join('\n---\n');
}

const pod = (namespace: string, name: string, app: string) =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${app}}}}`;

function drawn(
  policies: Readonly<Record<string, string>>,
  objects: string,
  query: Partial<GraphQuery> = {},
): GraphView {
  const { connectivity } = scenario(policies, { objects });
  const view = graphView(connectivity, CONTEXT, { ...WHOLE, ...query });
  if (view === null) throw new Error('no such namespace');
  return view;
}

function rest({ nodes }: GraphView) {
  return nodes.flatMap((node) => (node.kind === 'rest' ? [node] : []));
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

describe('a cluster of more namespaces than a picture holds', () => {
  const objects = pods(600, (i) => pod(`team-${i}`, 'web', 'web'));
  const named = [1, 2, 3].map(
    (i) => `{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: team-${i}}}}`,
  );
  const policies = { 'team-599/web': `{podSelector: {}, ingress: [{from: [${named}]}]}` };
  const view = drawn(policies, objects);

  test('is drawn up to the budget, and the others are counted in one node', () => {
    expect(view.nodes.length).toBe(GRAPH_BUDGET.cluster.nodes);
    const [others, ...more] = rest(view);
    expect(more).toEqual([]);
    expect(others).toMatchObject({ id: 'rest:namespaces', of: 'namespaces', parent: null });
    expect((others?.count ?? 0) + view.nodes.length - 1).toBe(603);
    expect(view.totals).toMatchObject({ namespaces: 604, workloads: 606 });
  });

  test('keeps those with connections', () => {
    expect(view.edges.map(({ id }) => id)).toEqual(
      [1, 2, 3].map((i) => `ns:team-${i}>ns:team-599`),
    );
  });

  test('keeps to its edges when all that is open is drawn, and loses none of it', () => {
    const open = drawn(policies, objects, { showOpen: true });
    expect(open.edges.length).toBeLessThanOrEqual(GRAPH_BUDGET.cluster.edges);
    expect(open.leftOut.open).toBe(0);
    const inside = rest(open)[0];
    expect(inside?.count).toBeGreaterThan(500);
    expect(view.leftOut.open).toBeGreaterThan(600 * 599);
  });
});

describe('a namespace of many workloads', () => {
  const objects = pods(1000, (i) =>
    pod('big', `${i % 2 ? 'api' : 'web'}-${i}`, i % 2 ? 'api' : `web-${i}`),
  );
  const policies = {
    'big/api':
      '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web-8}}}]}]}',
  };

  test('is drawn with those alike as one, whatever labels they have that no rule looks for', () => {
    const view = drawn(policies, objects, { namespace: 'big' });
    expect(view.nodes.map(({ id, label }) => [id, label])).toEqual([
      ['ns:big', 'big'],
      ['big/api-101[Pod]*', '500 like api-101'],
      ['big/web-0[Pod]*', '499 like web-0'],
      ['big/web-8[Pod]', 'web-8'],
    ]);
    expect(view.edges).toMatchObject([
      { id: 'big/web-8[Pod]>big/api-101[Pod]*', connections: 500, basis: 'rules' },
    ]);
    expect(view.nodes[1]).toMatchObject({
      kind: 'workloads',
      key: 'big/api-101[Pod]',
      count: 500,
      examples: ['api-101', 'api-103', 'api-105'],
      ingress: 'isolated',
      egress: 'open',
    });
    expect(gzipSync(JSON.stringify(view)).length).toBeLessThan(20_000);
  });

  test('opens a bundle up to the budget, and gathers the others inside the frame', () => {
    const view = drawn(policies, objects, { namespace: 'big', opened: ['big/api-101[Pod]'] });
    expect(view.nodes.length).toBeLessThanOrEqual(GRAPH_BUDGET.namespace.nodes);
    const [others] = rest(view);
    expect(others).toMatchObject({ id: 'rest:workloads:big', parent: 'ns:big', of: 'workloads' });
    const shown = view.nodes.flatMap((node) =>
      node.kind === 'workload' ? [1] : node.kind === 'workloads' ? [node.count] : [],
    );
    expect(sum(shown) + (others?.count ?? 0)).toBe(1000);
    expect(sum(view.edges.map(({ connections }) => connections))).toBe(500);
    expect(gzipSync(JSON.stringify(view)).length).toBeLessThan(20_000);
  });

  test('counts what policies let through among those alike', () => {
    const alike = { 'big/all': '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}' };
    const view = drawn(alike, objects, { namespace: 'big' });
    expect(view.nodes).toMatchObject([
      { id: 'ns:big', inside: 999_000 },
      { kind: 'workloads', count: 1000, inside: 999_000 },
    ]);
    expect(view.edges).toEqual([]);
  });
});

test('ranges of addresses beyond the budget are gathered as well', () => {
  const blocks = Array.from(
    { length: 700 },
    (_, i) => `{ipBlock: {cidr: 203.${i >> 8}.${i & 255}.0/24}}`,
  );
  const view = drawn(
    { 'shop/web': `{podSelector: {matchLabels: {app: web}}, egress: [{to: [${blocks}]}]}` },
    '',
    { namespace: 'shop' },
  );
  const [others] = rest(view);
  const drawnOutside = view.nodes.filter(({ kind }) => kind === 'outside').length;
  expect(others).toMatchObject({ id: 'rest:outside', of: 'outside' });
  expect(drawnOutside + (others?.count ?? 0)).toBe(700);
  expect(view.nodes.length).toBeLessThanOrEqual(GRAPH_BUDGET.namespace.nodes);
  expect(sum(view.edges.map(({ connections }) => connections))).toBe(700);
});
