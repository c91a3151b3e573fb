import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { Browsing } from './browsing.ts';
import type { Opened } from './cluster-messages.ts';
import { compareViews } from './compare-views.ts';
import type { FollowedGraph } from './followed-graph.ts';
import type { LoadCluster } from './load-cluster.ts';
import { clock, PATIENCE_MS, pause } from './waiting.ts';

/** Namespaces whose graphs are compared at the end. */
const COMPARED = 12;

/** Namespaces whose graphs are compared: the largest, and some of the others. */
export function compared({ namespaces }: Opened): readonly string[] {
  const step = Math.max(1, Math.floor(namespaces.length / COMPARED));
  return namespaces.filter((_, index) => index % step === 0).slice(0, COMPARED);
}

/** What the server shows and what it should show of the objects that are stored. */
export async function differences(
  cluster: LoadCluster,
  browsing: Browsing,
  namespaces: readonly string[],
  graphs: readonly FollowedGraph[],
): Promise<readonly string[]> {
  const expected = await cluster.ask({ do: 'picture', namespaces });
  const summary = (await browsing.view('')) as ClusterSummary;
  const found = compareViews('summary', expected.summary, summary);
  for (const [index, namespace] of namespaces.entries()) {
    const graph = expected.graphs[index];
    const shown = await browsing.view(`/graph?namespace=${namespace}`);
    found.push(...compareViews(`graph of ${namespace}`, graph, shown));
  }
  return [...found, ...(await followedDifferences(namespaces, expected.graphs, graphs))];
}

/** What is followed is told a moment after the revision that it is of. */
async function followedDifferences(
  namespaces: readonly string[],
  expected: readonly GraphView[],
  graphs: readonly FollowedGraph[],
): Promise<readonly string[]> {
  const end = clock() + PATIENCE_MS;
  for (;;) {
    const found = namespaces.flatMap((namespace, index) =>
      compareViews(`graph of ${namespace}, followed`, expected[index], graphs[index]?.view),
    );
    if (found.length === 0 || clock() > end) return found;
    await pause(200);
  }
}
