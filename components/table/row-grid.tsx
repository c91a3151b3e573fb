'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Table, TableRow } from '#components/ui/table.tsx';
import type { Column } from './columns.ts';
import { useRovingRows } from './use-roving-rows.ts';

/** Of a row and of the head, in pixels: rows are of one line. */
const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 32;
/** Up to so many rows all of them are in the page, for its own search and for reading aloud. */
const ALL_IN_PAGE = 200;
const OVERSCAN = 12;

export interface RowGridProps<Row extends { readonly id: string }> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly head: ReactNode;
  readonly rows: readonly Row[];
  /** How many there are, read or not. */
  readonly total?: number;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  /** Gets the keys that neither move nor select. */
  readonly onKey?: (row: Row, event: KeyboardEvent) => void;
  readonly onPoint?: (id: string | null) => void;
  readonly cells: (row: Row) => ReactNode;
  /** The last row that is there came near. */
  readonly onEnd?: () => void;
  /** Stands under the last row. */
  readonly children?: ReactNode;
}

/**
 * A table that is reached by keyboard row by row, and scrolls by itself. Of many rows only those in
 * sight are in the page, and the one that has the focus.
 */
export function RowGrid<Row extends { readonly id: string }>(props: RowGridProps<Row>) {
  const { label, columns, head, rows, total = rows.length, selected, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const ids = rows.map(({ id }) => id);
  const isWhole = rows.length <= ALL_IN_PAGE;
  const roving = useRovingRows(ids, selected, {
    onKey(id, event) {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        onSelect(id);
        return;
      }
      const row = rows.find((each) => each.id === id);
      if (row !== undefined) props.onKey?.(row, event);
    },
    reveal: (index) => virtualizer.scrollToIndex(index),
  });
  const focused = roving.entry === undefined ? -1 : ids.indexOf(roving.entry);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    rangeExtractor: ({ startIndex, endIndex, count }) =>
      isWhole
        ? Array.from({ length: count }, (_, i) => i)
        : shownRows(startIndex - OVERSCAN, endIndex + OVERSCAN, count, focused),
    onChange(instance) {
      const last = instance.range?.endIndex ?? 0;
      if (last >= rows.length - OVERSCAN) props.onEnd?.();
    },
  });
  const shown = virtualizer.getVirtualItems();
  let end = 0;
  return (
    <div ref={scroller} className="h-full overflow-auto">
      <Table
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        className="min-w-[42rem] table-fixed"
      >
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        {head}
        <tbody>
          {shown.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const gap = start - end;
            end = start + ROW_HEIGHT;
            return (
              <Fragment key={row.id}>
                {gap > 0 && <Gap height={gap} />}
                <TableRow
                  {...roving.row(row.id)}
                  data-row={row.id}
                  aria-rowindex={index + 2}
                  aria-selected={row.id === selected}
                  onClick={() => onSelect(row.id)}
                  onPointerEnter={() => props.onPoint?.(row.id)}
                  onPointerLeave={() => props.onPoint?.(null)}
                >
                  {props.cells(row)}
                </TableRow>
              </Fragment>
            );
          })}
          {rows.length * ROW_HEIGHT > end && <Gap height={rows.length * ROW_HEIGHT - end} />}
        </tbody>
      </Table>
      {props.children}
    </div>
  );
}

/** The rows in sight, and the focused one wherever it is. */
function shownRows(first: number, last: number, count: number, focused: number): number[] {
  const from = Math.max(0, first);
  const to = Math.min(count - 1, last);
  const inSight = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  if (focused < 0 || (focused >= from && focused <= to)) return inSight;
  return focused < from ? [focused, ...inSight] : [...inSight, focused];
}

/** Room of rows that are not in the page. */
function Gap({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td />
    </tr>
  );
}
