import { type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import type { AddressGroup, Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import { explainConnection } from '#lib/engine/explain.ts';
import type { ConnectionAnswer } from '#lib/engine/explanation.ts';
import type { PortBounds } from '#lib/engine/rule-ports.ts';
import { formatRange, parseIp, rangeContains } from '#lib/model/ip-address.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { hasPort, isEmptyPorts } from '#lib/model/port-set.ts';
import { OUTSIDERS, PROBED_PORTS, PROTOCOLS } from './arbitraries.ts';
import type { Protocol, RawCluster, RawEnd } from './reference-evaluator.ts';

/** Holds what the engine says of a raw cluster against what a naive evaluator says of it. */

/** The end of a raw cluster in the analysed one; a pod alone, without its group. */
export function endpointOf(connectivity: Connectivity, end: RawEnd, asSource: boolean): Endpoint {
  if (typeof end === 'string') {
    const address = parseIp(end);
    const found = (asSource ? connectivity.sources : connectivity.destinations).find(
      ({ range }) => address !== null && rangeContains(range, address),
    );
    if (found === undefined) throw new Error(`${end} is in no range`);
    return found;
  }
  for (const group of connectivity.groups) {
    const pod = group.pods.find(
      ({ namespace, name }) => namespace === end.namespace && name === end.name,
    );
    if (pod !== undefined) return { ...group, pods: [pod] };
  }
  throw new Error(`${end.name} is in no group`);
}

/** Every connection a reference has an answer for; finished pods take part in none (GEN-18). */
export function* probes(
  raw: RawCluster,
): Generator<{ readonly from: RawEnd; readonly to: RawEnd }> {
  const pods = raw.pods.filter(({ phase }) => phase === 'Running');
  for (const from of [...pods, ...OUTSIDERS])
    for (const to of [...pods, ...OUTSIDERS]) {
      if (typeof from === 'string' && typeof to === 'string') continue;
      yield { from, to };
    }
}

/** Whether a connection is let through, as a reference has it. */
export type Reference = (from: RawEnd, to: RawEnd, protocol: Protocol, port: number) => boolean;

export interface Comparison {
  readonly checks: number;
  readonly differences: readonly string[];
}

/** The points at which groups or explanations say otherwise than the reference; and how many were compared. */
export function compare(
  raw: RawCluster,
  connectivity: Connectivity,
  allows: Reference,
): Comparison {
  const differences: string[] = [];
  let checks = 0;
  const check = (from: RawEnd, to: RawEnd, protocol: Protocol, port: number) => {
    const source = endpointOf(connectivity, from, true);
    const destination = endpointOf(connectivity, to, false);
    const { sure, atMost } = connectionBounds(connectivity, source, destination);
    const answer = explainConnection(connectivity, source, destination, { protocol, port });
    const expected = allows(from, to, protocol, port);
    const agrees =
      answer.verdict === (expected ? 'allowed' : 'blocked') &&
      // A pod reaches itself whatever its groups may do (GEN-16).
      (from === to || [sure, atMost].every((ports) => hasPort(ports, protocol, port) === expected));
    if (!agrees) differences.push(JSON.stringify({ from, to, protocol, port, expected }));
    checks++;
  };
  for (const { from, to } of probes(raw))
    for (const protocol of PROTOCOLS)
      for (const port of PROBED_PORTS) check(from, to, protocol, port);
  return { checks, differences };
}

/** What passes between every two ends of a raw cluster. */
export function boundsBetweenEnds(
  raw: RawCluster,
  connectivity: Connectivity,
): readonly PortBounds[] {
  return [...probes(raw)].map(({ from, to }) =>
    connectionBounds(
      connectivity,
      endpointOf(connectivity, from, true),
      endpointOf(connectivity, to, false),
    ),
  );
}

type Grouped = PodGroup | AddressGroup;

/** Every pair of groups of which one is in the cluster. */
export function* groupPairs({
  groups,
  sources,
  destinations,
}: Connectivity): Generator<readonly [Grouped, Grouped]> {
  for (const from of [...groups, ...sources])
    for (const to of [...groups, ...destinations])
      if (from.kind === 'pods' || to.kind === 'pods') yield [from, to];
}

function nameOf(end: Grouped): string {
  return end.kind === 'pods' ? `${end.namespace.name}/${end.pods[0].name}` : formatRange(end.range);
}

/** Pairs with which something may pass, and that looking up counterparts leaves out. */
export function missedCounterparts(connectivity: Connectivity): readonly string[] {
  const { counterparts } = connectivity;
  return [...groupPairs(connectivity)]
    .filter(([from, to]) => !isEmptyPorts(connectionBounds(connectivity, from, to).atMost))
    .filter(
      ([from, to]) =>
        !counterparts.of('egress', from).includes(to) ||
        !counterparts.of('ingress', to).includes(from),
    )
    .map(([from, to]) => `${nameOf(from)} → ${nameOf(to)}`);
}

/** The policies that the reasons of an answer name. */
export function citedPolicies({ egress, ingress }: ConnectionAnswer): readonly PolicyRef[] {
  return [egress, ingress].flatMap(({ reason, considered }) => {
    if (reason.kind === 'rules') return reason.rules.map(({ policy }) => policy);
    // Nothing decided: all that were asked said so, those that passed on what others stop among them.
    if (reason.kind === 'not-decided') return considered.map(({ policy }) => policy);
    if (reason.kind === 'denied') return [reason.by.policy];
    return reason.kind === 'isolated' ? reason.by : [];
  });
}
