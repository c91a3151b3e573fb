import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse } from '#lib/engine/connectivity.ts';
import { cluster } from '#lib/testing/arbitraries.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import { graphView } from './graph-builder.ts';
import { type GraphDelta, graphChanges, withDelta } from './graph-delta.ts';
import type { GraphNode, GraphView } from './graph-view.ts';
import { parseGraphQuery } from './query-schema.ts';

/** What somebody who saw `before` makes of what is sent to him. */
function followed(before: GraphView, after: GraphView): GraphView {
  const { revision } = after;
  const readAt = after.readAt ?? '';
  const delta = { from: 'a', to: 'b', revision, readAt, ...graphChanges(before, after) };
  return withDelta(before, JSON.parse(JSON.stringify(delta)) as GraphDelta);
}

const context = (revision: number) => ({ cluster: 'c', revision, readAt: `at ${revision}` });

describe('a delta gives what reading again gives', () => {
  test('between any two clusters, in any graph of them', () => {
    const query = fc.record({
      namespace: fc.constantFrom(null, 'red', 'blue'),
      expanded: fc.constantFrom(null, [], ['red'], ['red', 'blue']),
      showOpen: fc.boolean(),
    });
    fc.assert(
      fc.property(cluster, cluster, query, (one, other, asked) => {
        const whole = { ...parseGraphQuery(new URLSearchParams()), ...asked };
        const views = [one, other].map((raw, index) =>
          graphView(analyse(snapshotOf(raw)), context(index + 1), whole),
        );
        const [before, after] = views;
        if (!before || !after) return;
        expect(followed(before, after)).toEqual(after);
        expect(followed(after, before)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  const node = (id: string, pods: number): GraphNode => ({
    kind: 'workload',
    id,
    label: id,
    parent: null,
    ref: { kind: 'Pod', namespace: 'a', name: id },
    namespace: 'a',
    pods,
    ingress: 'open',
    egress: 'open',
    hostNetwork: false,
    openTo: null,
  });
  const empty = graphView(
    analyse(snapshotOf({ namespaces: [], pods: [], policies: [] })),
    context(1),
    parseGraphQuery(new URLSearchParams()),
  );

  test('whatever comes, goes, changes or moves', () => {
    const nodes = fc.uniqueArray(
      fc.tuple(fc.constantFrom(...'abcdefghij'), fc.integer({ min: 1, max: 3 })),
      { selector: ([id]) => id },
    );
    fc.assert(
      fc.property(nodes, nodes, (one, other) => {
        if (empty === null) throw new Error('an empty cluster has a graph');
        const [before, after] = [one, other].map((each) => ({
          ...empty,
          nodes: each.map(([id, pods]) => node(id, pods)),
        }));
        if (before && after) expect(followed(before, after)).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  test('and says no more than what changed', () => {
    if (empty === null) throw new Error('an empty cluster has a graph');
    const before = { ...empty, nodes: ['a', 'b', 'c'].map((id) => node(id, 1)) };
    const after = { ...empty, revision: 9, nodes: [node('a', 1), node('x', 1), node('c', 2)] };
    expect(graphChanges(before, after)).toEqual({
      nodes: { removed: ['b'], changed: [node('c', 2)], added: [[1, node('x', 1)]] },
      edges: { removed: [], changed: [], added: [] },
      fields: {},
    });
  });
});
