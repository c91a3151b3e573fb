'use client';

import { CircleAlert, LoaderCircle, SearchX } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { MapUrl } from '#components/map/use-map-url.ts';
import { countText, numberText } from '#components/status/count-text.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { SortHeader, TableHead, TableHeader } from '#components/ui/table.tsx';
import type { Column } from './columns.ts';
import { RowGrid } from './row-grid.tsx';
import type { PagedRows } from './use-paged-rows.ts';

/** A table of the server, which reads on as one scrolls. */
export function PagedGrid<Row>({
  label,
  noun,
  columns,
  sorts,
  sort,
  url,
  paged,
  idOf,
  cells,
  onPoint,
}: {
  readonly label: string;
  /** What a row is, for the words around the table. */
  readonly noun: string;
  readonly columns: readonly Column<Row>[];
  /** Columns that the server sorts by; the first of them ascending, numbers from the greatest. */
  readonly sorts: readonly string[];
  readonly sort: string;
  readonly url: MapUrl;
  readonly paged: PagedRows<Row>;
  readonly idOf: (row: Row) => string;
  readonly cells: (row: Row) => ReactNode;
  readonly onPoint?: (id: string | null) => void;
}) {
  const { rows, total, isReading, isOld, error } = paged;
  const withIds = useMemo(() => rows.map((row) => ({ id: idOf(row), row })), [rows, idOf]);
  if (error !== null && rows.length === 0) {
    return (
      <EmptyState
        icon={<CircleAlert />}
        title="The table cannot be read"
        actions={<Button onClick={paged.readAgain}>Try again</Button>}
      >
        <p role="alert">{error.message}</p>
      </EmptyState>
    );
  }
  if (total === null) return <Waiting label={label} />;
  if (total === 0) return <NoRows url={url} noun={noun} />;
  return (
    <div className="flex h-full flex-col">
      <div className="min-h-0 flex-1">
        <RowGrid
          label={label}
          columns={columns.map((column) => ({ ...column, value: () => '' }))}
          head={
            <TableHead>
              <tr>
                {columns.map(({ id, title, isNumeric }) =>
                  sorts.includes(id) ? (
                    <SortHeader
                      key={id}
                      order={id !== sort ? null : id === sorts[0] ? 'ascending' : 'descending'}
                      onSort={() => url.setSort(id === sorts[0] ? null : id)}
                      isNumeric={isNumeric === true}
                    >
                      {title}
                    </SortHeader>
                  ) : (
                    <TableHeader key={id} className={isNumeric ? 'text-right' : ''}>
                      {title}
                    </TableHeader>
                  ),
                )}
              </tr>
            </TableHead>
          }
          rows={withIds}
          total={total}
          selected={url.selected}
          onSelect={url.select}
          {...(onPoint === undefined ? {} : { onPoint })}
          onEnd={paged.readMore}
          cells={({ row }) => cells(row)}
        />
      </div>
      <p
        role="status"
        className="flex h-8 shrink-0 items-center gap-2 border-line border-t px-4 text-muted text-xs tabular-nums"
      >
        {rows.length < total
          ? `${numberText(rows.length)} of ${countText(total, noun)} read; scroll on for more`
          : countText(total, noun)}
        {isReading && <LoaderCircle aria-hidden className="size-3.5 animate-spin" />}
        {error !== null && <span className="text-negative">{error.message}</span>}
        {isOld && (
          <Button variant="quiet" size="sm" onClick={paged.readAgain} className="ml-auto">
            The cluster has changed: read again
          </Button>
        )}
      </p>
    </div>
  );
}

const LINES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

function Waiting({ label }: { readonly label: string }) {
  return (
    <div role="status" aria-label={`${label} are being read`} className="flex flex-col gap-3 p-4">
      {LINES.map((line) => (
        <Skeleton key={line} className="h-6 w-full" />
      ))}
    </div>
  );
}

function NoRows({ url, noun }: { readonly url: MapUrl; readonly noun: string }) {
  if (url.filter === '')
    return <EmptyState icon={<SearchX />} title={`There is no ${noun} here`} />;
  return (
    <EmptyState
      icon={<SearchX />}
      title={`Nothing matches “${url.filter}”`}
      actions={<Button onClick={() => url.setFilter('')}>Clear the filter</Button>}
    >
      Every word has to be in the name of a {noun}.
    </EmptyState>
  );
}
