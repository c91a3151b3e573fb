import { compareText } from '#lib/model/object-ref.ts';

/** Pages of long tables. Nothing is remembered between them: a cursor says what the last row was. */

/** A row with what it is sorted and found by. */
export interface Keyed<Row> {
  readonly key: string;
  /** Greater ones first; equal ones by key. */
  readonly value: number;
  readonly row: () => Row;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly next: string | null;
}

/** `12 shop/web[Deployment]` */
function cursorOf({ key, value }: Pick<Keyed<unknown>, 'key' | 'value'>): string {
  return `${value} ${key}`;
}

/** What a cursor looks like; whether its row is still there does not matter. */
export const CURSOR = /^(\d{1,9}) (\S{1,600})$/;

function isAfter(row: Pick<Keyed<unknown>, 'key' | 'value'>, cursor: string): boolean {
  const [, written = '0', key = ''] = CURSOR.exec(cursor) ?? [];
  const value = Number(written);
  return row.value === value ? row.key > key : row.value < value;
}

/** Whether every word is in a text, in any case. */
export function wordsIn(words: string): (text: string) => boolean {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return () => true;
  return (text) => {
    const lower = text.toLowerCase();
    return wanted.every((word) => lower.includes(word));
  };
}

/** The rows behind a cursor, as many as are asked for. */
export function pageOf<Row>(
  rows: readonly Keyed<Row>[],
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Page<Row> {
  const sorted = rows.toSorted((a, b) => b.value - a.value || compareText(a.key, b.key));
  const start = after === null ? 0 : sorted.findIndex((row) => isAfter(row, after));
  const shown = start === -1 ? [] : sorted.slice(start, start + limit);
  const last = shown.at(-1);
  const isMore = start !== -1 && start + limit < sorted.length;
  return {
    rows: shown.map(({ row }) => row()),
    total: rows.length,
    next: isMore && last !== undefined ? cursorOf(last) : null,
  };
}
