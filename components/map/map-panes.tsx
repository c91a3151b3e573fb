import type { CameraControls, OnPoint } from '#components/graph/graph-canvas.tsx';
import { GraphViewPane } from '#components/graph/graph-view-pane.tsx';
import type { Layout } from '#components/graph/use-layout.ts';
import { MapTable } from '#components/table/map-table.tsx';
import { classes } from '#components/ui/classes.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { MapNotices } from './map-notices.tsx';
import { MapSkeleton } from './map-states.tsx';
import type { MapUrl } from './use-map-url.ts';

/** The picture, the table, or both: side by side, or over one another where it is narrow. */
export function MapPanes({
  view,
  url,
  summary,
  layout,
  onPoint,
  onToggle,
  onCamera,
}: {
  readonly view: GraphView;
  readonly url: MapUrl;
  readonly summary: ClusterSummary;
  readonly layout: Layout;
  readonly onPoint: OnPoint;
  readonly onToggle: (namespace: string) => void;
  readonly onCamera: (controls: CameraControls | null) => void;
}) {
  const isBoth = url.form === 'both';
  return (
    <>
      {url.form !== 'table' && (
        <section
          aria-label="Graph"
          aria-busy={layout.progress === 'working' || layout.progress === 'slow'}
          className="relative min-h-0 min-w-0 flex-1"
        >
          <GraphViewPane
            layout={layout}
            placeholder={<MapSkeleton />}
            selected={url.selected}
            filter={url.filter}
            onSelect={url.select}
            onPoint={onPoint}
            onToggle={onToggle}
            onReady={onCamera}
            onShowTable={() => url.setForm('table')}
          />
          <MapNotices url={url} view={view} summary={summary} />
        </section>
      )}
      {url.form !== 'graph' && (
        <section
          aria-label="Table"
          className={classes(
            'min-h-0 min-w-0 flex-1',
            isBoth && 'border-line max-lg:border-t lg:border-l',
          )}
        >
          <MapTable view={view} url={url} onPoint={onPoint} onToggle={onToggle} />
        </section>
      )}
    </>
  );
}
