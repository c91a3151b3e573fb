import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { FindingCounts } from '#components/findings/finding-counts.tsx';
import { countText } from '#components/status/count-text.ts';
import { CoverageStrip } from '#components/status/coverage-strip.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';

/** What the map is of, how much there is, and how much of it policies isolate. */
export function MapStrip({
  cluster,
  namespace,
  view,
  summary,
}: {
  readonly cluster: string;
  readonly namespace: string | null;
  readonly view: GraphView | null;
  readonly summary: ClusterSummary;
}) {
  const { counts } = summary;
  return (
    <div className="flex min-h-6 flex-wrap items-center gap-x-6 gap-y-1">
      <div className="flex items-baseline gap-2">
        {namespace === null ? (
          <h1 className="font-semibold text-sm">Cluster map</h1>
        ) : (
          <h1 className="flex items-center gap-1 text-sm">
            <Link
              href={`/c/${encodeURIComponent(cluster)}`}
              className="text-muted hover:text-text hover:underline"
            >
              Cluster map
            </Link>
            <ChevronRight aria-hidden className="size-3.5 text-faint" />
            <span className="font-semibold">{namespace}</span>
          </h1>
        )}
        {namespace === null && (
          <p className="text-muted text-xs max-md:hidden">
            {countText(counts.namespaces, 'namespace')} · {countText(counts.workloads, 'workload')}{' '}
            · {countText(counts.policies, 'policy', 'policies')}
          </p>
        )}
      </div>
      {/* Linting a large cluster takes a while; the map comes first. */}
      {view !== null && <FindingCounts cluster={cluster} namespace={namespace} />}
      <div className="min-w-0 sm:ml-auto">
        {view === null ? (
          <Skeleton className="h-4 w-96 max-w-full" />
        ) : (
          <CoverageStrip coverage={view.coverage} />
        )}
      </div>
    </div>
  );
}
