import { compareText } from '#lib/model/object-ref.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CompiledPolicy, CompiledRule, Direction, PeerMatch } from './compiled-policy.ts';
import type { Connectivity } from './connectivity.ts';
import type { AddressGroup, PodGroup } from './endpoint.ts';
import { dependsOnNode, namesSomebody } from './leaves.ts';
import { isClosed, type Side } from './side.ts';

/**
 * Finds other ends without trying every pair: those that rules of one of the sides name, which are
 * few where rules are narrow, and those that let everybody through, which are the same for all.
 */
export interface Counterparts {
  /**
   * The endpoints that may connect to (ingress) or be reached from (egress) this one: all with which
   * anything passes, and perhaps some more. Groups by namespace, then ranges.
   */
  of(direction: Direction, own: PodGroup | AddressGroup): readonly (PodGroup | AddressGroup)[];
  /**
   * The groups of pods of which a rule of this one's own side names the other, or a rule of theirs
   * names this one, rather than everybody; whether anything passes or not. In no order.
   */
  named(direction: Direction, own: PodGroup): ReadonlySet<PodGroup>;
}

const OPPOSITE = { ingress: 'egress', egress: 'ingress' } as const;

/** Those that rules let in: what denies or passes opens nothing by itself. */
function peersLetIn(side: Side): readonly PeerMatch[] {
  return side.policies.flatMap((policy) =>
    policy.rules[side.direction]
      .filter(({ action }) => action === 'allow')
      .flatMap((rule) => rule.peers.map((peer) => peer.match)),
  );
}

/** Whether a side may let pods through that no rule of it names. */
function mayLetAnybodyIn(snapshot: ClusterSnapshot, side: Side): boolean {
  return !isClosed(snapshot, side) || peersLetIn(side).some((peer) => !namesSomebody(peer));
}

/** By namespace, then as they stand there; ranges last, by address. */
function compareEndpoints(a: PodGroup | AddressGroup, b: PodGroup | AddressGroup): number {
  if (a.kind === 'pods' && b.kind === 'pods')
    return compareText(a.namespace.name, b.namespace.name) || a.position - b.position;
  if (a.kind === 'addresses' && b.kind === 'addresses')
    return a.range.family - b.range.family || (a.range.first < b.range.first ? -1 : 1);
  return a.kind === 'pods' ? -1 : 1;
}

export function createCounterparts(connectivity: Connectivity): Counterparts {
  const { snapshot, parts, peers, sources, destinations, lineage } = connectivity;
  const outside = { ingress: sources, egress: destinations };
  /** By direction: the groups whose side there may let anybody through. */
  const welcoming = new Map<Direction, readonly PodGroup[]>();
  const everywhere = new WeakMap<CompiledPolicy, readonly PodGroup[]>();
  const letting = new WeakMap<Side, boolean>();

  function letsAnybodyIn(side: Side): boolean {
    const known = letting.get(side);
    if (known !== undefined) return known;
    const lets = mayLetAnybodyIn(snapshot, side);
    letting.set(side, lets);
    return lets;
  }

  function welcomingGroups(direction: Direction): readonly PodGroup[] {
    const known = welcoming.get(direction);
    if (known !== undefined) return known;
    const found = connectivity.groups.filter(({ sides }) => letsAnybodyIn(sides[direction]));
    welcoming.set(direction, found);
    return found;
  }

  /** Groups that a policy selects, or may. */
  function subjectsOf(policy: CompiledPolicy): readonly PodGroup[] {
    const { namespace } = policy.ref;
    if (namespace !== null) return parts.get(namespace)?.selectedBy(policy) ?? [];
    const known = everywhere.get(policy);
    if (known !== undefined) return known;
    const found = [...parts.values()].flatMap((part) => part.selectedBy(policy));
    everywhere.set(policy, found);
    return found;
  }

  /** The groups whose rules of a direction name this one. */
  function* namedBy(direction: Direction, own: PodGroup): Generator<PodGroup> {
    const naming = lineage.directory.naming(own, direction, lineage.revision, snapshot);
    for (const policy of new Set([...naming].map((each) => each.policy)))
      for (const group of subjectsOf(policy))
        if (names(policy.rules[direction], own, group)) yield group;
  }

  /** Whether a rule names an endpoint, or may. */
  function names(rules: readonly CompiledRule[], other: PodGroup, own: PodGroup): boolean {
    return rules.some((rule) => isNamedBy(rule, other, own));
  }

  function isNamedBy(rule: CompiledRule, other: PodGroup, own: PodGroup): boolean {
    return rule.peers.some(
      ({ match }) => namesSomebody(match) && peers.match(match, other, own) !== 'no',
    );
  }

  /** The groups that rules of a group's own side name. */
  function* namedHere({ policies, direction }: Side, own: PodGroup): Generator<PodGroup> {
    const naming = policies
      .flatMap((policy) => policy.rules[direction].flatMap((rule) => rule.peers))
      .filter(({ match }) => namesSomebody(match));
    for (const { match } of naming)
      for (const group of peers.pods(match))
        if (!dependsOnNode(match) || peers.match(match, group, own) !== 'no') yield group;
  }

  function named(direction: Direction, own: PodGroup): ReadonlySet<PodGroup> {
    const found = new Set(namedHere(own.sides[direction], own));
    for (const group of namedBy(OPPOSITE[direction], own)) found.add(group);
    return found;
  }

  /** Those whose own rules let this one through, or that have none. */
  function lettingIn(
    direction: Direction,
    own: PodGroup | AddressGroup,
  ): Iterable<PodGroup | AddressGroup> {
    // The local node is let through whatever rules say (GEN-14), so a host may meet anybody.
    if (own.kind === 'pods' && own.hostNetwork)
      return [...connectivity.groups, ...outside[direction]];
    const opposite = OPPOSITE[direction];
    const found = new Set<PodGroup | AddressGroup>(welcomingGroups(opposite));
    if (own.kind === 'pods') {
      for (const group of namedBy(opposite, own)) found.add(group);
      for (const range of outside[direction]) found.add(range);
    } else
      for (const group of connectivity.groups)
        if (!found.has(group) && meets(group.sides[opposite], own, group)) found.add(group);
    return found;
  }

  /** Whether a side's rules let a range of addresses in. */
  function meets(side: Side, range: AddressGroup, own: PodGroup): boolean {
    return peersLetIn(side).some((peer) => peers.match(peer, range, own) !== 'no');
  }

  /** Whether own rules let the other through, or there are none. */
  function letsOut(direction: Direction, own: PodGroup | AddressGroup) {
    if (own.kind === 'addresses') return () => true;
    const side = own.sides[direction];
    if (!isClosed(snapshot, side)) return () => true;
    const letIn = peersLetIn(side);
    if (letIn.some(({ kind }) => kind === 'anyone')) return () => true;
    return (other: PodGroup | AddressGroup) =>
      (other.kind === 'pods' && other.hostNetwork) ||
      letIn.some((peer) => peers.match(peer, other, own) !== 'no');
  }

  return {
    of(direction, own) {
      return [...lettingIn(direction, own)].filter(letsOut(direction, own)).sort(compareEndpoints);
    },
    named,
  };
}
