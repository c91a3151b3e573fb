'use client';

import { useState } from 'react';
import {
  askForEndpoint,
  askForObject,
  explainPath,
} from '#components/explanation/endpoint-question.ts';
import { counted } from '#components/explanation/sentence.ts';
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
import { arrangePeers, countPeers, PEER_FILTERS, type PeerColumn, peerKey } from './peer-rows.ts';
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
  const { direction, peers } = side;
  const [{ filter, words, order }, setQuery] = usePeerQuery(place);
  const [limit, setLimit] = useState(PAGE);

  const counts = countPeers(peers);
  const filters = PEER_FILTERS.filter(
    (each) => each === 'all' || (counts[each] > 0 && counts[each] < counts.all),
  );
  // A filter whose rows are all gone must not hide the others.
  const inForce = filters.includes(filter) ? filter : 'all';
  const rows = arrangePeers(peers, { filter: inForce, words, order });

  const orderOf = (column: PeerColumn): SortOrder | null => {
    if (order?.column !== column) return null;
    return order.descending ? 'descending' : 'ascending';
  };
  const sortBy = (column: PeerColumn) =>
    setQuery({ order: { column, descending: orderOf(column) === 'ascending' } });
  const self = askForObject(view.ref);
  const hrefOf = ({ peer }: PeerLine) => {
    const other = askForEndpoint(peer);
    const [from, to] = direction === 'ingress' ? [other, self] : [self, other];
    return explainPath(view.cluster, { from, to, port: null });
  };

  return (
    <div>
      {peers.length >= WORTH_FILTERING && (
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
            <SortHeader order={orderOf('peer')} onSort={() => sortBy('peer')}>
              {direction === 'ingress' ? 'Source' : 'Destination'}
            </SortHeader>
            <SortHeader order={orderOf('ports')} onSort={() => sortBy('ports')}>
              Ports
            </SortHeader>
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
        {rows.length === peers.length
          ? counted(peers.length, 'peer')
          : `${rows.length} of ${counted(peers.length, 'peer')}`}
      </p>
      {rows.length > limit && (
        <div className="px-4 pb-3">
          <Button size="sm" onClick={() => setLimit(limit + PAGE)}>
            Show {Math.min(PAGE, rows.length - limit)} more
          </Button>
        </div>
      )}
    </div>
  );
}
