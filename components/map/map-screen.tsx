'use client';

import { useRef, useState } from 'react';
import { useClusterSummary } from '#components/data/use-clusters.ts';
import { MapToolbar } from '#components/filters/map-toolbar.tsx';
import type { FlowDirection } from '#components/graph/elk-graph.ts';
import type { CameraControls } from '#components/graph/graph-canvas.tsx';
import { GraphViewPane } from '#components/graph/graph-view-pane.tsx';
import { useLayout } from '#components/graph/use-layout.ts';
import { useShortcuts } from '#components/shell/use-shortcuts.ts';
import { ClusterBanners } from '#components/status/cluster-banners.tsx';
import { MapTable } from '#components/table/map-table.tsx';
import { classes } from '#components/ui/classes.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { MapNotices } from './map-notices.tsx';
import { mapShortcuts } from './map-shortcuts.ts';
import { EmptyMap, MapFailed, MapSkeleton, WaitingForCluster } from './map-states.tsx';
import { MapStrip } from './map-strip.tsx';
import { SelectionPanel } from './selection-panel.tsx';
import { pictureQuery, useMapUrl } from './use-map-url.ts';
import { useMapView } from './use-map-view.ts';
import { useNarrow } from './use-narrow.ts';

/** The map of a cluster, or of one namespace and its neighbours: picture, table, and what is selected. */
export function MapScreen({
  cluster,
  namespace,
}: {
  readonly cluster: string;
  readonly namespace: string | null;
}) {
  const summary = useClusterSummary(cluster);
  const url = useMapUrl();
  const isNarrow = useNarrow();
  const query = pictureQuery(namespace, url, isNarrow);
  const { asked, error } = useMapView(cluster, query, url.selected);
  const direction: FlowDirection = isNarrow ? 'DOWN' : 'RIGHT';
  const layout = useLayout(asked, direction);
  const filterRef = useRef<HTMLInputElement>(null);
  const [camera, setCamera] = useState<CameraControls | null>(null);
  const view = asked?.view ?? null;

  const toggle = (name: string) => {
    if (view !== null) url.setExpanded(toggled(view, name));
  };
  useShortcuts(
    mapShortcuts({ url, layout, camera, focusFilter: () => filterRef.current?.focus() }),
  );

  if (summary === null || summary.revision === 0) return <WaitingForCluster summary={summary} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <section aria-label="About the map" className="shrink-0">
        <ClusterBanners summary={summary} />
        <div className="flex flex-col gap-2 border-line border-b bg-surface px-3 pt-2 pb-2.5 sm:px-4">
          <MapStrip cluster={cluster} namespace={namespace} view={view} summary={summary} />
          <MapToolbar url={url} view={view} filterRef={filterRef} />
        </div>
      </section>
      <div className="relative flex min-h-0 flex-1">
        <MapBody
          state={
            view === null ? (
              error === null ? (
                <MapSkeleton />
              ) : (
                <MapFailed error={error} cluster={cluster} />
              )
            ) : view.nodes.length === 0 ? (
              <EmptyMap namespace={namespace} />
            ) : null
          }
        >
          {view !== null && (
            <>
              {url.form !== 'table' && (
                <section
                  aria-label="Graph"
                  className={classes(
                    'relative min-w-0 flex-1',
                    url.form === 'both' && 'max-lg:basis-1/2',
                  )}
                >
                  <GraphViewPane
                    layout={layout}
                    selected={url.selected}
                    filter={url.filter}
                    onSelect={url.select}
                    onToggle={toggle}
                    onReady={setCamera}
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
                    url.form === 'both' && 'border-line max-lg:border-t lg:border-l',
                  )}
                >
                  <MapTable view={view} url={url} onToggle={toggle} />
                </section>
              )}
            </>
          )}
        </MapBody>
        {view !== null && (
          <SelectionPanel cluster={cluster} view={view} url={url} query={query} onToggle={toggle} />
        )}
      </div>
    </div>
  );
}

/** The picture and the table side by side, or over one another where it is narrow; or what stands in for them. */
function MapBody({
  state,
  children,
}: {
  readonly state: React.ReactNode;
  readonly children: React.ReactNode;
}) {
  return (
    <main className="relative flex min-h-0 min-w-0 flex-1 flex-col lg:flex-row">
      {state ?? children}
    </main>
  );
}

/** The namespaces drawn expanded after one was opened or closed. */
function toggled(view: GraphView, name: string): readonly string[] {
  const expanded = view.namespaces.filter((each) => each.expanded).map((each) => each.name);
  return expanded.includes(name) ? expanded.filter((each) => each !== name) : [...expanded, name];
}
