import type { QueryClient } from '@tanstack/react-query';
import { fetchView, type TaggedView } from './fetch-view.ts';

/** The address of a cluster's view, `path` being `graph?open=true` and the like. */
export function viewUrl(cluster: string, path: string): string {
  return `/api/clusters/${encodeURIComponent(cluster)}/${path}`;
}

/** Where the cache of answers keeps a view. */
export function viewKey(cluster: string, path: string) {
  return ['view', cluster, path] as const;
}

interface QueryContext {
  readonly client: QueryClient;
  readonly signal: AbortSignal;
}

/** A view as the cache of answers knows it: for who reads it, and for who only fetches it ahead. */
export function viewQuery<View extends { readonly revision: number }>(
  cluster: string,
  path: string,
) {
  const queryKey = viewKey(cluster, path);
  return {
    queryKey,
    queryFn: ({ client, signal }: QueryContext) =>
      fetchView(viewUrl(cluster, path), client.getQueryData<TaggedView<View>>(queryKey), signal),
    staleTime: Number.POSITIVE_INFINITY,
  };
}
