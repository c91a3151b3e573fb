'use client';

import { Download, FileDown, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { viewUrl } from '#components/data/view-query.ts';
import type { OnPoint } from '#components/graph/graph-canvas.tsx';
import { type MapUrl, TABLE_ROWS } from '#components/map/use-map-url.ts';
import { countText } from '#components/status/count-text.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Tab, TabPanel, Tabs, TabsList } from '#components/ui/tabs.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { GraphView } from '#lib/view/graph-view.ts';
import { AllNamespaces, AllWorkloads } from './all-tables.tsx';
import { type Column, EDGE_COLUMNS, NODE_COLUMNS, sortRows } from './columns.ts';
import { downloadText, toCsv } from './csv.ts';
import { EdgeTable } from './edge-table.tsx';
import { edgeRows, nodeRows } from './map-rows.ts';
import { NodeTable } from './node-table.tsx';
import { undrawnLists } from './undrawn.ts';

/**
 * The twin of the picture: all that it says, for keyboards, screen readers and spreadsheets. Beside
 * it, where the picture draws only a part, all that there is.
 */
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
  const { filter, sort } = url;
  const { cluster, namespace, totals } = view;
  const lists = undrawnLists(view);
  const rows = url.rows ?? lists[0] ?? 'nodes';
  const nodes = useMemo(
    () => sortRows(nodeRows(view, filter), NODE_COLUMNS, sort),
    [view, filter, sort],
  );
  const edges = useMemo(
    () => sortRows(edgeRows(view, filter), EDGE_COLUMNS, sort),
    [view, filter, sort],
  );
  const save = () => {
    const text = rows === 'edges' ? csvOf(EDGE_COLUMNS, edges) : csvOf(NODE_COLUMNS, nodes);
    downloadText(`sightline-${cluster}-${rows}.csv`, 'text/csv', text);
  };
  const choose = (value: string) => {
    const chosen = TABLE_ROWS.find((each) => each === value);
    if (chosen !== undefined) url.setRows(chosen);
  };
  return (
    <Tabs value={rows} onValueChange={choose} className="h-full bg-surface">
      <div className="flex items-center border-line border-b pr-2 [&>div]:border-b-0">
        <TabsList aria-label="Rows">
          {lists.includes('namespaces') && (
            <Tab value="namespaces" count={totals.namespaces}>
              All namespaces
            </Tab>
          )}
          {lists.includes('workloads') && (
            <Tab value="workloads" count={totals.workloads}>
              All workloads
            </Tab>
          )}
          <Tab value="nodes" count={nodes.length}>
            {lists.length === 0 ? 'Workloads' : 'Drawn'}
          </Tab>
          <Tab value="edges" count={edges.length}>
            Connections
          </Tab>
        </TabsList>
        <div className="ml-auto flex shrink-0 items-center gap-1">
          {(rows === 'nodes' || rows === 'edges') && (
            <Button variant="quiet" size="sm" onClick={save}>
              <Download aria-hidden className="size-3.5" />
              CSV
            </Button>
          )}
          <Tooltip content="Every connection of the cluster between workloads, as one file">
            <Button variant="quiet" size="sm" asChild>
              <a href={viewUrl(cluster, 'connections?format=csv')} download>
                <FileDown aria-hidden className="size-3.5" />
                <span className="max-sm:sr-only">All connections</span>
              </a>
            </Button>
          </Tooltip>
        </div>
      </div>
      <TabPanel value="namespaces" tabIndex={-1}>
        <AllNamespaces cluster={cluster} url={url} />
      </TabPanel>
      <TabPanel value="workloads" tabIndex={-1}>
        <AllWorkloads
          cluster={cluster}
          namespace={namespace}
          bundle={url.bundle}
          url={url}
          onPoint={onPoint}
        />
      </TabPanel>
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
