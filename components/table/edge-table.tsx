'use client';

import type { KeyboardEvent } from 'react';
import { VerdictBadge } from '#components/explanation/verdict-sign.tsx';
import type { MapUrl } from '#components/map/use-map-url.ts';
import { Table, TableCell, TableRow } from '#components/ui/table.tsx';
import { EDGE_COLUMNS } from './columns.ts';
import { BASIS, type EdgeRow } from './map-rows.ts';
import { SortedHead } from './sorted-head.tsx';
import { useRovingRows } from './use-roving-rows.ts';

/** Who may connect to whom on which ports. */
export function EdgeTable({
  rows,
  url,
}: {
  readonly rows: readonly EdgeRow[];
  readonly url: MapUrl;
}) {
  const ids = rows.map(({ id }) => id);
  const roving = useRovingRows(ids, url.selected, (id: string, event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    url.select(id);
  });
  return (
    <Table role="grid" aria-label="Connections">
      <SortedHead columns={EDGE_COLUMNS} url={url} />
      <tbody>
        {rows.map(({ id, edge, from, to }) => (
          <TableRow
            key={id}
            {...roving(id)}
            data-row={id}
            aria-selected={id === url.selected}
            onClick={() => url.select(id)}
          >
            <TableCell className="max-w-64 truncate font-medium" title={from}>
              {from}
            </TableCell>
            <TableCell className="max-w-64 truncate font-medium" title={to}>
              {to}
            </TableCell>
            <TableCell className="whitespace-nowrap font-mono text-xs">{edge.ports}</TableCell>
            <TableCell>
              <VerdictBadge verdict={edge.verdict} />
            </TableCell>
            <TableCell className="whitespace-nowrap text-muted">{BASIS[edge.basis]}</TableCell>
            <TableCell className="text-right tabular-nums">{edge.connections}</TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
