import type { Family } from '#lib/model/ip-address.ts';
import { type PortSet, portsKey } from '#lib/model/port-set.ts';
import { baseBounds } from './base-bounds.ts';
import type { Direction, PeerMatch } from './compiled-policy.ts';
import type { Connectivity } from './connectivity.ts';
import type { PodGroup } from './endpoint.ts';
import { asksForNames, dependsOnNode, namesSomebody } from './leaves.ts';
import { peerKey } from './peer-index.ts';
import { EVERYTHING_PASSES, type PortBounds } from './rule-ports.ts';
import { isFree, type Side } from './side.ts';
import { policyBounds } from './tier-bounds.ts';

/**
 * What each side lets through, as numbers: for pods that its rules name one by one, and for all the
 * others together. Groups of pods with the same policies and ports share a row.
 */

/** Groups of pods that answer alike in one direction. */
export interface Row {
  /** Places in the list of groups. */
  readonly groups: readonly number[];
  /** What passes to or from groups that are not in the row; a number of the numbering. */
  readonly base: number;
  /** The same for groups on their nodes' network, which rules for all pods do not mean (GEN-13). */
  readonly hostBase: number;
  /** Rules ask on which node its own pods run, so that those on hosts are in no row. */
  readonly node: boolean;
  /** Those that rules name, and what passes to or from each. */
  readonly named: readonly number[];
  readonly values: readonly number[];
}

