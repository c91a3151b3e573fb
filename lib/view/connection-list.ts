import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, connectionBounds, type Workload } from '#lib/engine/connectivity.ts';
import type { AddressGroup, PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts } from '#lib/engine/explain.ts';
import type { UnknownCause } from '#lib/engine/explanation.ts';
import { type PortBounds, unsurePorts } from '#lib/engine/peer-match.ts';
import { formatRange } from '#lib/model/ip-address.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { isEmptyPorts, type PortSet, portsKey } from '#lib/model/port-set.ts';
import { endpointsOf } from './workload-pairs.ts';

/** Every connection between workloads and addresses, a row each. */

export interface ConnectionRow {
  /** `shop/web[Deployment]`, or `10.0.0.0-10.255.255.255` outside the cluster. */
  readonly src: string;
  readonly dst: string;
  readonly allowed: PortSet;
  /** Perhaps allowed; empty when all is certain. */
  readonly unknown: PortSet;
  /** Why; empty when all is certain. */
  readonly causes: readonly UnknownCause[];
}

/** What a row speaks of: a workload, one pod of it, or a range of addresses. */
interface Unit {
  readonly name: string;
  readonly endpoint: PodGroup | AddressGroup;
}

function boundsKey({ sure, atMost }: PortBounds): string {
  return `${portsKey(sure)}|${portsKey(atMost)}`;
}

/** Whether two groups get and give the same answers to and from everybody but each other. */
function answersAlike(connectivity: Connectivity, a: PodGroup, b: PodGroup): boolean {
  const { groups, sources, destinations, counterparts } = connectivity;
  const endpoints = [...groups, ...sources, ...destinations];
  const alike = (x: PortBounds, y: PortBounds) => boundsKey(x) === boundsKey(y);
  return DIRECTIONS.every((direction) => {
    const others = new Set([...counterparts.of(direction, a), ...counterparts.of(direction, b)]);
    others.delete(a.index);
    others.delete(b.index);
    return [...others].every((index) => {
      const other = endpoints[index];
      if (other === undefined) return true;
      return direction === 'egress'
        ? alike(connectionBounds(connectivity, a, other), connectionBounds(connectivity, b, other))
        : alike(connectionBounds(connectivity, other, a), connectionBounds(connectivity, other, b));
    });
  });
}

function unitsOf(connectivity: Connectivity, workload: Workload): readonly Unit[] {
  const [first, ...rest] = endpointsOf(workload);
  if (first === undefined) return [];
  if (rest.every((other) => answersAlike(connectivity, first, other)))
    return [{ name: refKey(workload.ref), endpoint: first }];
  return [first, ...rest].flatMap((group) =>
    group.pods.map((pod) => ({
      name: refKey({ kind: 'Pod', namespace: pod.namespace, name: pod.name }),
      endpoint: { ...group, pods: [pod] as const },
    })),
  );
}

/**
 * The ranges to list: IPv4 always, IPv6 when a rule names an IPv6 block, for otherwise it repeats
 * what the IPv4 row says.
 */
function rangeUnits(ranges: readonly AddressGroup[]): readonly Unit[] {
  const namesV6 = ranges.filter(({ range }) => range.family === 6).length > 1;
  return ranges
    .filter(({ range }) => range.family === 4 || namesV6)
    .map((endpoint) => ({ name: formatRange(endpoint.range), endpoint }));
}

function rowOf(connectivity: Connectivity, from: Unit, to: Unit): ConnectionRow | null {
  if (from.name === to.name) return null;
  if (from.endpoint.kind === 'addresses' && to.endpoint.kind === 'addresses') return null;
  const bounds = connectionBounds(connectivity, from.endpoint, to.endpoint);
  if (isEmptyPorts(bounds.atMost)) return null;
  const unknown = unsurePorts(bounds);
  return {
    src: from.name,
    dst: to.name,
    allowed: bounds.sure,
    unknown,
    causes: isEmptyPorts(unknown) ? [] : connectionDoubts(connectivity, from.endpoint, to.endpoint),
  };
}

/**
 * Rows sorted by source and destination, in code units; one at a time, so that a large cluster is
 * never held as a list. A workload's connections to itself are left out.
 */
export function* connectionList(connectivity: Connectivity): Generator<ConnectionRow> {
  const byName = (a: Unit, b: Unit) => compareText(a.name, b.name);
  const workloads = [...connectivity.workloads.values()].flatMap((workload) =>
    unitsOf(connectivity, workload),
  );
  const sources = [...workloads, ...rangeUnits(connectivity.sources)].sort(byName);
  const destinations = [...workloads, ...rangeUnits(connectivity.destinations)].sort(byName);
  const ranks = Map.groupBy(destinations.keys(), (rank) => destinations[rank]?.endpoint.index);
  for (const from of sources) {
    const reached = connectivity.counterparts
      .of('egress', from.endpoint)
      .flatMap((index) => ranks.get(index) ?? [])
      .sort((a, b) => a - b);
    for (const rank of reached) {
      const to = destinations[rank];
      const row = to === undefined ? null : rowOf(connectivity, from, to);
      if (row !== null) yield row;
    }
  }
}
