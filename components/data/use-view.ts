'use client';

import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { fetchJson, type RequestFailed } from './fetch-json.ts';
import { useClusterSummary } from './use-clusters.ts';

/** However fast a cluster changes, a view is read again at most this often. */
const REFRESH_MS = 1000;

export interface ViewOptions {
  /** Show the view asked for before until the new one is here. */
  readonly keepPrevious?: boolean;
  readonly enabled?: boolean;
}

/** The address of a cluster's view, `path` being `graph?open=true` and the like. */
export function viewUrl(cluster: string, path: string): string {
  return `/api/clusters/${encodeURIComponent(cluster)}/${path}`;
}

/** A view as the cache of answers knows it: for who reads it, and for who only fetches it ahead. */
export function viewQuery<View>(cluster: string, path: string) {
  return {
    queryKey: ['view', cluster, path] as const,
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      fetchJson<View>(viewUrl(cluster, path), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  };
}

/**
 * Reads a view of a cluster and reads it again when the cluster's revision is another than the one
 * shown. Comparing revisions, and not counting events, means that a change which arrives while a
 * view is being read is never missed.
 */
export function useView<View extends { readonly revision: number }>(
  cluster: string,
  path: string,
  { keepPrevious = false, enabled = true }: ViewOptions = {},
): UseQueryResult<View, RequestFailed> {
  const revision = useClusterSummary(cluster)?.revision;
  // Before its first revision a cluster answers nothing; its summary tells why.
  const ready = revision !== undefined && revision > 0;
  const query = useQuery<View, RequestFailed>({
    ...viewQuery<View>(cluster, path),
    enabled: enabled && ready,
    retry: (failures, error) => failures < 3 && (error.status === 0 || error.status >= 500),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });

  const { data, isFetching, isError, isPlaceholderData, refetch } = query;
  const { dataUpdatedAt, errorUpdatedAt } = query;
  // An attempt that failed is made again when the cluster has changed, and not before.
  const attempted = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (isFetching) attempted.current = revision;
  }, [isFetching, revision]);
  const shown = isError ? attempted.current : isPlaceholderData ? undefined : data?.revision;
  const outdated = ready && shown !== undefined && shown !== revision;
  useEffect(() => {
    if (!outdated || isFetching) return;
    const last = Math.max(dataUpdatedAt, errorUpdatedAt);
    const timer = setTimeout(() => void refetch(), Math.max(0, last + REFRESH_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [outdated, isFetching, dataUpdatedAt, errorUpdatedAt, refetch]);

  return query;
}
