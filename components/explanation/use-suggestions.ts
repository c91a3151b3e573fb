'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { fetchJson } from '#components/data/fetch-json.ts';
import { viewUrl } from '#components/data/use-view.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import { formatSearchQuery } from '#lib/view/query.ts';
import type { SearchHit, SearchView } from '#lib/view/search-view.ts';
import { askForObject } from './endpoint-question.ts';

export interface Suggestion {
  readonly kind: 'workload' | 'pod' | 'service';
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
      return [{ kind, ref, text: askForObject(ref) }];
    case 'namespace':
    case 'policy':
      return [];
  }
}

/** `deployment/shop/web` is searched by its namespace and name; its kind is a word like others. */
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
    queryFn: ({ signal }) =>
      fetchJson<SearchView>(
        viewUrl(cluster, `search?${formatSearchQuery({ query, limit: ASKED })}`),
        { signal },
      ),
    enabled,
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
  return enabled ? (data?.hits.flatMap(suggestion).slice(0, SHOWN) ?? []) : [];
}
