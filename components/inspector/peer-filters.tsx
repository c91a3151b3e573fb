'use client';

import { Search } from 'lucide-react';
import { numberText } from '#components/status/count-text.ts';
import { Segmented } from '#components/ui/segmented.tsx';
import type { PeerFilter } from './peer-rows.ts';

const FILTER_WORDS: Record<PeerFilter, string> = {
  all: 'All',
  allowed: 'Allowed',
  unknown: 'Unknown',
  lost: 'Blocked at peer',
};

/** What narrows a table of peers: words, and what happens to the connections. */
export function PeerFilters({
  words,
  onWords,
  filters,
  filter,
  onFilter,
  counts,
}: {
  readonly words: string;
  readonly onWords: (words: string) => void;
  /** Those worth offering. */
  readonly filters: readonly PeerFilter[];
  readonly filter: PeerFilter;
  readonly onFilter: (filter: PeerFilter) => void;
  readonly counts: Readonly<Record<PeerFilter, number>>;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
      <div className="relative min-w-36 flex-1">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint"
        />
        <input
          type="search"
          aria-label="Filter peers by name or port"
          placeholder="Filter by name or port"
          value={words}
          onChange={(event) => onWords(event.target.value)}
          className="h-8 w-full rounded-md border border-line-strong/70 bg-surface pr-2 pl-8 text-sm placeholder:text-faint"
        />
      </div>
      {filters.length > 1 && (
        <Segmented
          label="Show peers"
          value={filter}
          onChange={onFilter}
          segments={filters.map((value) => ({
            value,
            label: `${FILTER_WORDS[value]} ${numberText(counts[value])}`,
          }))}
        />
      )}
    </div>
  );
}
