'use client';

import {
  keepPreviousData,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useFollowedTag } from './cluster-events.tsx';
import type { RequestFailed } from './fetch-json.ts';
import type { TaggedView } from './fetch-view.ts';
import { useClusterSummary } from './use-clusters.ts';
import { viewQuery } from './view-query.ts';

/** However fast a cluster changes, a view is read again at most this often. */
const REFRESH_MS = 1000;

export interface ViewOptions {
  /** Show the view asked for before until the new one is here. */
  readonly keepPrevious?: boolean;
  readonly enabled?: boolean;
  /** Have its changes told by the server; graphs only, and one at a time. */
  readonly follow?: boolean;
}

function viewOf<View>({ view }: TaggedView<View>): View {
  return view;
}

/**
 * Reads a view of a cluster and reads it again when the cluster's revision is another than the one
 * shown; the server then says whether it is still the same. Comparing revisions, and not counting
 * events, means that a change which arrives while a view is being read is never missed. A graph that
 * is followed is changed as the server tells, and read again only when its tag is not the one told.
 */
export function useView<View extends { readonly revision: number }>(
  cluster: string,
  path: string,
  { keepPrevious = false, enabled = true, follow = false }: ViewOptions = {},
): UseQueryResult<View, RequestFailed> {
  const queries = useQueryClient();
  const revision = useClusterSummary(cluster)?.revision;
  // Before its first revision a cluster answers nothing; its summary tells why.
  const ready = revision !== undefined && revision > 0;
  const asked = viewQuery<View>(cluster, path);
  const query = useQuery<TaggedView<View>, RequestFailed, View, typeof asked.queryKey>({
    ...asked,
    select: viewOf<View>,
    enabled: enabled && ready,
    retry: (failures, error) => failures < 3 && (error.status === 0 || error.status >= 500),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
  const newestTag = useFollowedTag(cluster, path, follow && enabled && ready);

  const { data, isFetching, isError, isPlaceholderData, refetch } = query;
  const { dataUpdatedAt, errorUpdatedAt } = query;
  // An attempt that failed is made again when the cluster has changed, and not before.
  const attempted = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (isFetching) attempted.current = revision;
  }, [isFetching, revision]);
  const shown = isError ? attempted.current : isPlaceholderData ? undefined : data?.revision;
  const shownTag = queries.getQueryData<TaggedView<View>>(asked.queryKey)?.tag;
  const isOther = newestTag === null || isError ? shown !== revision : shownTag !== newestTag;
  const outdated = ready && shown !== undefined && isOther;
  useEffect(() => {
    if (!outdated || isFetching) return;
    const last = Math.max(dataUpdatedAt, errorUpdatedAt);
    const timer = setTimeout(() => void refetch(), Math.max(0, last + REFRESH_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [outdated, isFetching, dataUpdatedAt, errorUpdatedAt, refetch]);

  return query;
}
