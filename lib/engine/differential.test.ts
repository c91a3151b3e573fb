import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp, rangeContains } from '#lib/model/ip-address.ts';
import { hasPort, isEmptyPorts } from '#lib/model/port-set.ts';
import {
  cluster,
  OUTSIDERS,
  PROBED_PORTS,
  PROTOCOLS,
  tieredCluster,
} from '#lib/testing/arbitraries.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import {
  type Protocol,
  type RawCluster,
  type RawEnd,
  referenceAllows,
} from '#lib/testing/reference-evaluator.ts';
import { cniProfile } from './cni-profile.ts';
import { analyse, type Connectivity, connectionBounds } from './connectivity.ts';
import type { Endpoint } from './endpoint.ts';
import { explainConnection } from './explain.ts';

function endpointOf(connectivity: Connectivity, end: RawEnd, asSource: boolean): Endpoint {
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

/** Every connection the reference has an answer for; finished pods take part in none (GEN-18). */
function* probes(raw: RawCluster) {
  const pods = raw.pods.filter(({ phase }) => phase === 'Running');
  for (const from of [...pods, ...OUTSIDERS])
    for (const to of [...pods, ...OUTSIDERS]) {
      if (typeof from === 'string' && typeof to === 'string') continue;
      yield { from, to };
    }
}

/** The points at which groups or explanations say otherwise than the reference; and how many were compared. */
function compare(raw: RawCluster): { readonly checks: number; readonly differences: string[] } {
  const connectivity = analyse(snapshotOf(raw));
  const differences: string[] = [];
  let checks = 0;
  const check = (from: RawEnd, to: RawEnd, protocol: Protocol, port: number) => {
    const source = endpointOf(connectivity, from, true);
    const destination = endpointOf(connectivity, to, false);
    const { sure, atMost } = connectionBounds(connectivity, source, destination);
    const answer = explainConnection(connectivity, source, destination, { protocol, port });
    const expected = referenceAllows(raw, from, to, protocol, port);
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

describe('against the reference evaluator', () => {
  it('groups decide what the reference decides pod by pod, and every explanation agrees', () => {
    let total = 0;
    fc.assert(
      fc.property(cluster, (raw) => {
        const { checks, differences } = compare(raw);
        total += checks;
        expect(differences).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(total).toBeGreaterThan(100_000);
  }, 120_000);

  it('tier by tier as well', () => {
    let total = 0;
    fc.assert(
      fc.property(tieredCluster, (raw) => {
        const { checks, differences } = compare(raw);
        total += checks;
        expect(differences).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(total).toBeGreaterThan(40_000);
  }, 120_000);

  it('counterparts leave out nobody with whom something passes', () => {
    fc.assert(
      fc.property(
        fc.oneof(cluster, tieredCluster),
        fc.constantFrom('yes', 'no', 'unknown'),
        (raw, enforces) => {
          const profile = cniProfile('undetected', { enforces });
          const connectivity = analyse(snapshotOf(raw, profile ?? undefined));
          const { groups, sources, destinations, counterparts } = connectivity;
          for (const from of [...groups, ...sources])
            for (const to of [...groups, ...destinations]) {
              if (from.kind === 'addresses' && to.kind === 'addresses') continue;
              if (isEmptyPorts(connectionBounds(connectivity, from, to).atMost)) continue;
              expect(counterparts.of('egress', from)).toContain(to.index);
              expect(counterparts.of('ingress', to)).toContain(from.index);
            }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('the order of policies and pods changes nothing', () => {
    fc.assert(
      fc.property(tieredCluster, (raw) => {
        const table = (each: RawCluster) => {
          const connectivity = analyse(snapshotOf(each));
          return [...probes(raw)].map(({ from, to }) =>
            connectionBounds(
              connectivity,
              endpointOf(connectivity, from, true),
              endpointOf(connectivity, to, false),
            ),
          );
        };
        const reversed: RawCluster = {
          namespaces: raw.namespaces.toReversed(),
          pods: raw.pods.toReversed(),
          policies: raw.policies.toReversed(),
          admin: (raw.admin ?? []).toReversed(),
        };
        expect(table(reversed)).toEqual(table(raw));
      }),
      { numRuns: 200 },
    );
  });

  it('the policies an explanation names alone give the same verdict', () => {
    fc.assert(
      fc.property(cluster, (raw) => {
        const whole = analyse(snapshotOf(raw));
        for (const { from, to } of probes(raw)) {
          const port = { protocol: 'TCP', port: 80 } as const;
          const answer = explainConnection(
            whole,
            endpointOf(whole, from, true),
            endpointOf(whole, to, false),
            port,
          );
          const cited = new Set(
            [answer.egress, answer.ingress].flatMap(({ reason }) => {
              if (reason.kind === 'rules') return reason.rules.map(({ policy }) => policy.name);
              return reason.kind === 'isolated' ? reason.by.map(({ name }) => name) : [];
            }),
          );
          const part: RawCluster = {
            ...raw,
            policies: raw.policies.filter(({ metadata }) => cited.has(metadata.name)),
          };
          expect(
            referenceAllows(part, from, to, port.protocol, port.port) ? 'allowed' : 'blocked',
          ).toBe(answer.verdict);
        }
      }),
      { numRuns: 200 },
    );
  });
});
