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
const TABLE_ROWS = ['nodes', 'edges'] as const;
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
  open: parseAsBoolean.withDefault(false),
  dns: parseAsBoolean.withDefault(false),
  rows: parseAsStringLiteral(TABLE_ROWS).withDefault('nodes'),
  sort: parseAsString,
};

export interface MapUrl {
  readonly selected: string | null;
  readonly filter: string;
  readonly form: MapForm;
  readonly expanded: readonly string[] | null;
  readonly showOpen: boolean;
  readonly showDns: boolean;
  readonly rows: TableRows;
  readonly sort: string | null;
  select(id: string | null): void;
  setFilter(text: string): void;
  setForm(form: MapForm): void;
  setExpanded(namespaces: readonly string[] | null): void;
  setShowOpen(show: boolean): void;
  setShowDns(show: boolean): void;
  setRows(rows: TableRows): void;
  setSort(sort: string | null): void;
}

/** Each step is one of the browser's back button, save typing in the filter. */
export function useMapUrl(): MapUrl {
  const [state, set] = useQueryStates(PARAMETERS, { history: 'push' });
  return useMemo(
    () => ({
      selected: state.sel,
      filter: state.q,
      form: state.view,
      expanded: state.expanded,
      showOpen: state.open,
      showDns: state.dns,
      rows: state.rows,
      sort: state.sort,
      select: (sel) => void set(sel === null ? { sel, tab: null } : { sel }),
      setFilter: (q) => void set({ q: q === '' ? null : q }, { history: 'replace' }),
      setForm: (view) => void set({ view }),
      setExpanded: (names) => void set({ expanded: names === null ? null : [...names] }),
      setShowOpen: (open) => void set({ open }),
      setShowDns: (dns) => void set({ dns }),
      setRows: (rows) => void set({ rows, sort: null }),
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
  { expanded, showOpen, showDns }: MapUrl,
  isNarrow: boolean,
): PictureQuery {
  const assumed = isNarrow ? [] : null;
  return { namespace, expanded: expanded ?? assumed, opened: [], showOpen, showDns };
}
