import type { CompiledRule, Direction } from '#lib/engine/compiled-policy.ts';
import {
  type Connectivity,
  connectionBounds,
  sideAt,
  sideBounds,
} from '#lib/engine/connectivity.ts';
import { nodesOf, type PodGroup } from '#lib/engine/endpoint.ts';
import { looksAtRequests } from '#lib/engine/explain.ts';
import { asksForNames, namesSomebody } from '#lib/engine/leaves.ts';
import type { PeerIndex } from '#lib/engine/peer-index.ts';
import { NOTHING_PASSES, type PortBounds, uniteBounds } from '#lib/engine/rule-ports.ts';
import { isFree, type Side } from '#lib/engine/side.ts';
import { isEmptyPorts, portsKey } from '#lib/model/port-set.ts';
import type { Unit } from './units.ts';

/**
 * Pods of which no rule names the other treat each other as they treat everybody: such pairs are
 * counted by what each of the two does, and never one by one. So do pods and those on the network of
 * another node than theirs; on one node they meet whatever policies say (GEN-14), and are looked at.
 */

/** Whether what a unit does to others follows from what it does to everybody: not for hosts under policies of their own. */
export function mayBeStranger({ onHosts, groups }: Unit): boolean {
  return !onHosts || groups.every((group) => group.hostNetwork && isLeftAlone(group));
}

function isLeftAlone({ sides }: PodGroup): boolean {
  return isFree(sides.egress) && isFree(sides.ingress);
}

/** No node has such a name. */
const ELSEWHERE = '/elsewhere';

/** A host as pods of other nodes see it. Where its node is not known, that stays so. */
function asHost(group: PodGroup, node: string | null): PodGroup {
  return { ...group, hostNetwork: true, pods: [{ ...group.pods[0], hostNetwork: true, node }] };
}

/** Whether it is not known of some of its pods on which node they are. */
function isLost(group: PodGroup): boolean {
  return nodesOf(group).has(null);
}

function seenFromElsewhere(group: PodGroup): PodGroup {
  return group.hostNetwork ? asHost(group, isLost(group) ? null : ELSEWHERE) : group;
}

const strange = new WeakMap<Connectivity, Connectivity>();

/** The same cluster, as pods see it that no rule names. */
export function amongStrangers(connectivity: Connectivity): Connectivity {
  const known = strange.get(connectivity);
  if (known !== undefined) return known;
  const { peers } = connectivity;
  const index: PeerIndex = {
    ...peers,
    match: (peer, endpoint, own, family) =>
      namesSomebody(peer) ? 'no' : peers.match(peer, endpoint, own, family),
  };
  const changed: Connectivity = Object.create(connectivity, { peers: { value: index } });
  strange.set(connectivity, changed);
  return changed;
}

/** Whether what a rule for everybody permits depends on who the other end is. */
function looksAtEnds(rule: CompiledRule): boolean {
  return asksForNames(rule) && rule.peers.some(({ match }) => !namesSomebody(match));
}

function looksAtSomeRequests({ peers, qualifiers = [] }: CompiledRule): boolean {
  return qualifiers.length > 0 && peers.some(({ match }) => !namesSomebody(match));
}

const manners = new WeakMap<Side, string>();
let peculiar = 0;

/** A text that is equal for groups that treat strangers alike in a direction. */
function mannerOf(connectivity: Connectivity, direction: Direction, own: PodGroup): string {
  const side = sideAt(connectivity, own, direction);
  const known = manners.get(side) ?? makeManner(connectivity, side, own);
  manners.set(side, known);
  const manner = `${known}${own.hostNetwork ? ' host' : ''}${isLost(own) ? ' lost' : ''}`;
  if (direction === 'egress') return manner;
  // Rules of the source look names of ports up here (NP-38).
  const ports = own.pods[0].ports
    .filter(({ name }) => name !== null)
    .map(({ name, protocol, port, container }) => `${name} ${protocol} ${port} ${container}`);
  return `${manner} ${ports.sort()}`;
}

