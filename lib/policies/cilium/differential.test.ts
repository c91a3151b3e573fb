import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cniProfile } from '#lib/engine/cni-profile.ts';
import { analyse, type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import { connectionDoubts, explainConnection } from '#lib/engine/explain.ts';
import { unsurePorts } from '#lib/engine/rule-ports.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { ciliumCluster } from '#lib/testing/cilium-arbitraries.ts';
import {
  ciliumAllows,
  ciliumBodies,
  type RawCiliumCluster,
  type RawCiliumRule,
} from '#lib/testing/cilium-reference.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import {
  boundsBetweenEnds,
  citedPolicies,
  compare,
  endpointOf,
  groupPairs,
  missedCounterparts,
  probes,
} from '#lib/testing/reference-comparison.ts';

/** Cilium's policies on random clusters, against a naive evaluator, and laws that hold whatever they say. */

const PROFILE = cniProfile('cilium', { sctp: 'yes' }) ?? undefined;

function analysed(raw: RawCiliumCluster): Connectivity {
  return analyse(snapshotOf(raw, PROFILE, ciliumBodies(raw)));
}

/** What passes between every two ends. */
function table(raw: RawCiliumCluster) {
  return boundsBetweenEnds(raw, analysed(raw));
}

/** That nothing passes for one that does not pass for the other. */
function expectWithin(narrow: RawCiliumCluster, wide: RawCiliumCluster): void {
  const whole = table(wide);
  for (const [i, part] of table(narrow).entries()) {
    const of = whole[i] ?? expect.fail('another table');
    expect(isEmptyPorts(unsurePorts({ atMost: part.sure, sure: of.sure }))).toBe(true);
  }
}

const DENY_SOME: RawCiliumRule = {
  endpointSelector: {},
  enableDefaultDeny: { ingress: false, egress: false },
  ingressDeny: [{ Endpoints: [{ matchLabels: { app: 'a' } }] }],
  egressDeny: [{ toPorts: [{ ports: [{ port: '80' }] }] }],
};

describe('Cilium against its reference', () => {
  it('groups decide what the reference decides pod by pod, and every explanation agrees', () => {
    let total = 0;
    fc.assert(
      fc.property(ciliumCluster, (raw) => {
        const connectivity = analysed(raw);
        expect(connectivity.snapshot.problems).toEqual([]);
        const { checks, differences } = compare(raw, connectivity, (from, to, protocol, port) =>
          ciliumAllows(raw, from, to, protocol, port),
        );
        total += checks;
        expect(differences).toEqual([]);
      }),
      { numRuns: 600 },
    );
    expect(total).toBeGreaterThan(60_000);
  }, 120_000);

  it('CIL-15 the order in which objects come changes nothing', () => {
    fc.assert(
      fc.property(ciliumCluster, (raw) => {
        const reversed: RawCiliumCluster = {
          ...raw,
          policies: raw.policies.toReversed(),
          cilium: raw.cilium
            .toReversed()
            .map((policy) => ({ ...policy, specs: policy.specs.toReversed() })),
        };
        expect(table(reversed)).toEqual(table(raw));
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('CIL-15 one deny rule more permits nothing', () => {
    fc.assert(
      fc.property(ciliumCluster, fc.constantFrom('red', null), (raw, namespace) => {
        const more = { namespace, name: 'deny', specs: [DENY_SOME] };
        expectWithin({ ...raw, cilium: [...raw.cilium, more] }, raw);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('CIL-15 one deny rule less takes nothing away, as long as it isolates', () => {
    fc.assert(
      fc.property(ciliumCluster, (raw) => {
        const without = {
          ...raw,
          cilium: raw.cilium.map((policy) => ({
            ...policy,
            specs: policy.specs.map((rule) => ({
              ...rule,
              // CIL-6: an empty entry isolates as well, and denies nobody.
              ...(rule.ingressDeny && { ingressDeny: [{}] }),
              ...(rule.egressDeny && { egressDeny: [{}] }),
            })),
          })),
        };
        expectWithin(raw, without);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('counterparts leave out nobody with whom something passes, and doubts are named where there are some', () => {
    fc.assert(
      fc.property(ciliumCluster, fc.constantFrom('yes', 'no', 'unknown'), (raw, enforced) => {
        const profile = cniProfile('cilium', { enforces: enforced, enforcesCilium: enforced });
        const connectivity = analyse(snapshotOf(raw, profile ?? undefined, ciliumBodies(raw)));
        expect(missedCounterparts(connectivity)).toEqual([]);
        for (const [from, to] of groupPairs(connectivity))
          expect(connectionDoubts(connectivity, from, to).length > 0).toBe(
            !isEmptyPorts(unsurePorts(connectionBounds(connectivity, from, to))),
          );
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('the policies an explanation names alone give the same verdict', () => {
    fc.assert(
      fc.property(ciliumCluster, (raw) => {
        const whole = analysed(raw);
        for (const { from, to } of probes(raw)) {
          const port = { protocol: 'TCP', port: 80 } as const;
          const answer = explainConnection(
            whole,
            endpointOf(whole, from, true),
            endpointOf(whole, to, false),
            port,
          );
          const cited = new Set(
            citedPolicies(answer).map(
              ({ group, namespace, name }) => `${group} ${namespace} ${name}`,
            ),
          );
          const part: RawCiliumCluster = {
            ...raw,
            policies: raw.policies.filter(({ metadata: { namespace, name } }) =>
              cited.has(`networking.k8s.io ${namespace} ${name}`),
            ),
            cilium: raw.cilium.filter(({ namespace, name }) =>
              cited.has(`cilium.io ${namespace} ${name}`),
            ),
          };
          expect(
            ciliumAllows(part, from, to, port.protocol, port.port) ? 'allowed' : 'blocked',
          ).toBe(answer.verdict);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
