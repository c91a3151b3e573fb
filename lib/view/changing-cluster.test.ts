import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { drawnObjects, drawnProfile } from '#lib/testing/drawn-snapshots.ts';
import { history } from '#lib/testing/history.ts';
import { clusterFacts } from './cluster-facts.ts';
import { connectionList } from './connection-list.ts';
import { graphView } from './graph-builder.ts';
import type { GraphQuery } from './graph-view.ts';
import { searchView } from './search-builder.ts';
import { namespacesView } from './table-builder.ts';
import { peersView } from './workload-builder.ts';

/** Views keep much from one revision to the next: they say what they would say if they kept nothing. */

const CONTEXT = { cluster: 'c', revision: 1, readAt: null };
const COLLAPSED: GraphQuery = {
  namespace: null,
  expanded: [],
  opened: [],
  showOpen: false,
  showDns: true,
  focus: null,
};

function everythingShown(connectivity: Connectivity) {
  const [first] = connectivity.workloads.values();
  const focus = first === undefined ? null : refKey(first.ref);
  const page = { words: '', after: null, limit: 100 } as const;
  return {
    collapsed: graphView(connectivity, CONTEXT, COLLAPSED),
    hidden: graphView(connectivity, CONTEXT, { ...COLLAPSED, showDns: false, focus }),
    partly: graphView(connectivity, CONTEXT, { ...COLLAPSED, expanded: ['red'] }),
    red: graphView(connectivity, CONTEXT, { ...COLLAPSED, namespace: 'red', showOpen: true }),
    facts: clusterFacts(connectivity),
    search: searchView(connectivity, 'o', 100),
    namespaces: namespacesView(connectivity, CONTEXT, { ...page, sort: 'open' }),
    peers:
      first === undefined
        ? null
        : peersView(connectivity, CONTEXT, first.ref, {
            ...page,
            direction: 'ingress',
            show: 'all',
          }),
    list: [...connectionList(connectivity)],
  };
}

test('views of a cluster that changes are those of a new one, at every step', () => {
  fc.assert(
    fc.property(
      fc.array(drawnObjects, { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.nat(1000)),
      fc.constantFrom(1, 2, 5),
      drawnProfile,
      (states, order, atOnce, profile) => {
        const pick = (left: number) => order.next().value % left;
        let current: Connectivity | undefined;
        for (const snapshot of history(states, pick, atOnce, profile)) {
          current = analyse(snapshot, current);
          expect(everythingShown(current)).toEqual(everythingShown(analyse(snapshot)));
        }
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
}, 120_000);
