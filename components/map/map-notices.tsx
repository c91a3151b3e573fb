import { counted } from '#components/explanation/sentence.ts';
import { nodeRows } from '#components/table/map-rows.ts';
import { Button } from '#components/ui/button.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { isExpandable } from './expandable.ts';
import { restWords } from './rest-words.ts';
import type { MapUrl } from './use-map-url.ts';

interface MapNoticesProps {
  readonly url: MapUrl;
  readonly view: GraphView;
  readonly summary: ClusterSummary;
}

/** Said over the picture where it alone would mislead: nothing matches, or nothing is drawn and why. */
export function MapNotices({ url, view, summary }: MapNoticesProps) {
  if (url.filter !== '' && nodeRows(view, url.filter).length === 0) {
    const isPart = restWords(view) !== null;
    return (
      <Floating>
        Nothing {isPart ? 'drawn' : 'here'} matches “{url.filter}”.
        {isPart && (
          <Button size="sm" onClick={() => url.setForm('table')}>
            Look in the table
          </Button>
        )}
        <Button size="sm" onClick={() => url.setFilter('')}>
          Clear
        </Button>
      </Floating>
    );
  }
  if (view.edges.length > 0) return null;
  const inside = view.nodes.reduce(
    (sum, node) => sum + (node.kind === 'namespace' && node.collapsed ? node.inside : 0),
    0,
  );
  if (inside > 0) {
    return (
      <Floating>
        {counted(inside, 'connection')} on rules, all inside namespaces that are collapsed.
        {isExpandable(view) && (
          <Button
            size="sm"
            onClick={() => url.setExpanded(view.namespaces.map(({ name }) => name))}
          >
            Expand all
          </Button>
        )}
      </Floating>
    );
  }
  if (view.leftOut.open === 0 || url.showOpen) return null;
  return (
    <Floating>
      {openWords(summary)}
      <Button size="sm" onClick={() => url.setShowOpen(true)}>
        Show default-open
      </Button>
    </Floating>
  );
}

/** Why nothing is drawn though there is traffic that perhaps passes. */
function openWords({ gaps, counts }: ClusterSummary): string {
  if (gaps.some(({ affects }) => affects === 'policies')) {
    return 'Policies cannot be read: which connections pass is unknown.';
  }
  return counts.policies === 0
    ? 'There are no policies: every pod may connect to every other.'
    : 'No connection here rests on a rule; all that may connect is open by default.';
}

function Floating({ children }: { readonly children: React.ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-x-3 top-14 flex justify-center">
      <div
        role="status"
        className="pointer-events-auto flex animate-enter flex-wrap items-center gap-2.5 rounded-lg border border-line bg-raised py-1.5 pr-1.5 pl-3 text-sm shadow-pop"
      >
        {children}
      </div>
    </div>
  );
}
