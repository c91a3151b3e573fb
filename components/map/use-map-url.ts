'use client';

import {
  createParser,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs';
import { useMemo } from 'react';
import type { GraphQuery } from '#lib/view/graph-view.ts';

/** What of the map is in the URL: all of it. The names are those of the API where it has them. */

export const MAP_FORMS = ['graph', 'table', 'both'] as const;
export type MapForm = (typeof MAP_FORMS)[number];
/** What the picture draws, and what there is, drawn or not. */
export const TABLE_ROWS = ['nodes', 'edges', 'namespaces', 'workloads'] as const;
export type TableRows = (typeof TABLE_ROWS)[number];

/** `a,b`; empty for no namespace at all, which is another thing than none being asked for. */
const parseAsNames = createParser<string[]>({
  parse: (text) => (text === '' ? [] : text.split(',')),
  serialize: (names) => names.join(','),
  eq: (a, b) => a.length === b.length && a.every((name, i) => name === b[i]),
});

const PARAMETERS = {
  sel: parseAsString,
  /** Of the inspector, which reads and writes it; gone when it closes. */
  tab: parseAsString,
  q: parseAsString.withDefault(''),
  view: parseAsStringLiteral(MAP_FORMS).withDefault('graph'),
  expanded: parseAsNames,
  opened: parseAsNames,
  open: parseAsBoolean.withDefault(false),
  dns: parseAsBoolean.withDefault(false),
  rows: parseAsStringLiteral(TABLE_ROWS),
  sort: parseAsString,
  /** Narrows the table of all workloads to those that the picture draws as one. */
  bundle: parseAsString,
};

export interface MapUrl {
  readonly selected: string | null;
  readonly filter: string;
  readonly form: MapForm;
  readonly expanded: readonly string[] | null;
  /** Keys of bundles that are drawn one by one. */
  readonly opened: readonly string[];
  readonly showOpen: boolean;
  readonly showDns: boolean;
  /** Null lets the picture decide: where it draws only a part, everything. */
  readonly rows: TableRows | null;
  readonly sort: string | null;
  readonly bundle: string | null;
  select(id: string | null): void;
  setFilter(text: string): void;
  setForm(form: MapForm): void;
  setExpanded(namespaces: readonly string[] | null): void;
  setOpened(keys: readonly string[]): void;
  setShowOpen(show: boolean): void;
  setShowDns(show: boolean): void;
  setRows(rows: TableRows): void;
  /** Opens the table of all there is, or of a bundle's workloads. */
  openTable(rows: TableRows, bundle?: string): void;
  setSort(sort: string | null): void;
}

const NONE: readonly string[] = [];

/** Each step is one of the browser's back button, save typing in the filter. */
export function useMapUrl(): MapUrl {
  const [state, set] = useQueryStates(PARAMETERS, { history: 'push' });
  return useMemo(
    () => ({
      selected: state.sel,
      filter: state.q,
      form: state.view,
      expanded: state.expanded,
      opened: state.opened ?? NONE,
      showOpen: state.open,
      showDns: state.dns,
      rows: state.rows,
      sort: state.sort,
      bundle: state.bundle,
      select: (sel) => void set(sel === null ? { sel, tab: null } : { sel }),
      setFilter: (q) => void set({ q: q === '' ? null : q }, { history: 'replace' }),
      setForm: (view) => void set({ view }),
      setExpanded: (names) => void set({ expanded: names === null ? null : [...names] }),
      setOpened: (keys) => void set({ opened: keys.length === 0 ? null : [...keys] }),
      setShowOpen: (open) => void set({ open }),
      setShowDns: (dns) => void set({ dns }),
      setRows: (rows) => void set({ rows, sort: null, bundle: null }),
      openTable: (rows, bundle) =>
        void set({ view: 'table', rows, sort: null, q: null, sel: null, bundle: bundle ?? null }),
      setSort: (sort) => void set({ sort }),
    }),
    [state, set],
  );
}

/** What makes another picture; the selection only adds to the one there is. */
export type PictureQuery = Omit<GraphQuery, 'focus'>;

/** Where nothing is said about namespaces the size decides; on a narrow page they are all collapsed. */
export function pictureQuery(
  namespace: string | null,
  { expanded, opened, showOpen, showDns }: MapUrl,
  isNarrow: boolean,
): PictureQuery {
  const assumed = isNarrow ? [] : null;
  return { namespace, expanded: expanded ?? assumed, opened, showOpen, showDns };
}
