import type { CompiledRule, LabelledMatch, PeerMatch, PodMatch } from './compiled-policy.ts';

/** What policies are made of in the end, for those who want all of it and not how it is put together. */

export function podLeaves(match: PodMatch): readonly LabelledMatch[] {
  switch (match.kind) {
    case 'labelled':
      return [match];
    case 'not':
      return podLeaves(match.of);
    case 'all-of':
    case 'any-of':
      return match.of.flatMap(podLeaves);
  }
}

export function peerLeaves(match: PeerMatch): readonly PeerMatch[] {
  const leaves: PeerMatch[] = [];
  pushLeaves(match, leaves);
  return leaves;
}

/** The matches of a rule on either end. */
export function ruleLeaves({ peers, own }: CompiledRule): readonly PeerMatch[] {
  const leaves: PeerMatch[] = [];
  for (const { match } of peers) pushLeaves(match, leaves);
  for (const { match } of own ?? []) pushLeaves(match, leaves);
  return leaves;
}

function pushLeaves(match: PeerMatch, leaves: PeerMatch[]): void {
  if (match.kind === 'not') pushLeaves(match.of, leaves);
  else if (match.kind === 'all-of' || match.kind === 'any-of')
    for (const each of match.of) pushLeaves(each, leaves);
  else leaves.push(match);
}

/** Whether the answer depends on which pod asks: its own node is another for each. */
export function dependsOnNode(match: PeerMatch): boolean {
  return peerLeaves(match).some((leaf) => leaf.kind === 'nodes' && leaf.locality !== undefined);
}

/** Whether a peer names somebody: neither everyone nor every pod of the cluster. */
export function namesSomebody(peer: PeerMatch): boolean {
  switch (peer.kind) {
    case 'anyone':
      return false;
    case 'pods': {
      if (peer.match.kind !== 'labelled') return true;
      const { namespaces, pods, serviceAccounts } = peer.match;
      const isEveryNamespace =
        namespaces.kind === 'anywhere' ||
        (namespaces.kind === 'labelled' && namespaces.selector.length === 0);
      return !(isEveryNamespace && pods.length === 0 && serviceAccounts === undefined);
    }
    default:
      return true;
  }
}

/** Whether a rule asks for ports by name, which are looked up at the destination (NP-38). */
export function asksForNames({ ports, exceptPorts = [] }: CompiledRule): boolean {
  return [...(ports === 'all' ? [] : ports), ...exceptPorts].some(
    ({ match }) => match.kind === 'named',
  );
}
