'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { fetchJson } from '#components/data/fetch-json.ts';
import { viewUrl } from '#components/data/view-query.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import { formatSearchQuery } from '#lib/view/query.ts';
import type { SearchHit, SearchView } from '#lib/view/search-view.ts';
import { askForObject } from './endpoint-question.ts';

export interface Suggestion {
  readonly kind: 'workload' | 'pod' | 'service' | 'node';
  readonly ref: ObjectRef;
  /** What to write in the field. */
  readonly text: string;
}

const SHOWN = 8;
/** Namespaces and policies are found too, but are no ends of a connection. */
const ASKED = 40;

function suggestion({ kind, ref }: SearchHit): readonly Suggestion[] {
  switch (kind) {
    case 'workload':
    case 'pod':
    case 'service':
    case 'node':
      return [{ kind, ref, text: askForObject(ref) }];
    case 'namespace':
    case 'policy':
      return [];
  }
}

async function search(
  cluster: string,
  query: string,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const asked = formatSearchQuery({ query, limit: ASKED });
  const { hits } = await fetchJson<SearchView>(viewUrl(cluster, `search?${asked}`), { signal });
  return hits.flatMap(suggestion).slice(0, SHOWN);
}

const NONE: readonly Suggestion[] = [];

/** `shop/deployment/web` is searched by its namespace and name; its kind is a word like others. */
function searchWords(typed: string): string {
  return typed.trim().replaceAll('/', ' ');
}

/** What a person who typed this may mean, best first. */
export function useSuggestions(
  cluster: string,
  typed: string,
  enabled: boolean,
): readonly Suggestion[] {
  const query = useDeferredValue(searchWords(typed));
  const { data } = useQuery({
    queryKey: ['suggestions', cluster, query],
    queryFn: ({ signal }) => search(cluster, query, signal),
    enabled,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
  return (enabled ? data : undefined) ?? NONE;
}

/** Ever looser searches for a name that was not found: its beginning, then its namespace. */
function looserSearches(typed: string): readonly string[] {
  const steps = typed.split('/').filter(Boolean);
  const name = steps.at(-1) ?? '';
  const beginnings = [1, 0.75, 0.5].map((share) => name.slice(0, Math.ceil(name.length * share)));
  const namespace = steps.length > 1 ? steps.slice(0, 1) : [];
  return [...new Set([...beginnings, ...namespace])].filter((query) => query.length > 1);
}

/** What is most like a name that is not there; empty when nothing is, or while it is looked for. */
export function useSimilar(cluster: string, typed: string): readonly Suggestion[] {
  const { data } = useQuery({
    queryKey: ['similar', cluster, typed],
    queryFn: async ({ signal }) => {
      for (const query of looserSearches(typed)) {
        const found = await search(cluster, query, signal);
        if (found.length > 0) return found;
      }
      return NONE;
    },
    staleTime: 10_000,
  });
  return data ?? NONE;
}
