import { endpointName } from '#components/explanation/sentence.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import type { EndpointView, PeerLine } from '#lib/view/workload-view.ts';

/** Which of the peers are shown, and in which order. */

/** lost: let through here, but blocked by the other side's policies. */
export const PEER_FILTERS = ['all', 'allowed', 'unknown', 'lost'] as const;
export type PeerFilter = (typeof PEER_FILTERS)[number];
export type PeerColumn = 'peer' | 'ports';

export interface PeerOrder {
  readonly column: PeerColumn;
  readonly descending: boolean;
}

export interface PeerQuery {
  readonly filter: PeerFilter;
  /** Every word has to be in the row; case does not matter. */
  readonly words: string;
  /** Null keeps the server's order. */
  readonly order: PeerOrder | null;
}

/** Unique among the peers of one workload. */
export function peerKey(peer: EndpointView): string {
  switch (peer.kind) {
    case 'workload':
    case 'pod':
      return refKey(peer.ref);
    case 'node':
    case 'addresses':
      return endpointName(peer).text;
  }
}

export function isLost(line: PeerLine): boolean {
  return line.blockedByOtherSide !== 'none';
}

function passes(line: PeerLine, filter: PeerFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'allowed':
      return line.verdict === 'allowed';
    case 'unknown':
      return line.unknown !== 'none';
    case 'lost':
      return isLost(line);
  }
}

/** The ports that matter in a row: what passes, else what perhaps does, else what is lost. */
function portsOf(line: PeerLine): string {
  return (
    [line.allowed, line.unknown, line.blockedByOtherSide].find((ports) => ports !== 'none') ?? ''
  );
}

function searchText(line: PeerLine): string {
  const ports = [line.allowed, line.unknown, line.blockedByOtherSide].join(' ');
  return `${peerKey(line.peer)} ${ports}`.toLowerCase();
}

const KEYS: Record<PeerColumn, (line: PeerLine) => string> = {
  peer: (line) => endpointName(line.peer).text,
  ports: portsOf,
};

/** How many rows each filter would leave. */
export function countPeers(peers: readonly PeerLine[]): Readonly<Record<PeerFilter, number>> {
  const count = (filter: PeerFilter) => peers.filter((line) => passes(line, filter)).length;
  return {
    all: peers.length,
    allowed: count('allowed'),
    unknown: count('unknown'),
    lost: count('lost'),
  };
}

export function arrangePeers(
  peers: readonly PeerLine[],
  { filter, words, order }: PeerQuery,
): readonly PeerLine[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = peers.filter((line) => {
    if (!passes(line, filter)) return false;
    const text = searchText(line);
    return wanted.every((word) => text.includes(word));
  });
  if (order === null) return shown;
  const key = KEYS[order.column];
  const sign = order.descending ? -1 : 1;
  return shown.toSorted((a, b) => sign * compareText(key(a), key(b)));
}