/** Numbers for bounds: equal ones have one. */
export class BoundsNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<PortBounds, number>();
  readonly #bounds: PortBounds[] = [];

  of(bounds: PortBounds): number {
    const known = this.#known.get(bounds);
    if (known !== undefined) return known;
    const key = `${keyOf(bounds.sure)}|${keyOf(bounds.atMost)}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#bounds.length;
      this.#numbers.set(key, number);
      this.#bounds.push(bounds);
    }
    this.#known.set(bounds, number);
    return number;
  }

  boundsOf(number: number): PortBounds {
    const bounds = this.#bounds[number];
    if (bounds === undefined) throw new TypeError('bounds without a number');
    return bounds;
  }
}

const portKeys = new WeakMap<PortSet, string>();

function keyOf(ports: PortSet): string {
  const known = portKeys.get(ports);
  if (known !== undefined) return known;
  const key = portsKey(ports);
  portKeys.set(ports, key);
  return key;
}

/** What of a side makes its answers differ between groups that share it, or between those they meet. */
interface Traits {
  readonly naming: readonly PeerMatch[];
  /** Rules ask for ports by name: the destination decides (NP-38). */
  readonly named: boolean;
  /** Such rules are for everybody. */
  readonly namedForAll: boolean;
  /** Rules have conditions on their own pods (CAL-21). */
  readonly own: boolean;
  /** Rules ask on which node their own pod runs. */
  readonly node: boolean;
}

const traits = new WeakMap<Side, Traits>();

function traitsOf(side: Side): Traits {
  const known = traits.get(side);
  if (known !== undefined) return known;
  const rules = side.policies.flatMap((policy) => policy.rules[side.direction]);
  const naming = new Set<PeerMatch>();
  for (const { peers } of rules)
    for (const { match } of peers) if (namesSomebody(match)) naming.add(match);
  const found: Traits = {
    naming: [...naming],
    named: rules.some(asksForNames),
    namedForAll: rules.some(
      (rule) => asksForNames(rule) && rule.peers.some(({ match }) => !namesSomebody(match)),
    ),
    own: rules.some(({ own }) => own !== undefined),
    node: [...naming].some(dependsOnNode),
  };
  traits.set(side, found);
  return found;
}

function familiesKey({ pods }: PodGroup): string {
  const [only, ...others] = pods[0].addresses;
  if (only !== undefined && others.length === 0) return only.family === 4 ? '4' : '6';
  return [...new Set(pods[0].addresses.map(({ family }): Family => family))].sort().join('');
}

const portTexts = new WeakMap<readonly object[], string>();

function portsText({ pods }: PodGroup): string {
  const { ports } = pods[0];
  const known = portTexts.get(ports);
  if (known !== undefined) return known;
  const text = ports
    .filter(({ name }) => name !== null)
    .map(({ name, protocol, port, container }) => `${name} ${protocol} ${port} ${container}`)
    .sort()
    .join();
  portTexts.set(ports, text);
  return text;
}

/** Groups whose rows are one. */
function rowKey(side: Side, own: PodGroup, place: number): string {
  const { named, own: conditions, node } = traitsOf(side);
  if (conditions || node) return `${place}`;
  const ports = named && side.direction === 'ingress' ? portsText(own) : '';
  return `${familiesKey(own)} ${ports}`;
}

/** The groups of a cluster, and what tells them apart as other ends. Whatever the local node may do is left out (GEN-14). */
export class RowMaker {
  readonly #connectivity: Connectivity;
  readonly #groups: readonly PodGroup[];
  readonly #numbers: BoundsNumbers;
  readonly #places = new Map<PodGroup, number>();
  readonly #members = new Map<string, Members>();
  /** By place: equal for groups that differ in nothing but in which rules name them. */
  readonly #likeness: readonly number[];
  /** By place, while a row is made: which rules name it so far. 0 for none. */
  readonly #states: Int32Array;

  constructor(connectivity: Connectivity, groups: readonly PodGroup[], numbers: BoundsNumbers) {
    this.#connectivity = connectivity;
    this.#groups = groups;
    this.#numbers = numbers;
    const likenesses = new Map<string, number>();
    this.#likeness = groups.map((group, place) => {
      this.#places.set(group, place);
      const host = group.hostNetwork ? 'host' : '';
      const text = `${host} ${familiesKey(group)} ${portsText(group)}`;
      const known = likenesses.get(text) ?? likenesses.size;
      likenesses.set(text, known);
      return known;
    });
    this.#states = new Int32Array(groups.length);
  }

  /** One row after the other; together they have every group. */
  *rows(direction: Direction): Generator<Row> {
    const bySide = new Map<Side, Map<string, number[]>>();
    for (const [place, group] of this.#groups.entries()) {
      const side = group.sides[direction];
      const rows = bySide.get(side) ?? new Map<string, number[]>();
      bySide.set(side, rows);
      const key = rowKey(side, group, place);
      const own = rows.get(key);
      if (own === undefined) rows.set(key, [place]);
      else own.push(place);
    }
    for (const [side, rows] of bySide)
      for (const groups of rows.values()) {
        const own = this.#groups[groups[0] ?? -1];
        if (own !== undefined) yield { groups, ...this.#row(side, own) };
      }
  }

  #membersOf(peer: PeerMatch): Members {
    const key = peerKey(peer);
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    const places: number[] = [];
    const doubtful = new Set<number>();
    for (const group of this.#connectivity.peers.pods(peer)) {
      const place = this.#places.get(group);
      if (place === undefined) continue;
      places.push(place);
      // Selectors are in doubt only where labels of namespaces are.
      if (peer.kind === 'pods' && group.namespace.labelsKnown) continue;
      if (this.#connectivity.peers.match(peer, group, group) !== 'yes') doubtful.add(place);
    }
    const found = { places, doubtful };
    this.#members.set(key, found);
    return found;
  }

  #row(side: Side, own: PodGroup): Omit<Row, 'groups'> {
    const { direction } = side;
    const { naming, namedForAll, node } = traitsOf(side);
    const connectivity = this.#connectivity;
    const base = this.#numbers.of(baseBounds(connectivity, direction, own));
    const hostBase = this.#numbers.of(hostBounds(connectivity, side, own));
    const named: number[] = [];
    const states = this.#states;
    const next = new Map<number, number>();
    // A state is one way of being met: of one likeness, by the same rules in the same manner.
    let made = 0;
    const after = (key: number): number => {
      const known = next.get(key);
      if (known !== undefined) return known;
      next.set(key, ++made);
      return made;
    };
    const meet = (place: number): number => {
      const state = states[place] ?? 0;
      if (state !== 0) return state;
      named.push(place);
      // On nodes all may differ.
      return after(-1 - (node ? place : (this.#likeness[place] ?? 0)));
    };
    if (namedForAll && direction === 'egress')
      for (const place of this.#groups.keys()) states[place] = meet(place);
    const manners = 2 * naming.length;
    for (const [i, peer] of naming.entries()) {
      const { places, doubtful } = this.#membersOf(peer);
      const allSure = doubtful.size === 0;
      for (const place of places) {
        const manner = 2 * i + (allSure || !doubtful.has(place) ? 0 : 1);
        states[place] = after(meet(place) * manners + manner);
      }
    }
    const answers: number[] = [];
    const values = named.map((place) => {
      const state = states[place] ?? 0;
      states[place] = 0;
      const known = answers[state];
      if (known !== undefined) return known;
      const other = this.#groups[place] ?? own;
      const { snapshot, peers } = connectivity;
      const value = this.#numbers.of(policyBounds({ snapshot, peers, side, own, other }));
      answers[state] = value;
      return value;
    });
    return { base, hostBase, node, named, values };
  }
}

/** What a side lets through to or from hosts that no rule of it names. */
function hostBounds({ snapshot }: Connectivity, side: Side, own: PodGroup): PortBounds {
  if (isFree(side)) return EVERYTHING_PASSES;
  return policyBounds({
    snapshot,
    peers: { match: ({ kind }) => (kind === 'anyone' ? 'yes' : 'no') },
    side,
    own,
    other: own,
  });
}

/** Whom a peer matches, by place. */
interface Members {
  readonly places: readonly number[];
  /** Those of them of whom it is not sure. */
  readonly doubtful: ReadonlySet<number>;
}
