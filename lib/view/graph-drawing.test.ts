import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { uniteBounds } from '#lib/engine/rule-ports.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { formatPorts, isEmptyPorts } from '#lib/model/port-set.ts';
import { cluster, tieredCluster } from '#lib/testing/arbitraries.ts';
import { drawnSnapshot } from '#lib/testing/drawn-snapshots.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import type { RawCluster, RawPolicy } from '#lib/testing/reference-evaluator.ts';
import { graphView } from './graph-builder.ts';
import type { GraphEdge, GraphQuery } from './graph-view.ts';
import { drawnAs } from './unit-pairs.ts';
import { pairOf, type WorkloadPair } from './workload-pairs.ts';

const connectivity = drawnSnapshot.map((snapshot) => analyse(snapshot));

const namespaces = ['red', 'blue', 'green'];
const keys = [
  ...namespaces.flatMap((name) => [0, 1, 2].map((i) => `${name}/w${i}[Deployment]`)),
  ...namespaces.flatMap((name) => [1, 2, 3].map((i) => `${name}/pod-${i}[Pod]`)),
];
const query: fc.Arbitrary<GraphQuery> = fc.record({
  namespace: fc.constantFrom(null, ...namespaces),
  expanded: fc.option(fc.subarray(namespaces), { nil: null }),
  opened: fc.constant([]),
  showOpen: fc.boolean(),
  showDns: fc.boolean(),
  focus: fc.option(fc.constantFrom(...keys), { nil: null }),
});

interface Reference {
  readonly edges: readonly Omit<GraphEdge, 'id'>[];
  readonly leftOut: { readonly open: number; readonly dns: number };
  readonly neighbours: ReadonlySet<string>;
  readonly insideOf: (namespace: string) => number;
}

function isDrawn(pair: WorkloadPair, asked: GraphQuery): boolean {
  const basis = drawnAs(pair);
  const isShown = { rules: true, open: asked.showOpen, dns: asked.showDns }[basis];
  return isShown || [pair.source, pair.target].some(({ ref }) => refKey(ref) === asked.focus);
}

function edgeBetween(source: string, target: string, pairs: readonly WorkloadPair[]) {
  const bounds = pairs.map((pair) => pair.bounds).reduce(uniteBounds);
  const ports = new Set(
    pairs.map((pair) => {
      const passing = isEmptyPorts(pair.bounds.sure) ? pair.bounds.atMost : pair.bounds.sure;
      return `${formatPorts(passing)}${pair.looksAtRequests ? ' (L7)' : ''}`;
    }),
  );
  const bases = new Set(pairs.map(drawnAs));
  const [only = ''] = ports;
  return {
    source,
    target,
    verdict: isEmptyPorts(bounds.sure) ? ('unknown' as const) : ('allowed' as const),
    ports: ports.size === 1 ? only : `${ports.size} sets of ports`,
    connections: pairs.length,
    basis: (['rules', 'dns', 'open'] as const).find((basis) => bases.has(basis)) ?? 'open',
  };
}

/** The picture as it is meant: every two workloads are looked at. */
function lookedAtOneByOne(
  asked: GraphQuery,
  expanded: ReadonlySet<string>,
  all: readonly WorkloadPair[],
): Reference {
  const nodeOf = ({ ref, namespace }: Workload) =>
    expanded.has(namespace) ? refKey(ref) : `ns:${namespace}`;
  const inScope = all.filter(({ source, target }) =>
    [source, target].some((each) => asked.namespace === null || each.namespace === asked.namespace),
  );
  const drawn = inScope.filter((pair) => isDrawn(pair, asked));
  const between = Map.groupBy(drawn, ({ source, target }) => `${nodeOf(source)}>${nodeOf(target)}`);
  const left = (basis: 'open' | 'dns') =>
    inScope.filter((pair) => drawnAs(pair) === basis && !isDrawn(pair, asked)).length;
  return {
    edges: [...between]
      .flatMap(([, pairs]) => {
        const [first] = pairs;
        if (first === undefined) return [];
        const [source, target] = [nodeOf(first.source), nodeOf(first.target)];
        return source === target ? [] : [edgeBetween(source, target, pairs)];
      })
      .sort((a, b) => compareText(`${a.source}>${a.target}`, `${b.source}>${b.target}`)),
    leftOut: { open: left('open'), dns: left('dns') },
    neighbours: new Set(drawn.flatMap((pair) => [pair.source.namespace, pair.target.namespace])),
    insideOf: (name) =>
      inScope.filter(
        (pair) =>
          drawnAs(pair) === 'rules' &&
          pair.source.namespace === name &&
          pair.target.namespace === name,
      ).length,
  };
}

function allPairs(analysed: Connectivity): readonly WorkloadPair[] {
  const workloads = [...analysed.workloads.values()];
  return workloads.flatMap((source) =>
    workloads.flatMap((target) => {
      const pair = source === target ? null : pairOf(analysed, source, target);
      return pair === null ? [] : [pair];
    }),
  );
}

const CONTEXT = { cluster: 'c', revision: 1, readAt: null };

function expectSame(analysed: Connectivity, asked: GraphQuery, pairs: readonly WorkloadPair[]) {
  const view = graphView(analysed, CONTEXT, asked);
  if (view === null) {
    expect(analysed.snapshot.namespaces.has(asked.namespace ?? '')).toBe(false);
    return;
  }
  const expanded = new Set(view.namespaces.flatMap((each) => (each.expanded ? [each.name] : [])));
  const reference = lookedAtOneByOne(asked, expanded, pairs);
  const edges = view.edges.filter(({ id }) => !id.includes('range:'));
  expect(edges.map(({ id: _, ...edge }) => edge)).toEqual(reference.edges);
  expect(view.leftOut).toEqual(reference.leftOut);
  const shown = new Set(view.namespaces.map(({ name }) => name));
  if (asked.namespace !== null)
    expect(shown).toEqual(new Set([...reference.neighbours, asked.namespace]));
  for (const node of view.nodes)
    if (node.kind === 'namespace') expect(node.inside).toBe(reference.insideOf(node.namespace));
}

test('the picture is what looking at every pair of workloads gives', () => {
  fc.assert(
    fc.property(
      connectivity,
      fc.array(query, { minLength: 1, maxLength: 4 }),
      (analysed, asked) => {
        const pairs = allPairs(analysed);
        for (const each of asked) expectSame(analysed, each, pairs);
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

/** The pods again and again in one namespace, each with a label of its own that one rule looks for. */
function multiplied(raw: RawCluster): RawCluster {
  const pods = Array.from({ length: Math.ceil(70 / raw.pods.length) }, (_, copy) =>
    raw.pods.map((pod) => {
      const name = `${pod.name}-${copy}`;
      return { ...pod, name, namespace: 'red', labels: { ...pod.labels, own: name } };
    }),
  );
  const policy: RawPolicy = {
    metadata: { namespace: 'red', name: 'own' },
    spec: {
      podSelector: { matchLabels: { own: 'pod-1-1' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { own: 'pod-1-2' } } }] }],
    },
  };
  return { ...raw, pods: pods.flat(), policies: [...raw.policies, policy] };
}

test('it is so where many groups are taken together because they are alike', () => {
  fc.assert(
    fc.property(fc.oneof(cluster, tieredCluster), query, (raw, asked) => {
      const analysed = analyse(snapshotOf(multiplied(raw)));
      const collapsed = { ...asked, namespace: null, expanded: [] };
      expectSame(analysed, collapsed, allPairs(analysed));
    }),
    { numRuns: 12 },
  );
}, 60_000);