function makeManner(connectivity: Connectivity, side: Side, own: PodGroup): string {
  if (isFree(side)) return 'free';
  const { direction, policies } = side;
  const rules = policies.flatMap((policy) => policy.rules[direction]);
  if (rules.some(looksAtSomeRequests) || (direction === 'egress' && rules.some(looksAtEnds)))
    return `${peculiar++}`;
  const strangers = amongStrangers(connectivity);
  const here: PodGroup = { ...own, pods: [{ ...own.pods[0], node: '/here' }] };
  // Rules for all pods do not mean those on the network of nodes (GEN-13).
  return [here, asHost(own, ELSEWHERE)]
    .map((other) => sideBounds(strangers, direction, here, other))
    .map(({ sure, atMost }) => `${portsKey(sure)}|${portsKey(atMost)}`)
    .join(' hosts ');
}

/** Units that treat strangers alike. */
export interface Manner {
  readonly key: string;
  /** The groups of one of them. */
  readonly groups: readonly PodGroup[];
  /** No policy has a say here. */
  readonly isFree: boolean;
}

export interface Manners {
  readonly egress: Manner;
  readonly ingress: Manner;
}

const ofGroups = new WeakMap<PodGroup, Manners>();

/** How the pods of a group treat strangers. */
export function mannersOfGroup(connectivity: Connectivity, group: PodGroup): Manners {
  const known = ofGroups.get(group);
  if (known !== undefined) return known;
  const manner = (direction: Direction): Manner => ({
    key: mannerOf(connectivity, direction, group),
    groups: [seenFromElsewhere(group)],
    isFree: isFree(sideAt(connectivity, group, direction)),
  });
  const made = { egress: manner('egress'), ingress: manner('ingress') };
  ofGroups.set(group, made);
  return made;
}

const ofUnits = new WeakMap<Unit, Manners>();

/** How a unit treats strangers: towards them and from them. */
export function mannersOf(connectivity: Connectivity, unit: Unit): Manners {
  const known = ofUnits.get(unit);
  if (known !== undefined) return known;
  const manner = (direction: Direction): Manner => {
    const each = unit.groups.map((group) => mannersOfGroup(connectivity, group)[direction]);
    return {
      key: [...new Set(each.map(({ key }) => key))].sort().join(' & '),
      groups: unit.groups.map(seenFromElsewhere),
      isFree: each.every((own) => own.isFree),
    };
  };
  const made = { egress: manner('egress'), ingress: manner('ingress') };
  ofUnits.set(unit, made);
  return made;
}

/** What passes between two units that are strangers to each other. */
export interface BetweenStrangers {
  readonly bounds: PortBounds;
  readonly looksAtRequests: boolean;
}

type ByManner = Map<string, BetweenStrangers | null>;
const met = new WeakMap<Connectivity, Map<string, ByManner>>();

/** Null where nothing passes. */
export function betweenStrangers(
  connectivity: Connectivity,
  source: Manner,
  target: Manner,
): BetweenStrangers | null {
  const all = met.get(connectivity) ?? new Map<string, ByManner>();
  met.set(connectivity, all);
  const own = all.get(source.key) ?? new Map();
  all.set(source.key, own);
  let found = own.get(target.key);
  if (found === undefined) {
    found = meet(amongStrangers(connectivity), source, target);
    own.set(target.key, found);
  }
  return found;
}

function meet(connectivity: Connectivity, source: Manner, target: Manner): BetweenStrangers | null {
  let bounds = NOTHING_PASSES;
  let requests = false;
  for (const from of source.groups)
    for (const to of target.groups) {
      const passing = connectionBounds(connectivity, from, to);
      if (isEmptyPorts(passing.atMost)) continue;
      bounds = uniteBounds(bounds, passing);
      requests ||= looksAtRequests(connectivity, from, to);
    }
  return isEmptyPorts(bounds.atMost) ? null : { bounds, looksAtRequests: requests };
}
