'use client';

import { type ReactNode, useCallback, useRef, useState } from 'react';
import { useClusterSummary } from '#components/data/use-clusters.ts';
import { MapToolbar } from '#components/filters/map-toolbar.tsx';
import type { CameraControls, OnPoint } from '#components/graph/graph-canvas.tsx';
import { useLayout } from '#components/graph/use-layout.ts';
import { usePrefetchWorkload } from '#components/inspector/use-workload.ts';
import { useShortcuts } from '#components/shell/use-shortcuts.ts';
import { ClusterBanners } from '#components/status/cluster-banners.tsx';
import type { GraphView } from '#lib/view/graph-view.ts';
import { MapPanes } from './map-panes.tsx';
import { mapShortcuts } from './map-shortcuts.ts';
import { EmptyMap, MapFailed, MapSkeleton, WaitingForCluster } from './map-states.tsx';
import { MapStrip } from './map-strip.tsx';
import { parseRefKey } from './ref-key.ts';
import { SelectionPanel } from './selection-panel.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
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
  const layout = useLayout(asked, isNarrow);
  const filterRef = useRef<HTMLInputElement>(null);
  const [camera, setCamera] = useState<CameraControls | null>(null);
  const [isHelping, setIsHelping] = useState(false);
  const prefetch = usePrefetchWorkload(cluster);
  const point = useCallback<OnPoint>(
    (id, now) => prefetch(id === null ? null : parseRefKey(id), now),
    [prefetch],
  );
  const focusFilter = () => filterRef.current?.focus();
  const showHelp = () => setIsHelping(true);
  useShortcuts(mapShortcuts({ url, layout, camera, focusFilter, showHelp }));

  if (summary === null || summary.revision === 0) return <WaitingForCluster summary={summary} />;
  const view = asked?.view ?? null;
  const toggle = (name: string) => {
    if (view !== null) url.setExpanded(toggled(view, name));
  };
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
        <MapMain>
          {view === null && error !== null && <MapFailed error={error} cluster={cluster} />}
          {view === null && error === null && <MapSkeleton />}
          {view !== null && view.nodes.length === 0 && <EmptyMap namespace={namespace} />}
          {view !== null && view.nodes.length > 0 && (
            <MapPanes
              view={view}
              url={url}
              summary={summary}
              layout={layout}
              onPoint={point}
              onToggle={toggle}
              onCamera={setCamera}
            />
          )}
        </MapMain>
        {view !== null && (
          <SelectionPanel cluster={cluster} view={view} url={url} query={query} onToggle={toggle} />
        )}
      </div>
      <ShortcutHelp open={isHelping} onOpenChange={setIsHelping} />
    </div>
  );
}

function MapMain({ children }: { readonly children: ReactNode }) {
  return (
    <main className="relative flex min-h-0 min-w-0 flex-1 flex-col lg:flex-row">{children}</main>
  );
}

/** The namespaces drawn expanded after one was opened or closed. */
function toggled(view: GraphView, name: string): readonly string[] {
  const expanded = view.namespaces.filter((each) => each.expanded).map((each) => each.name);
  return expanded.includes(name) ? expanded.filter((each) => each !== name) : [...expanded, name];
}
