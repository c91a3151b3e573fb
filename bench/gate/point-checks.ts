import type { Connectivity } from '#lib/engine/connectivity.ts';
import { connectionBounds } from '#lib/engine/connectivity.ts';
import type { Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import type { PortBounds } from '#lib/engine/rule-ports.ts';
import { parseIp, rangeContains } from '#lib/model/ip-address.ts';
import { hasPort, isEmptyPorts } from '#lib/model/port-set.ts';
import {
  type Protocol,
  type RawCluster,
  type RawEnd,
  type RawPod,
  referenceAllows,
} from '#lib/testing/reference-evaluator.ts';
import { type RawClass, rawClasses } from './raw-classes.ts';

/** The engine held against the reference, point by point: one pod to another, on one port. */

export interface PointChecks {
  /** How many points were compared, each a pair of ends and a port. */
  readonly points: number;
  readonly differences: readonly string[];
  /** Pairs of pods that are allowed on some port: what a count has to come to. */
  readonly allowedPairs: number;
}

/** Ports that policies name, their neighbours, and some that nobody names. */
const PORTS: readonly (readonly [Protocol, number])[] = [
  ...[53, 80, 443, 5432, 6379, 8080, 8081, 9000, 9050, 9090, 9121, 31_000, 1].map(
    (port) => ['TCP', port] as const,
  ),
  ['UDP', 53],
  ['UDP', 8080],
];

/** So many differences are told; one is enough to look into. */
const TOLD = 20;

type Located = Map<string, PodGroup>;

function podKey({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${namespace}/${name}`;
}

/** Which group each pod is in. */
export function locate({ groups }: Connectivity): Located {
  return new Map(groups.flatMap((group) => group.pods.map((pod) => [podKey(pod), group] as const)));
}

function narrowed(group: PodGroup, { namespace, name }: RawPod): PodGroup {
  const pod = group.pods.find((each) => each.namespace === namespace && each.name === name);
  if (pod === undefined) throw new Error(`${namespace}/${name} is not in its group`);
  return { ...group, pods: [pod] };
}

/**
 * The engine's ends for some of the reference's: groups, or a single pod of each where it matters on
 * which nodes they run.
 */
function endpointsOf(
  connectivity: Connectivity,
  located: Located,
  ends: readonly RawEnd[],
  { asSource, single }: { readonly asSource: boolean; readonly single: boolean },
): readonly Endpoint[] {
  const found = new Set<Endpoint>();
  const groups = new Set<PodGroup>();
  for (const end of ends) {
    if (typeof end === 'string') {
      const address = parseIp(end);
      const range = (asSource ? connectivity.sources : connectivity.destinations).find(
        (each) => address !== null && rangeContains(each.range, address),
      );
      if (range === undefined) throw new Error(`${end} is in no range`);
      found.add(range);
      continue;
    }
    const group = located.get(podKey(end));
    if (group === undefined) throw new Error(`${podKey(end)} is in no group`);
    if (groups.has(group)) continue;
    groups.add(group);
    found.add(single ? narrowed(group, end) : group);
  }
  return [...found];
}

interface Pairing {
  readonly from: readonly [RawEnd, ...RawEnd[]];
  readonly to: readonly [RawEnd, ...RawEnd[]];
  /** How many pairs of ends it stands for. */
  readonly pairs: number;
  readonly single: boolean;
}

function nodeOf(end: RawEnd): string | null {
  return typeof end === 'string' ? null : end.node;
}

/** Pairs of two classes that the reference answers alike; a pod on the other's node is another case. */
function pairings(from: RawClass, to: RawClass): readonly Pairing[] {
  if (from.onHost || to.onHost) {
    const [host, others] = from.onHost ? [from.ends[0], to.ends] : [to.ends[0], from.ends];
    const byNode = Map.groupBy(
      others.filter((end) => end !== host),
      (end) => nodeOf(end) === nodeOf(host),
    );
    return [...byNode.values()].flatMap(([first, ...rest]): Pairing[] => {
      if (first === undefined) return [];
      const alike = { pairs: rest.length + 1, single: true };
      return [
        from.onHost
          ? { from: [host], to: [first, ...rest], ...alike }
          : { from: [first, ...rest], to: [host], ...alike },
      ];
    });
  }
  if (from !== to)
    return [
      { from: from.ends, to: to.ends, pairs: from.ends.length * to.ends.length, single: false },
    ];
  const [first, second] = from.ends;
  if (second === undefined) return [];
  const pairs = from.ends.length * (from.ends.length - 1);
  return [{ from: from.ends, to: [second, first], pairs, single: false }];
}

/** Numbers of the ports of which the bounds say something else, or nothing for sure. */
function wrongPorts({ sure, atMost }: PortBounds, expected: readonly boolean[]): readonly number[] {
  return [...PORTS.keys()].filter((i) => {
    const [protocol, port] = PORTS[i] ?? ['TCP', 0];
    return [sure, atMost].some((set) => hasPort(set, protocol, port) !== expected[i]);
  });
}

/** Compares every pair of ends on every port; what is alike for the reference is asked once. */
export function checkPoints(raw: RawCluster, connectivity: Connectivity): PointChecks {
  const located = locate(connectivity);
  const classes = rawClasses(raw);
  const differences: string[] = [];
  let points = 0;
  let allowedPairs = 0;
  const check = ({ from, to, pairs, single }: Pairing) => {
    const expected = PORTS.map(([protocol, port]) =>
      referenceAllows(raw, from[0], to[0], protocol, port),
    );
    points += pairs * PORTS.length;
    const ends = (of: readonly RawEnd[], asSource: boolean) =>
      endpointsOf(connectivity, located, of, { asSource, single });
    const isOfPods = typeof from[0] !== 'string' && typeof to[0] !== 'string';
    const passes = new Set<boolean>();
    for (const source of ends(from, true))
      for (const destination of ends(to, false)) {
        const bounds = connectionBounds(connectivity, source, destination);
        passes.add(!isEmptyPorts(bounds.sure));
        for (const wrong of wrongPorts(bounds, expected))
          if (differences.length < TOLD)
            differences.push(JSON.stringify({ from: from[0], to: to[0], port: PORTS[wrong] }));
      }
    if (passes.size > 1)
      differences.push(JSON.stringify({ from: from[0], to: to[0], port: 'any' }));
    if (isOfPods && passes.has(true)) allowedPairs += pairs;
  };
  for (const from of classes)
    for (const to of classes) {
      if (typeof from.ends[0] === 'string' && typeof to.ends[0] === 'string') continue;
      for (const pairing of pairings(from, to)) check(pairing);
    }
  return { points, differences, allowedPairs };
}
