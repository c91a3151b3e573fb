import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, connectionBounds, wholeGroup } from '#lib/engine/connectivity.ts';
import type { AddressGroup, PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts } from '#lib/engine/explain.ts';
import type { UnknownCause } from '#lib/engine/explanation.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { type PortBounds, unsurePorts } from '#lib/engine/rule-ports.ts';
import { formatRange } from '#lib/model/ip-address.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { isEmptyPorts, type PortSet, portsKey } from '#lib/model/port-set.ts';
import { entryRows } from './entry-rows.ts';
import { endpointsOf } from './workload-pairs.ts';

/** Every connection between workloads and addresses, a row each. */

export interface ConnectionRow {
  /** `shop/web[Deployment]`, `10.0.0.0-10.255.255.255` outside the cluster, or `{ingress-controller}`. */
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
  const { counterparts } = connectivity;
  const alike = (x: PortBounds, y: PortBounds) => boundsKey(x) === boundsKey(y);
  return DIRECTIONS.every((direction) => {
    const others = new Set([...counterparts.of(direction, a), ...counterparts.of(direction, b)]);
    others.delete(wholeGroup(connectivity, a));
    others.delete(wholeGroup(connectivity, b));
    return [...others].every((other) => {
      return direction === 'egress'
        ? alike(connectionBounds(connectivity, a, other), connectionBounds(connectivity, b, other))
        : alike(connectionBounds(connectivity, other, a), connectionBounds(connectivity, other, b));
    });
  });
}

/** Whether the pods of a workload get different answers, so that each has rows of its own. */
function isDivided(connectivity: Connectivity, workload: Workload): boolean {
  const [first, ...rest] = endpointsOf(workload);
  return first !== undefined && !rest.every((other) => answersAlike(connectivity, first, other));
}

/** What a list speaks of, so that two lists can speak of the same. */
export interface ListScope {
  /** The workloads, by refKey, whose pods have rows of their own. */
  readonly divided: ReadonlySet<string>;
  /** The directions whose IPv6 addresses have rows: of sources for ingress, of destinations for egress. */
  readonly v6: ReadonlySet<Direction>;
}

/**
 * What there is to tell apart in one cluster. IPv6 only when a rule names an IPv6 block, for otherwise
 * its rows repeat those of IPv4.
 */
export function listScope(connectivity: Connectivity): ListScope {
  const { workloads, sources, destinations } = connectivity;
  const divided = [...workloads.values()].filter((each) => isDivided(connectivity, each));
  const ranges = { ingress: sources, egress: destinations };
  const v6 = DIRECTIONS.filter(
    (direction) => ranges[direction].filter(({ range }) => range.family === 6).length > 1,
  );
  return {
    divided: new Set(divided.map(({ ref }) => refKey(ref))),
    v6: new Set(v6),
  };
}

function unitsOf(workload: Workload, { divided }: ListScope): readonly Unit[] {
  const [first, ...rest] = endpointsOf(workload);
  if (first === undefined) return [];
  const name = refKey(workload.ref);
  if (!divided.has(name)) return [{ name, endpoint: first }];
  return [first, ...rest].flatMap((group) =>
    group.pods.map((pod) => ({
      name: refKey({ kind: 'Pod', namespace: pod.namespace, name: pod.name }),
      endpoint: { ...group, pods: [pod] as const },
    })),
  );
}

function rangeUnits(ranges: readonly AddressGroup[], withV6: boolean): readonly Unit[] {
  return ranges
    .filter(({ range }) => range.family === 4 || withV6)
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
 * never held as a list. A workload's connections to itself are left out. What comes in through an
 * Ingress or a route whose controller is not among the pods has the source `{ingress-controller}`.
 */
export function* connectionList(
  connectivity: Connectivity,
  scope = listScope(connectivity),
): Generator<ConnectionRow> {
  const byName = (a: Unit, b: Unit) => compareText(a.name, b.name);
  const workloads = [...connectivity.workloads.values()].flatMap((workload) =>
    unitsOf(workload, scope),
  );
  const sources = [...workloads, ...rangeUnits(connectivity.sources, scope.v6.has('ingress'))].sort(
    byName,
  );
  const destinations = [
    ...workloads,
    ...rangeUnits(connectivity.destinations, scope.v6.has('egress')),
  ].sort(byName);
  const wholeOf = (end: Unit['endpoint'] | undefined) =>
    end?.kind === 'pods' ? wholeGroup(connectivity, end) : end;
  const ranks = Map.groupBy(destinations.keys(), (rank) => wholeOf(destinations[rank]?.endpoint));
  for (const from of sources) {
    const reached = connectivity.counterparts
      .of('egress', from.endpoint)
      .flatMap((end) => ranks.get(end) ?? [])
      .sort((a, b) => a - b);
    for (const rank of reached) {
      const to = destinations[rank];
      const row = to === undefined ? null : rowOf(connectivity, from, to);
      if (row !== null) yield row;
    }
  }
  // Its name comes after every other, in code units.
  yield* entryRows(connectivity, scope.divided);
}
