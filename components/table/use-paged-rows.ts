'use client';

import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { fetchJson, type RequestFailed } from '#components/data/fetch-json.ts';
import { useClusterSummary } from '#components/data/use-clusters.ts';
import { viewUrl } from '#components/data/view-query.ts';

/** A table of the server, as far as it was read. */

interface Page<Row> {
  readonly revision: number;
  readonly rows: readonly Row[];
  readonly total: number;
  readonly next: string | null;
}

export interface PagedRows<Row> {
  readonly rows: readonly Row[];
  /** How many there are in all; null before the first page. */
  readonly total: number | null;
  /** What is shown answers an older question, or the next page is on its way. */
  readonly isReading: boolean;
  /** The cluster has changed since it was read. */
  readonly isOld: boolean;
  readonly error: RequestFailed | null;
  readMore(): void;
  readAgain(): void;
}

/** Up to so many pages are read again by themselves when the cluster changes. */
const READ_AGAIN = 2;
const READ_AGAIN_MS = 3000;

/** Rows of `path`, page by page; `format` writes the question with the cursor of a page. */
export function usePagedRows<Row>(
  cluster: string,
  path: string,
  format: (after: string | null) => string,
): PagedRows<Row> {
  const revision = useClusterSummary(cluster)?.revision ?? 0;
  const queries = useQueryClient();
  const queryKey = ['pages', cluster, path, format(null)];
  const { data, error, isFetching, isPlaceholderData, hasNextPage, fetchNextPage } =
    useInfiniteQuery<Page<Row>, RequestFailed, { readonly pages: Page<Row>[] }, string[], string>({
      queryKey,
      queryFn: ({ signal, pageParam }) => {
        const query = format(pageParam === '' ? null : pageParam);
        return fetchJson<Page<Row>>(viewUrl(cluster, `${path}?${query}`), { signal });
      },
      initialPageParam: '',
      getNextPageParam: ({ next }) => next,
      enabled: revision > 0,
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: keepPreviousData,
      retry: (failures, { status }) => failures < 3 && (status === 0 || status >= 500),
    });
  const pages = data?.pages ?? [];
  const isOld = pages.length > 0 && !isFetching && pages[0]?.revision !== revision;
  const key = queryKey.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is made of its parts
  const readAgain = useCallback(() => void queries.resetQueries({ queryKey }), [queries, key]);
  const isShort = pages.length <= READ_AGAIN;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is made of its parts
  useEffect(() => {
    if (!isOld || !isShort) return;
    const timer = setTimeout(() => void queries.invalidateQueries({ queryKey }), READ_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isOld, isShort, queries, key]);
  return {
    rows: pages.flatMap(({ rows }) => rows),
    total: pages[0]?.total ?? null,
    isReading: isFetching || isPlaceholderData,
    isOld: isOld && !isShort,
    error,
    readMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
    readAgain,
  };
}
