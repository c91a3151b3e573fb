import { compareText } from '#lib/model/object-ref.ts';
import { BASIS, type EdgeRow, type NodeRow } from './map-rows.ts';

/** A column as plain data: what is sorted by and what is exported; how it looks is in the table. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly value: (row: Row) => string | number;
  readonly isNumeric?: true;
  /** Of CSS; the columns without one share what is left. */
  readonly width?: string;
}

function isolation(row: NodeRow, direction: 'ingress' | 'egress'): string {
  return 'ingress' in row.node ? row.node[direction] : '';
}

export const NODE_COLUMNS: readonly Column<NodeRow>[] = [
  { id: 'name', title: 'Name', value: ({ name }) => name },
  { id: 'kind', title: 'Kind', value: ({ kind }) => kind, width: '7rem' },
  { id: 'pods', title: 'Pods', value: ({ pods }) => pods ?? '', isNumeric: true, width: '4rem' },
  { id: 'ingress', title: 'Ingress', value: (row) => isolation(row, 'ingress'), width: '6.25rem' },
  { id: 'egress', title: 'Egress', value: (row) => isolation(row, 'egress'), width: '6.25rem' },
  {
    id: 'in',
    title: 'In',
    value: ({ incoming }) => incoming ?? '',
    isNumeric: true,
    width: '3.5rem',
  },
  {
    id: 'out',
    title: 'Out',
    value: ({ outgoing }) => outgoing ?? '',
    isNumeric: true,
    width: '3.5rem',
  },
];

export const EDGE_COLUMNS: readonly Column<EdgeRow>[] = [
  { id: 'from', title: 'From', value: ({ from }) => from },
  { id: 'to', title: 'To', value: ({ to }) => to },
  { id: 'ports', title: 'Ports', value: ({ edge }) => edge.ports, width: '11rem' },
  { id: 'verdict', title: 'Verdict', value: ({ edge }) => edge.verdict, width: '6.5rem' },
  { id: 'basis', title: 'Because', value: ({ edge }) => BASIS[edge.basis], width: '8.5rem' },
  {
    id: 'pairs',
    title: 'Pairs',
    value: ({ edge }) => edge.connections,
    isNumeric: true,
    width: '5rem',
  },
];

/** `pods`, or `-pods` for the greatest first. */
export type SortKey = string;

/** Sorted by a column, and as they came among equals; an unknown key leaves them as they came. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  key: SortKey | null,
): readonly Row[] {
  const isDescending = key?.startsWith('-') === true;
  const column = columns.find(({ id }) => id === (isDescending ? key?.slice(1) : key));
  if (!column) return rows;
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compareValues(column.value(a), column.value(b)));
}

function compareValues(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(`${a}`, `${b}`);
}

/** The key that a click on a column's header leads to: ascending, descending, as they came. */
export function nextSort(column: string, key: SortKey | null): SortKey | null {
  if (key === column) return `-${column}`;
  return key === `-${column}` ? null : column;
}
