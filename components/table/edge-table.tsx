'use client';

import { VerdictBadge } from '#components/explanation/verdict-sign.tsx';
import type { MapUrl } from '#components/map/use-map-url.ts';
import { TableCell } from '#components/ui/table.tsx';
import { EDGE_COLUMNS } from './columns.ts';
import { BASIS, type EdgeRow } from './map-rows.ts';
import { RowGrid } from './row-grid.tsx';
import { SortedHead } from './sorted-head.tsx';

/** Who may connect to whom on which ports. */
export function EdgeTable({
  rows,
  url,
}: {
  readonly rows: readonly EdgeRow[];
  readonly url: MapUrl;
}) {
  return (
    <RowGrid
      label="Connections"
      columns={EDGE_COLUMNS}
      head={<SortedHead columns={EDGE_COLUMNS} url={url} />}
      rows={rows}
      selected={url.selected}
      onSelect={url.select}
      cells={({ edge, from, to }) => (
        <>
          <TableCell className="truncate font-medium" title={from}>
            {from}
          </TableCell>
          <TableCell className="truncate font-medium" title={to}>
            {to}
          </TableCell>
          <TableCell className="truncate font-mono text-xs" title={edge.ports}>
            {edge.ports}
          </TableCell>
          <TableCell>
            <VerdictBadge verdict={edge.verdict} />
          </TableCell>
          <TableCell className="truncate text-muted">{BASIS[edge.basis]}</TableCell>
          <TableCell className="text-right tabular-nums">{edge.connections}</TableCell>
        </>
      )}
    />
  );
}
