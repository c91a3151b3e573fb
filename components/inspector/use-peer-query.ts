'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { PEER_FILTERS, type PeerColumn, type PeerOrder, type PeerQuery } from './peer-rows.ts';

/** A workload on its own page, or beside the map. */
export type Place = 'page' | 'panel';

const ORDERS = ['peer', '-peer', 'ports', '-ports'] as const;

const PARAMETERS = {
  show: parseAsStringLiteral(PEER_FILTERS).withDefault('all'),
  peer: parseAsString.withDefault(''),
  by: parseAsStringLiteral(ORDERS),
};

function readOrder(by: (typeof ORDERS)[number] | null): PeerOrder | null {
  if (by === null) return null;
  const column: PeerColumn = by.endsWith('peer') ? 'peer' : 'ports';
  return { column, descending: by.startsWith('-') };
}

const EVERYTHING: PeerQuery = { filter: 'all', words: '', order: null };

/**
 * Which peers are shown, and how to show others. On a page it stands in the URL; beside the map,
 * whose own filters do, it would only follow from one selection to the next.
 */
export function usePeerQuery(
  place: Place,
): readonly [PeerQuery, (change: Partial<PeerQuery>) => void] {
  const [own, setOwn] = useState(EVERYTHING);
  const [{ show, peer, by }, setShared] = useQueryStates(PARAMETERS);
  if (place === 'panel') return [own, (change) => setOwn({ ...own, ...change })];
  const shared = { filter: show, words: peer, order: readOrder(by) };
  return [
    shared,
    (change) => {
      const { filter, words, order } = { ...shared, ...change };
      const sign = order?.descending === true ? '-' : '';
      void setShared({
        show: filter,
        peer: words,
        by: order === null ? null : `${sign}${order.column}`,
      });
    },
  ];
}
