'use client';

import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { causeClause } from '#components/explanation/reason-text.ts';
import { capitalized, endpointName } from '#components/explanation/sentence.ts';
import { VerdictBadge } from '#components/explanation/verdict-sign.tsx';
import { Words } from '#components/explanation/words.tsx';
import { TableCell, TableRow } from '#components/ui/table.tsx';
import type { EndpointView, PeerLine, WorkloadSideView } from '#lib/view/workload-view.ts';
import { isLost } from './peer-rows.ts';
import { PortWords } from './port-words.tsx';

type Direction = WorkloadSideView['direction'];

/** What is permitted on this side, and blocked on the other: short when other ports pass. */
function LostPorts({
  line,
  direction,
}: {
  readonly line: PeerLine;
  readonly direction: Direction;
}) {
  const where = `blocked by its ${direction === 'ingress' ? 'egress' : 'ingress'}`;
  if (line.allowed === 'none')
    return (
      <span>
        <PortWords ports={line.blockedByOtherSide} />
        <span className="block text-negative text-xs">permitted here, {where}</span>
      </span>
    );
  return (
    <details className="text-muted text-xs">
      <summary className="w-fit rounded-sm">more is permitted here, but {where}</summary>
      <PortWords ports={line.blockedByOtherSide} />
    </details>
  );
}

function PortsOf({ line, direction }: { readonly line: PeerLine; readonly direction: Direction }) {
  return (
    <div className="flex flex-col gap-0.5">
      {line.allowed !== 'none' && (
        <span>
          <PortWords ports={line.allowed} />
        </span>
      )}
      {line.unknown !== 'none' && (
        <details className="text-caution text-xs">
          <summary className="w-fit rounded-sm">
            perhaps <PortWords ports={line.unknown} />
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
      {isLost(line) && <LostPorts line={line} direction={direction} />}
    </div>
  );
}

function peerKind(peer: EndpointView): string {
  switch (peer.kind) {
    case 'workload':
    case 'pod':
      return peer.ref.kind;
    case 'node':
      return 'Node';
    case 'addresses':
      return 'outside the cluster';
  }
}

/** What the peer is, and why this side lets it. */
function peerDetails({ peer, basis }: PeerLine, isOpen: boolean): string {
  const kind = peerKind(peer);
  switch (basis) {
    case 'rules':
      return `${kind} · named by a rule`;
    case 'same-node':
      return `${kind} · only on the same node`;
    case 'open':
      return isOpen ? `${kind} · open` : kind;
  }
}

/** One peer, what passes between it and the workload, and the way to the explanation. */
export function PeerRow({
  line,
  href,
  direction,
  isOpen,
}: {
  readonly line: PeerLine;
  readonly href: string;
  readonly direction: Direction;
  /** This side lets everybody, so that being let says nothing about the peer. */
  readonly isOpen: boolean;
}) {
  const { peer } = line;
  const name = endpointName(peer).text;
  return (
    <TableRow className="group">
      <TableCell className="w-[42%] max-w-0 py-1.5">
        <Link href={href} className="block truncate font-medium hover:underline" title={name}>
          {name}
          <ArrowUpRight
            aria-hidden
            className="ml-0.5 inline size-3.5 text-faint opacity-0 group-hover:opacity-100"
          />
          <span className="sr-only">: explain this connection</span>
        </Link>
        <span className="block text-faint text-xs">{peerDetails(line, isOpen)}</span>
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
