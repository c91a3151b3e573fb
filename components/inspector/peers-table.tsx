'use client';

import { ArrowUpRight, Search } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import {
  askForEndpoint,
  askForObject,
  explainPath,
} from '#components/explanation/endpoint-question.ts';
import { causeClause, openPortWords } from '#components/explanation/reason-text.ts';
import { capitalized, counted, endpointName } from '#components/explanation/sentence.ts';
import { VerdictBadge } from '#components/explanation/verdict-sign.tsx';
import { Words } from '#components/explanation/words.tsx';
import { Button } from '#components/ui/button.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import {
  SortHeader,
  type SortOrder,
  Table,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from '#components/ui/table.tsx';
import type { PeerLine, WorkloadSideView, WorkloadView } from '#lib/view/workload-view.ts';
import {
  arrangePeers,
  countPeers,
  isLost,
  type PeerColumn,
  type PeerFilter,
  type PeerOrder,
  peerKey,
} from './peer-rows.ts';

/** Rows shown at first, and more with each asking: a browser draws thousands slowly. */
const PAGE = 100;

/** From this many rows on, a search field helps. */
const WORTH_FILTERING = 6;

const FILTER_WORDS: Record<PeerFilter, string> = {
  all: 'All',
  allowed: 'Allowed',
  unknown: 'Unknown',
  lost: 'Blocked there',
};

function PortsOf({ line, direction }: { readonly line: PeerLine; readonly direction: string }) {
  return (
    <div className="flex flex-col gap-0.5">
      {line.allowed !== 'none' && (
        <span className="font-mono text-xs">{openPortWords(line.allowed)}</span>
      )}
      {line.unknown !== 'none' && (
        <details className="text-caution text-xs">
          <summary className="w-fit rounded-sm">
            perhaps <span className="font-mono">{openPortWords(line.unknown)}</span>
          </summary>
          <ul className="mt-0.5 list-disc pl-4 text-muted">
            {line.causes.map((cause) => (
              <li key={JSON.stringify(cause)}>
                <Words of={capitalized(causeClause(cause))} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {isLost(line) && (
        <span className="text-negative text-xs">
          <span className="font-mono">{openPortWords(line.blockedByOtherSide)}</span> permitted
          here, blocked by its {direction === 'ingress' ? 'egress' : 'ingress'}
        </span>
      )}
    </div>
  );
}

function Peer({
  line,
  href,
  direction,
}: {
  readonly line: PeerLine;
  readonly href: string;
  readonly direction: string;
}) {
  const { peer, basis } = line;
  const name = endpointName(peer).text;
  return (
    <TableRow className="group">
      <TableCell className="max-w-56 py-1.5">
        <Link href={href} className="block truncate font-medium hover:underline" title={name}>
          {name}
          <ArrowUpRight
            aria-hidden
            className="ml-0.5 inline size-3.5 text-faint opacity-0 group-hover:opacity-100"
          />
          <span className="sr-only">: explain this connection</span>
        </Link>
        <span className="block truncate text-faint text-xs">
          {peer.kind === 'workload' && `${peer.ref.kind} · `}
          {peer.kind === 'addresses' && 'outside · '}
          {basis === 'rules' ? 'named by a rule' : 'open'}
        </span>
      </TableCell>
      <TableCell className="py-1.5">
        <PortsOf line={line} direction={direction} />
      </TableCell>
      <TableCell className="py-1.5 text-right">
        <VerdictBadge verdict={line.verdict} />
      </TableCell>
    </TableRow>
  );
}

/** Who may really connect, both sides considered; each row leads to its explanation. */
export function PeersTable({
  view,
  side,
}: {
  readonly view: WorkloadView;
  readonly side: WorkloadSideView;
}) {
  const { direction, peers } = side;
  const [filter, setFilter] = useState<PeerFilter>('all');
  const [words, setWords] = useState('');
  const [order, setOrder] = useState<PeerOrder | null>(null);
  const [limit, setLimit] = useState(PAGE);

  const counts = countPeers(peers);
  const filters = (['all', 'allowed', 'unknown', 'lost'] as const).filter(
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
    setOrder({ column, descending: orderOf(column) === 'ascending' });
  const self = askForObject(view.ref);
  const hrefOf = ({ peer }: PeerLine) => {
    const other = askForEndpoint(peer);
    const [from, to] = direction === 'ingress' ? [other, self] : [self, other];
    return explainPath(view.cluster, { from, to, port: null });
  };

  return (
    <div>
      {peers.length >= WORTH_FILTERING && (
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
              onChange={(event) => setWords(event.target.value)}
              className="h-8 w-full rounded-md border border-line-strong/70 bg-surface pr-2 pl-8 text-sm placeholder:text-faint"
            />
          </div>
          {filters.length > 1 && (
            <Segmented
              label="Show peers"
              value={inForce}
              onChange={setFilter}
              segments={filters.map((value) => ({
                value,
                label: `${FILTER_WORDS[value]} ${counts[value]}`,
              }))}
            />
          )}
        </div>
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
            <Peer key={peerKey(line.peer)} line={line} href={hrefOf(line)} direction={direction} />
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
