'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { fetchJson, type RequestFailed } from '#components/data/fetch-json.ts';
import { viewUrl } from '#components/data/view-query.ts';
import { formatPeersQuery } from '#lib/view/query.ts';
import type {
  PeerCounts,
  PeerLine,
  PeersView,
  WorkloadSideView,
  WorkloadView,
} from '#lib/view/workload-view.ts';
import { arrangePeers, countPeers, type PeerQuery } from './peer-rows.ts';
import { workloadPath } from './use-workload.ts';

/** Lines asked for with each step. */
const PAGE = 100;

/** The peers that are shown. */
export interface ShownPeers {
  readonly rows: readonly PeerLine[];
  /** How many each filter would leave. */
  readonly counts: PeerCounts;
  /** How many of those that the question is about are not among the rows yet. */
  readonly left: number;
  readonly isReading: boolean;
  readonly error: RequestFailed | null;
  readMore(): void;
}

/**
 * The peers of a workload in one direction that answer a question. Where the view has all of them
 * they are chosen here, in any order; else the server chooses, in its own, page by page.
 */
export function useShownPeers(
  view: WorkloadView,
  side: WorkloadSideView,
  { filter, words, order }: PeerQuery,
): ShownPeers {
  const isWhole = side.nextPeers === null;
  const { direction } = side;
  const path = `${workloadPath(view.ref)}/peers`;
  const first = formatPeersQuery({ direction, show: filter, words, limit: PAGE });
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery<
    PeersView,
    RequestFailed,
    { readonly pages: PeersView[] },
    (string | number)[],
    string
  >({
    queryKey: ['peers', view.cluster, path, first, view.revision],
    queryFn: ({ signal, pageParam }) => {
      const after = pageParam === '' ? null : pageParam;
      const query = formatPeersQuery({ direction, show: filter, words, after, limit: PAGE });
      return fetchJson<PeersView>(viewUrl(view.cluster, `${path}?${query}`), { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    enabled: !isWhole,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: (failures, { status }) => failures < 3 && (status === 0 || status >= 500),
  });
  if (isWhole) {
    const rows = arrangePeers(side.peers, { filter, words, order });
    const counts = countPeers(side.peers);
    return { rows, counts, left: 0, isReading: false, error: null, readMore: () => {} };
  }
  const pages = data?.pages ?? [];
  const rows = pages.length === 0 ? side.peers : pages.flatMap(({ peers }) => peers);
  const counts = pages[0]?.counts ?? side.peerCounts;
  return {
    rows,
    counts,
    left: Math.max(0, counts[filter] - rows.length),
    isReading: isFetching,
    error,
    readMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
  };
}
