import type { Direction } from '#lib/engine/compiled-policy.ts';
import { sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import {
  groupsOf,
  labelledPods,
  type PeerPlace,
  peersIn,
  subjectGroups,
} from '#lib/findings/policy-facts.ts';
import { isolatingPolicies, portsOfRule } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import { formatPorts, intersectPorts, isEmptyPorts, type PortSet } from '#lib/model/port-set.ts';

const OPPOSITE: Readonly<Record<Direction, Direction>> = { ingress: 'egress', egress: 'ingress' };

/** A pair that the rule permits, and that the other end blocks on every one of its ports. */
interface Blocked {
  readonly own: PodGroup;
  readonly other: PodGroup;
  readonly ports: PortSet;
}

function blockedPair(
  { rule, direction }: PeerPlace,
  own: PodGroup,
  other: PodGroup,
  { connectivity }: LintContext,
): Blocked | null {
  const { sure, atMost } = portsOfRule(connectivity, rule, direction, own, other);
  if (isEmptyPorts(sure)) return null;
  const beyond = sideBounds(connectivity, OPPOSITE[direction], other, own).atMost;
  return isEmptyPorts(intersectPorts(atMost, beyond)) ? { own, other, ports: atMost } : null;
}

/** Where administrators close nearly everything each peer would otherwise be tried on every pair of groups. */
const MOST_PAIRS = 2000;

/** The pairs that a peer stands for, as many as are tried. */
function* pairsOf(
  { facts, peer }: PeerPlace,
  { connectivity }: LintContext,
): Generator<readonly [PodGroup, PodGroup]> {
  const others = groupsOf(connectivity, peer.match) ?? [];
  let tried = 0;
  for (const own of subjectGroups(connectivity, facts.policy) ?? [])
    for (const other of others) {
      if (++tried > MOST_PAIRS) return;
      if (own !== other) yield [own, other];
    }
}

/** Those of the pairs that come to nothing. */
function blockedBeyond(place: PeerPlace, context: LintContext): readonly Blocked[] {
  const labels = labelledPods(place.peer.match);
  if (labels === null || place.rule.action !== 'allow') return [];
  const blocked: Blocked[] = [];
  for (const [own, other] of pairsOf(place, context)) {
    const pair = blockedPair(place, own, other, context);
    if (pair !== null) blocked.push(pair);
    // A peer of whole namespaces is an offer: that some do not take it up is no mistake.
    else if (labels.pods.length === 0) return [];
  }
  return blocked;
}

export const oneEndOnly: Check = {
  id: 'PIT-DIR-6',
  title: 'Opened at one end only',
  severity: 'error',
  group: 'direction',
  rules: ['GEN-2', 'NP-46'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A rule lets web connect to db, and web’s own egress is closed and has no rule for it. Both ends must permit a connection; half of it was forgotten.',
  evidence:
    'A rule permits connections with pods that a selector names, and the policies at the other end block every port of it for at least one of them. Where the peer means whole namespaces, only if all of their pods are blocked. Of many pairs the first 2,000 are tried.',
  fix: 'Add the counterpart at the other end, or remove the rule if the connection is not wanted.',
  *find(context) {
    for (const place of peersIn(policiesInForce(context))) {
      const blocked = blockedBeyond(place, context);
      const [first] = blocked;
      if (first === undefined) continue;
      const { facts, direction, peer } = place;
      const beyond = OPPOSITE[direction];
      const others = workloadsOf(blocked.flatMap(({ other }) => [...other.pods]));
      const owns = workloadsOf(blocked.flatMap(({ own }) => [...own.pods]));
      const side = first.other.sides[beyond];
      const closing = side === null ? [] : isolatingPolicies(side);
      const [from, to] = direction === 'ingress' ? [others, owns] : [owns, others];
      const names = closing.map(({ ref }) => named(ref));
      yield {
        object: facts.policy.ref,
        path: peer.path,
        message: `It permits ${listed(from.map(named))} to connect to ${listed(to.map(named))} on ${formatPorts(first.ports)}, and the ${beyond} of ${listed(others.map(named))} blocks it${names.length === 0 ? '' : ` (${listed(names)})`}.`,
        related: [...others, ...closing.map(({ ref }) => ref)],
      };
    }
  },
};
