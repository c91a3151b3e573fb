import type { CniFlags } from './cni-profile.ts';
import type { PeerMatch } from './compiled-policy.ts';
import type { Endpoint } from './endpoint.ts';
import type { Match } from './explanation.ts';
import { matchPeer } from './peer-match.ts';

const CODES: readonly (Match | null)[] = [null, 'no', 'unknown', 'yes'];

/** Which endpoints each peer matches, a byte each, filled as it is asked for. */
export interface PeerIndex {
  match(peer: PeerMatch, endpoint: Endpoint): Match;
}

/** `size`: how many indexed endpoints there are. */
export function createPeerIndex(flags: CniFlags, size: number): PeerIndex {
  const members = new Map<PeerMatch, Uint8Array>();
  return {
    match(peer, endpoint) {
      if (peer.kind === 'anyone') return 'yes';
      if (endpoint.kind === 'node') return matchPeer(peer, endpoint, flags).match;
      let row = members.get(peer);
      if (row === undefined) {
        row = new Uint8Array(size);
        members.set(peer, row);
      }
      const known = CODES[row[endpoint.index] ?? 0];
      if (known) return known;
      const { match } = matchPeer(peer, endpoint, flags);
      row[endpoint.index] = CODES.indexOf(match);
      return match;
    },
  };
}
