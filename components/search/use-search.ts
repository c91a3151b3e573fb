'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { fetchJson } from '#components/data/fetch-json.ts';
import { viewUrl } from '#components/data/view-query.ts';
import { DEFAULT_LIMIT, formatSearchQuery } from '#lib/view/query.ts';
import type { SearchHit, SearchView } from '#lib/view/search-view.ts';

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly total: number;
  /** Whether they answer what is typed now, and not what was typed before. */
  readonly isCurrent: boolean;
  readonly error: Error | null;
}

const NOTHING: readonly SearchHit[] = [];

/** Searches as one types; the answers before stay until the new ones are here. */
export function useSearch(cluster: string, asked: string): SearchAnswer {
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['search', cluster, asked],
    queryFn: ({ signal }) => {
      const query = formatSearchQuery({ query: asked, limit: DEFAULT_LIMIT });
      return fetchJson<SearchView>(viewUrl(cluster, `search?${query}`), { signal });
    },
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  if (asked === '') return { hits: NOTHING, total: 0, isCurrent: false, error: null };
  return {
    hits: data?.hits ?? NOTHING,
    total: data?.total ?? 0,
    isCurrent: error !== null || (data !== undefined && !isPlaceholderData),
    error,
  };
}
