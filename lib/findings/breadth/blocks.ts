import type { PeerMatch } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { podCount, workloadsOf } from '#lib/findings/objects.ts';
import type { RulePlace } from '#lib/findings/policy-facts.ts';
import type { Service } from '#lib/model/cluster.ts';
import {
  type AddressRange,
  everyAddress,
  type Family,
  formatRange,
  type IpAddress,
  rangeContains,
} from '#lib/model/ip-address.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/** Blocks of addresses, as peers write them. */

export type AddressesMatch = Extract<PeerMatch, { kind: 'addresses' }>;

/** A peer of a rule that permits and that is a block of addresses. */
export interface BlockPlace extends RulePlace {
  readonly path: FieldPath;
  readonly match: AddressesMatch;
}

/** The blocks that a peer is one of, as far as it is nothing but blocks. */
export function blocksOf(match: PeerMatch): readonly AddressesMatch[] {
  if (match.kind === 'addresses') return [match];
  return match.kind === 'any-of' ? match.of.flatMap(blocksOf) : [];
}

/** Peers that stand for other objects: their blocks are what was found there, and nobody wrote them. */
const REFERENCE = /services|entities/i;

export function* blockPlaces(context: LintContext): Generator<BlockPlace> {
  for (const place of rulesThat('allow', context))
    for (const peer of place.rule.peers.filter(({ path }) => !REFERENCE.test(path.join())))
      for (const match of blocksOf(peer.match)) yield { ...place, path: peer.path, match };
}

export function isIn({ block, except }: AddressesMatch, address: IpAddress): boolean {
  return rangeContains(block, address) && !except.some((each) => rangeContains(each, address));
}

export function isWholeFamily({ family, first, last }: AddressRange): boolean {
  const all = everyAddress(family);
  return first === all.first && last === all.last;
}

export function isSingle({ first, last }: AddressRange): boolean {
  return first === last;
}

/** The number of bits that are fixed: 8 for a /8. */
export function prefixLength({ family, first, last }: AddressRange): number {
  return (family === 4 ? 32 : 128) - ((last - first + 1n).toString(2).length - 1);
}

/** Whether blocks of one family come, all together, to every address of it. */
export function coverFamily(blocks: readonly AddressRange[], family: Family): boolean {
  const sorted = blocks
    .filter((block) => block.family === family)
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  let next = 0n;
  for (const { first, last } of sorted) {
    if (first > next) return false;
    if (last >= next) next = last + 1n;
  }
  return next > everyAddress(family).last;
}

/** Whose addresses are in a block. */
export interface Held {
  /** Running pods with an address of their own. */
  readonly groups: readonly PodGroup[];
  readonly pods: number;
  readonly workloads: readonly ObjectRef[];
  /** Names of nodes. */
  readonly nodes: readonly string[];
  /** Services by their cluster addresses. */
  readonly services: readonly Service[];
}

function findHeld(match: AddressesMatch, { connectivity, snapshot }: LintContext): Held {
  const inBlock = (address: IpAddress) => isIn(match, address);
  // A group is in a block or out of it as a whole.
  const groups = connectivity.groups.filter(
    ({ hostNetwork, pods }) => !hostNetwork && pods[0].addresses.some(inBlock),
  );
  const pods = groups.flatMap((group) => [...group.pods]);
  return {
    groups,
    pods: podCount(pods),
    workloads: workloadsOf(pods),
    nodes: [...snapshot.nodes.values()]
      .filter(({ addresses }) => addresses.some(inBlock))
      .map(({ name }) => name),
    services: snapshot.services.filter(({ clusterAddresses }) => clusterAddresses.some(inBlock)),
  };
}

const known = new WeakMap<LintContext, Map<string, Held>>();

function keyOf({ block, except }: AddressesMatch): string {
  return [block, ...except].map(formatRange).join('!');
}

/** Whose addresses are in the block. Linear in groups, nodes and Services, once for each block that is written. */
export function heldBy(match: AddressesMatch, context: LintContext): Held {
  const blocks = known.get(context) ?? new Map<string, Held>();
  known.set(context, blocks);
  const key = keyOf(match);
  const held = blocks.get(key) ?? findHeld(match, context);
  blocks.set(key, held);
  return held;
}
