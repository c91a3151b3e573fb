'use client';

import { useState } from 'react';
import {
  askForEndpoint,
  askForObject,
  explainPath,
} from '#components/explanation/endpoint-question.ts';
import { countText, numberText } from '#components/status/count-text.ts';
import { useLate } from '#components/table/use-late.ts';
import { Button } from '#components/ui/button.tsx';
import {
  SortHeader,
  type SortOrder,
  Table,
  TableHead,
  TableHeader,
} from '#components/ui/table.tsx';
import type { PeerLine, WorkloadSideView, WorkloadView } from '#lib/view/workload-view.ts';
import { PeerFilters } from './peer-filters.tsx';
import { PeerRow } from './peer-row.tsx';
import { PEER_FILTERS, type PeerColumn, peerKey } from './peer-rows.ts';
import { useShownPeers } from './use-peer-pages.ts';
import { type Place, usePeerQuery } from './use-peer-query.ts';

/** Rows shown at first, and more with each asking: a browser draws thousands slowly. */
const PAGE = 100;

/** From this many rows on, a search field helps. */
const WORTH_FILTERING = 6;

/** Who may really connect, both sides considered; each row leads to its explanation. */
export function PeersTable({
  view,
  side,
  place,
}: {
  readonly view: WorkloadView;
  readonly side: WorkloadSideView;
  readonly place: Place;
}) {
  const { direction, peerCounts } = side;
  const [{ filter, words, order }, setQuery] = usePeerQuery(place);
  const [limit, setLimit] = useState(PAGE);
  const lateWords = useLate(words);

  const filters = PEER_FILTERS.filter(
    (each) => each === 'all' || (peerCounts[each] > 0 && peerCounts[each] < peerCounts.all),
  );
  // A filter whose rows are all gone must not hide the others.
  const inForce = filters.includes(filter) ? filter : 'all';
  const isWhole = side.nextPeers === null;
  const asked = { filter: inForce, words: isWhole ? words : lateWords, order };
  const { rows, counts, left, isReading, error, readMore } = useShownPeers(view, side, asked);

  const orderOf = (column: PeerColumn): SortOrder | null => {
    if (order?.column !== column) return null;
    return order.descending ? 'descending' : 'ascending';
  };
  const sortBy = (column: PeerColumn) =>
    setQuery({ order: { column, descending: orderOf(column) === 'ascending' } });
  const columns = [
    { id: 'peer', title: direction === 'ingress' ? 'Source' : 'Destination' },
    { id: 'ports', title: 'Ports' },
  ] as const;
  const more = rows.length > limit ? rows.length - limit : left;
  const showMore = () => {
    setLimit(limit + PAGE);
    if (rows.length <= limit + PAGE) readMore();
  };
  const self = askForObject(view.ref);
  const hrefOf = ({ peer }: PeerLine) => {
    const other = askForEndpoint(peer);
    const [from, to] = direction === 'ingress' ? [other, self] : [self, other];
    return explainPath(view.cluster, { from, to, port: null });
  };

  return (
    <div>
      {peerCounts.all >= WORTH_FILTERING && (
        <PeerFilters
          words={words}
          onWords={(typed) => setQuery({ words: typed })}
          filters={filters}
          filter={inForce}
          onFilter={(chosen) => setQuery({ filter: chosen })}
          counts={counts}
        />
      )}
      <Table>
        <caption className="sr-only">
          {direction === 'ingress' ? 'Who may connect' : 'Whom it may connect to'}
        </caption>
        <TableHead>
          <tr>
            {columns.map(({ id, title }) =>
              isWhole ? (
                <SortHeader key={id} order={orderOf(id)} onSort={() => sortBy(id)}>
                  {title}
                </SortHeader>
              ) : (
                <TableHeader key={id}>{title}</TableHeader>
              ),
            )}
            <TableHeader className="text-right">Verdict</TableHeader>
          </tr>
        </TableHead>
        <tbody>
          {rows.slice(0, limit).map((line) => (
            <PeerRow
              key={peerKey(line.peer)}
              line={line}
              href={hrefOf(line)}
              direction={direction}
              isOpen={side.isolation === 'open'}
            />
          ))}
        </tbody>
      </Table>
      <p role="status" className="px-4 py-2 text-faint text-xs">
        {rows.length === peerCounts.all
          ? countText(peerCounts.all, 'peer')
          : `${numberText(Math.min(rows.length, limit))} of ${countText(peerCounts.all, 'peer')}`}
        {error !== null && <span className="text-negative"> {error.message}</span>}
      </p>
      {more > 0 && (
        <div className="px-4 pb-3">
          <Button size="sm" onClick={showMore} disabled={isReading}>
            Show {Math.min(PAGE, more)} more
          </Button>
        </div>
      )}
    </div>
  );
}
