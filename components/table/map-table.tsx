'use client';

import { Download, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import type { OnPoint } from '#components/graph/graph-canvas.tsx';
import type { MapUrl } from '#components/map/use-map-url.ts';
import { countText } from '#components/status/count-text.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Tab, TabPanel, Tabs, TabsList } from '#components/ui/tabs.tsx';
import type { GraphView } from '#lib/view/graph-view.ts';
import { type Column, EDGE_COLUMNS, NODE_COLUMNS, sortRows } from './columns.ts';
import { downloadText, toCsv } from './csv.ts';
import { EdgeTable } from './edge-table.tsx';
import { edgeRows, nodeRows } from './map-rows.ts';
import { NodeTable } from './node-table.tsx';

/** The twin of the picture: all that it says, for keyboards, screen readers and spreadsheets. */
export function MapTable({
  view,
  url,
  onPoint,
  onToggle,
}: {
  readonly view: GraphView;
  readonly url: MapUrl;
  readonly onPoint: OnPoint;
  readonly onToggle: (namespace: string) => void;
}) {
  const { filter, rows, sort } = url;
  const nodes = useMemo(
    () => sortRows(nodeRows(view, filter), NODE_COLUMNS, sort),
    [view, filter, sort],
  );
  const edges = useMemo(
    () => sortRows(edgeRows(view, filter), EDGE_COLUMNS, sort),
    [view, filter, sort],
  );
  const save = () => {
    const text = rows === 'nodes' ? csvOf(NODE_COLUMNS, nodes) : csvOf(EDGE_COLUMNS, edges);
    downloadText(`sightline-${view.cluster}-${rows}.csv`, 'text/csv', text);
  };
  return (
    <Tabs
      value={rows}
      onValueChange={(value) => url.setRows(value === 'edges' ? 'edges' : 'nodes')}
      className="h-full bg-surface"
    >
      <div className="flex items-center border-line border-b pr-2 [&>div]:border-b-0">
        <TabsList aria-label="Rows">
          <Tab value="nodes" count={nodes.length}>
            Workloads
          </Tab>
          <Tab value="edges" count={edges.length}>
            Connections
          </Tab>
        </TabsList>
        <Button variant="quiet" size="sm" onClick={save} className="ml-auto">
          <Download aria-hidden className="size-3.5" />
          CSV
        </Button>
      </div>
      <TabPanel value="nodes" tabIndex={-1}>
        {nodes.length === 0 ? (
          <NoHits url={url} total={view.nodes.length} what="workload" />
        ) : (
          <NodeTable rows={nodes} url={url} onPoint={onPoint} onToggle={onToggle} />
        )}
      </TabPanel>
      <TabPanel value="edges" tabIndex={-1}>
        {edges.length === 0 ? (
          <NoHits url={url} total={view.edges.length} what="connection" />
        ) : (
          <EdgeTable rows={edges} url={url} />
        )}
      </TabPanel>
    </Tabs>
  );
}

function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return toCsv([
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => value(row))),
  ]);
}

function NoHits({
  url,
  total,
  what,
}: {
  readonly url: MapUrl;
  readonly total: number;
  readonly what: string;
}) {
  if (url.filter === '') {
    return (
      <EmptyState icon={<SearchX />} title={`There is no ${what} here`}>
        {what === 'connection' && 'No rule permits a connection that is drawn.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<SearchX />}
      title={`Nothing matches “${url.filter}”`}
      actions={<Button onClick={() => url.setFilter('')}>Clear the filter</Button>}
    >
      {countText(total, what)} {total === 1 ? 'is' : 'are'} hidden by the filter.
    </EmptyState>
  );
}
