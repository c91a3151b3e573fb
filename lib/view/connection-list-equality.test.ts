import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse, type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import type { AddressGroup, PodGroup } from '#lib/engine/endpoint.ts';
import { unsurePorts } from '#lib/engine/rule-ports.ts';
import { formatRange } from '#lib/model/ip-address.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import { isEmptyPorts, NO_PORTS, portsKey } from '#lib/model/port-set.ts';
import { drawnSnapshot } from '#lib/testing/drawn-snapshots.ts';
import { connectionList, listScope } from './connection-list.ts';
import { groupedConnections } from './grouped-connections.ts';
import { endpointsOf } from './workload-pairs.ts';

const connectivity = drawnSnapshot.map((snapshot) => analyse(snapshot));

type End = PodGroup | AddressGroup;

function passing(analysed: Connectivity, from: End, to: End): string {
  const bounds = connectionBounds(analysed, from, to);
  return `${portsKey(bounds.sure)}|${portsKey(bounds.atMost)}`;
}

/** Workloads of which two groups differ towards or from a third, or from addresses. */
function dividedOneByOne(analysed: Connectivity): readonly string[] {
  const { groups, sources, destinations } = analysed;
  return [...analysed.workloads]
    .filter(([, workload]) => {
      const own = endpointsOf(workload);
      const [first, ...rest] = own.map((endpoint, i) => ({ endpoint, group: workload.groups[i] }));
      return rest.some((other) => {
        if (first === undefined) return false;
        const beyond = groups.filter((group) => group !== first.group && group !== other.group);
        const [a, b] = [first.endpoint, other.endpoint];
        return (
          [...beyond, ...destinations].some(
            (to) => passing(analysed, a, to) !== passing(analysed, b, to),
          ) ||
          [...beyond, ...sources].some(
            (from) => passing(analysed, from, a) !== passing(analysed, from, b),
          )
        );
      });
    })
    .map(([key]) => key);
}

/** Every end with every other. */
function rowsOneByOne(analysed: Connectivity, divided: ReadonlySet<string>): readonly string[] {
  const workloads = [...analysed.workloads].flatMap(([key, workload]) => {
    const endpoints = endpointsOf(workload);
    if (!divided.has(key))
      return endpoints.slice(0, 1).map((endpoint) => ({ name: key, endpoint }));
    return endpoints.flatMap((endpoint) =>
      endpoint.pods.map((pod) => ({
        name: refKey({ kind: 'Pod', namespace: pod.namespace, name: pod.name }),
        endpoint: { ...endpoint, pods: [pod] as const },
      })),
    );
  });
  const ranges = (all: readonly AddressGroup[]) =>
    all
      .filter(({ range }) => range.family === 4)
      .map((endpoint) => ({ name: formatRange(endpoint.range), endpoint }));
  const sources = [...workloads, ...ranges(analysed.sources)];
  const targets = [...workloads, ...ranges(analysed.destinations)];
  const byName = (a: { readonly name: string }, b: { readonly name: string }) =>
    compareText(a.name, b.name);
  return sources.sort(byName).flatMap((from) =>
    targets.sort(byName).flatMap((to) => {
      if (from.name === to.name) return [];
      if (from.endpoint.kind === 'addresses' && to.endpoint.kind === 'addresses') return [];
      const bounds = connectionBounds(analysed, from.endpoint, to.endpoint);
      if (isEmptyPorts(bounds.atMost)) return [];
      const ports = `${portsKey(bounds.sure)}|${portsKey(unsurePorts(bounds))}`;
      return [`${from.name} > ${to.name} ${ports}`];
    }),
  );
}

test('the list is what looking at every two ends gives', () => {
  fc.assert(
    fc.property(connectivity, (analysed) => {
      const scope = listScope(analysed);
      expect([...scope.divided].sort()).toEqual([...dividedOneByOne(analysed)].sort());
      const rows = [...connectionList(analysed, { ...scope, v6: new Set() })].map(
        ({ src, dst, allowed, unknown }) =>
          `${src} > ${dst} ${portsKey(allowed)}|${portsKey(unknown)}`,
      );
      expect(rows).toEqual(rowsOneByOne(analysed, scope.divided));
    }),
    { numRuns: 300 },
  );
}, 60_000);

/** What grouped rows say of each two ends: later ones of them take precedence. */
function expanded(analysed: Connectivity): readonly string[] {
  const pairs = new Map<string, string>();
  for (const { sources, targets, allowed, unknown } of groupedConnections(analysed))
    for (const src of sources.names)
      for (const dst of targets.names)
        if (src !== dst) pairs.set(`${src} > ${dst}`, `${portsKey(allowed)}|${portsKey(unknown)}`);
  const nothing = `${portsKey(NO_PORTS)}|${portsKey(NO_PORTS)}`;
  return [...pairs].flatMap(([pair, ports]) => (ports === nothing ? [] : [`${pair} ${ports}`]));
}

test('the grouped list says of every two ends what the list says', () => {
  fc.assert(
    fc.property(connectivity, (analysed) => {
      const rows = [...connectionList(analysed)].map(
        ({ src, dst, allowed, unknown }) =>
          `${src} > ${dst} ${portsKey(allowed)}|${portsKey(unknown)}`,
      );
      expect(expanded(analysed).toSorted()).toEqual(rows.sort());
    }),
    { numRuns: 300 },
  );
}, 60_000);
