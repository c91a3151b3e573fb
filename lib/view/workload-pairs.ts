import type { Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, connectionBounds, sideAt } from '#lib/engine/connectivity.ts';
import { type Endpoint, nodesOf, type PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts, looksAtRequests } from '#lib/engine/explain.ts';
import { namesSomebody } from '#lib/engine/leaves.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { type PortBounds, uniteBounds, unsurePorts } from '#lib/engine/rule-ports.ts';
import {
  isEmptyPorts,
  type PortSet,
  portRange,
  subtractPorts,
  unitePorts,
} from '#lib/model/port-set.ts';

/** Connections between workloads, made from those between groups of pods. */

/** The pods of one workload in each of its groups: as endpoints, they know where they run. */
export function endpointsOf(workload: Workload): readonly PodGroup[] {
  if (workload.groups.length === 1 && workload.groups[0].pods.length === workload.pods.length)
    return workload.groups;
  const own = new Set(workload.pods);
  return workload.groups.flatMap((group) => {
    const [first, ...rest] = group.pods.filter((pod) => own.has(pod));
    return first === undefined ? [] : [{ ...group, pods: [first, ...rest] as const }];
  });
}

/** Whether a rule of this side names the other end, rather than everybody. */
export function isNamed(
  connectivity: Connectivity,
  direction: Direction,
  own: PodGroup,
  other: PodGroup,
): boolean {
  return sideAt(connectivity, own, direction).policies.some((policy) =>
    policy.rules[direction].some((rule) =>
      rule.peers.some(
        ({ match }) => namesSomebody(match) && connectivity.peers.match(match, other, own) !== 'no',
      ),
    ),
  );
}

/** rules: a rule of one side names the other end. open: both sides let everybody. */
export type Basis = 'rules' | 'open';

export interface Passage {
  /** Over all their pods: what some of them surely may, and at most may. */
  readonly bounds: PortBounds;
  readonly basis: Basis;
  /** Rules let some of it through on condition of the requests in it (CIL-40). */
  readonly looksAtRequests: boolean;
}

export interface WorkloadPair extends Passage {
  readonly source: Workload;
  readonly target: Workload;
}

/**
 * What passes between some of the pods when nothing is in doubt but the node, and all nodes are
 * known: those on the same node surely may, the others not. Null when that is not so. (Sameness is
 * in doubt only where the nodes meet.)
 */
export function settledByNode(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
  bounds: PortBounds,
): PortBounds | null {
  if (isEmptyPorts(unsurePorts(bounds))) return null;
  if (nodesOf(source).has(null) || nodesOf(destination).has(null)) return null;
  const causes = connectionDoubts(connectivity, source, destination);
  return causes.length > 0 && causes.every((cause) => cause.kind === 'node-of-pod')
    ? { sure: bounds.atMost, atMost: bounds.atMost }
    : null;
}

function boundsBetween(connectivity: Connectivity, from: PodGroup, to: PodGroup): PortBounds {
  const bounds = connectionBounds(connectivity, from, to);
  // Nodes leave nothing in doubt where neither end is on a node's network.
  if (!from.hostNetwork && !to.hostNetwork) return bounds;
  return settledByNode(connectivity, from, to, bounds) ?? bounds;
}

/** What some of the pods of one end may do with some of the other's; null when nothing passes. */
export function passageBetween(
  connectivity: Connectivity,
  sources: readonly PodGroup[],
  targets: readonly PodGroup[],
): Passage | null {
  const passing = sources
    .flatMap((from) => targets.map((to) => ({ from, to })))
    .map(({ from, to }) => ({ from, to, bounds: boundsBetween(connectivity, from, to) }))
    .filter(({ bounds }) => !isEmptyPorts(bounds.atMost));
  if (passing.length === 0) return null;
  const named = passing.some(
    ({ from, to }) =>
      isNamed(connectivity, 'egress', from, to) || isNamed(connectivity, 'ingress', to, from),
  );
  return {
    bounds: passing.map(({ bounds }) => bounds).reduce(uniteBounds),
    basis: named ? 'rules' : 'open',
    looksAtRequests: passing.some(({ from, to }) => looksAtRequests(connectivity, from, to)),
  };
}

/** What the pods of two workloads may do; null when nothing passes. */
export function pairOf(
  connectivity: Connectivity,
  source: Workload,
  target: Workload,
): WorkloadPair | null {
  const passage = passageBetween(connectivity, endpointsOf(source), endpointsOf(target));
  return passage === null ? null : { source, target, ...passage };
}

const DNS_PORTS: PortSet = (['TCP', 'UDP'] as const)
  .flatMap((protocol) => [portRange(protocol, 53, 53), portRange(protocol, 5353, 5353)])
  .reduce(unitePorts);

/** Name look-ups alone: nearly every pod has them, and they would hide the rest. */
export function isDnsAlone({ bounds }: Passage): boolean {
  const passing = isEmptyPorts(bounds.sure) ? bounds.atMost : bounds.sure;
  return isEmptyPorts(subtractPorts(passing, DNS_PORTS));
}
