'use client';

import { useQuery } from '@tanstack/react-query';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { fetchJson } from './fetch-json.ts';

export const CLUSTERS_KEY = ['clusters'] as const;

const NONE: readonly ClusterSummary[] = [];

/** Every connected cluster, the default one first; kept current by ClusterEvents. */
export function useClusters(): readonly ClusterSummary[] {
  const { data } = useQuery({
    queryKey: CLUSTERS_KEY,
    queryFn: ({ signal }) => fetchJson<readonly ClusterSummary[]>('/api/clusters', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? NONE;
}

/** Null until it was read, or when there is no such cluster. */
export function useClusterSummary(name: string): ClusterSummary | null {
  return useClusters().find((cluster) => cluster.name === name) ?? null;
}
