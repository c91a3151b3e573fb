import {
  type AddressRange,
  type Family,
  type IpAddress,
  rangeContains,
  rangeCovers,
} from '#lib/model/ip-address.ts';
import { selects } from '#lib/model/selector.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CniFlag, CniFlags } from './cni-profile.ts';
import type { PeerMatch, SubjectMatch } from './compiled-policy.ts';
import { type Endpoint, onSameNode } from './endpoint.ts';
import type { Match } from './explanation.ts';
import { labelledGroup, matchPods } from './pod-match.ts';
import { bothMatch, type Doubtful, everyMatch, notMatch, someMatch } from './three-values.ts';

/** Tests one peer of a rule against one endpoint, in three values. */

export type PeerCause =
  | { readonly kind: 'cni-flag'; readonly flag: CniFlag }
  | { readonly kind: 'namespace-labels' | 'nodes' | 'node-of-pod' | 'address-family' }
  | { readonly kind: 'not-understood'; readonly message: string }
  | { readonly kind: 'domain-names'; readonly names: readonly string[] };

export type PeerResult = Doubtful<PeerCause>;

/** What peers are tested against beside the endpoint. */
export type Surroundings = Pick<ClusterSnapshot, 'profile' | 'nodes'>;

const YES: PeerResult = { match: 'yes', cause: null };
const NO: PeerResult = { match: 'no', cause: null };

function doubt(cause: PeerCause): PeerResult {
  return { match: 'unknown', cause };
}

function ifFlag(flags: CniFlags, flag: CniFlag): PeerResult {
  const value = flags[flag];
  return value === 'unknown' ? doubt({ kind: 'cni-flag', flag }) : value === 'yes' ? YES : NO;
}

function blockHas(
  block: AddressRange,
  except: readonly AddressRange[],
  part: AddressRange | IpAddress,
): boolean {
  const inside = (range: AddressRange) =>
    'value' in part ? rangeContains(range, part) : rangeCovers(range, part);
  return inside(block) && !except.some(inside);
}

function matchAddresses(
  { block, except, owners }: Extract<PeerMatch, { kind: 'addresses' }>,
  endpoint: Endpoint,
  flags: CniFlags,
  asked: Family | null,
): PeerResult {
  const inBlock = (part: AddressRange | IpAddress) => blockHas(block, except, part);
  const owned = (flag: CniFlag) => (owners === 'anybody' ? YES : ifFlag(flags, flag));
  switch (endpoint.kind) {
    case 'addresses':
      return inBlock(endpoint.range) ? YES : NO;
    case 'node':
      return inBlock(endpoint.address) ? owned('ipBlockMatchesNodes') : NO;
    case 'pods': {
      const inside = podsInBlock(endpoint.pods[0].addresses, inBlock, asked);
      if (inside === 'unknown') return doubt({ kind: 'address-family' });
      return inside === 'yes'
        ? owned(endpoint.hostNetwork ? 'ipBlockMatchesNodes' : 'ipBlockMatchesPods')
        : NO;
    }
  }
}

/** Nodes by their labels, and where only some are meant, by their names. */
type NodesMatch = Pick<Extract<SubjectMatch, { kind: 'nodes' }>, 'selector' | 'names'>;

/** GEN-20: which of its addresses a pod is met at is known with the family of the connection. */
function podsInBlock(
  addresses: readonly IpAddress[],
  inBlock: (address: IpAddress) => boolean,
  asked: Family | null,
): Match {
  const met = asked === null ? addresses : addresses.filter(({ family }) => family === asked);
  if (!met.some(inBlock)) return 'no';
  return met.every(inBlock) ? 'yes' : 'unknown';
}

/** Which node a pod runs on, and with which labels, may not be known. */
function matchNode(
  { selector, names }: NodesMatch,
  name: string | null,
  { nodes }: Surroundings,
): PeerResult {
  if (names !== undefined && name !== null && !names.includes(name)) return NO;
  if (names !== undefined && name === null) return doubt({ kind: 'nodes' });
  if (selector.length === 0) return YES;
  const node = name === null ? undefined : nodes.get(name);
  if (node === undefined) return doubt({ kind: 'nodes' });
  return selects(selector, node.labels) ? YES : NO;
}

/** Whether a node, or what shares its network, is among those that are meant (CNP-20). */
export function matchHost(
  match: NodesMatch,
  endpoint: Endpoint,
  surroundings: Surroundings,
): PeerResult {
  if (endpoint.kind === 'node') return matchNode(match, endpoint.node, surroundings);
  return endpoint.kind === 'pods' && endpoint.hostNetwork
    ? matchNode(match, endpoint.pods[0].node, surroundings)
    : NO;
}

function matchNodes(
  { selector, locality }: Extract<PeerMatch, { kind: 'nodes' }>,
  endpoint: Endpoint,
  surroundings: Surroundings,
  own: Endpoint | null,
): PeerResult {
  const byLabels = matchHost({ selector }, endpoint, surroundings);
  if (byLabels.match === 'no' || locality === undefined) return byLabels;
  const same = own === null ? 'unknown' : onSameNode(own, endpoint);
  const byPlace: PeerResult =
    same === 'unknown' ? doubt({ kind: 'node-of-pod' }) : same === 'yes' ? YES : NO;
  const local = locality === 'local' ? byPlace : notMatch(byPlace);
  const match = bothMatch(byLabels.match, local.match);
  return { match, cause: match === 'unknown' ? (byLabels.cause ?? local.cause) : null };
}

/**
 * NP-22 … NP-36, CNP-17 … CNP-20. A range of addresses must lie wholly inside or outside of every
 * block, as an AddressGroup does. `own` is the policy's pod, whose node some peers ask for; null
 * when any pod is meant. `family` is that of the connection, null when it does not matter or is not
 * known. References to other objects must have been linked.
 */
export function matchPeer(
  match: PeerMatch,
  endpoint: Endpoint,
  surroundings: Surroundings,
  own: Endpoint | null,
  family: Family | null = null,
): PeerResult {
  switch (match.kind) {
    case 'anyone':
      return YES;
    case 'pods': {
      // hostNetwork pods, nodes and addresses are never matched by selectors (GEN-13, NP-26).
      if (endpoint.kind !== 'pods' || endpoint.hostNetwork) return NO;
      const { match: result } = matchPods(match.match, labelledGroup(endpoint));
      return result === 'unknown'
        ? doubt({ kind: 'namespace-labels' })
        : result === 'yes'
          ? YES
          : NO;
    }
    case 'addresses':
      return matchAddresses(match, endpoint, surroundings.profile.flags, family);
    case 'outside':
      return endpoint.kind === 'addresses' &&
        (match.family === undefined || match.family === endpoint.range.family)
        ? YES
        : NO;
    case 'nodes':
      return matchNodes(match, endpoint, surroundings, own);
    case 'domain-names':
      return endpoint.kind === 'addresses' ? doubt(match) : NO;
    case 'all-of':
      return everyMatch(match.of, (each) => matchPeer(each, endpoint, surroundings, own, family));
    case 'any-of':
      return someMatch(match.of, (each) => matchPeer(each, endpoint, surroundings, own, family));
    case 'not':
      return notMatch(matchPeer(match.of, endpoint, surroundings, own, family));
    case 'not-understood':
      return doubt(match);
    case 'address-sets':
    case 'services':
    case 'api-server':
      throw new TypeError(`${match.kind} was not linked`);
  }
}
