import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cniProfile } from '#lib/engine/cni-profile.ts';
import { analyse, type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import { connectionDoubts, explainConnection } from '#lib/engine/explain.ts';
import { unsurePorts } from '#lib/engine/rule-ports.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { calicoCluster } from '#lib/testing/calico-arbitraries.ts';
import {
  calicoAllows,
  calicoBodies,
  type RawCalicoCluster,
} from '#lib/testing/calico-reference.ts';
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

/** Calico's policies on random clusters, against a naive evaluator, and laws that hold whatever they say. */

const PROFILE = cniProfile('calico') ?? undefined;

function analysed(raw: RawCalicoCluster): Connectivity {
  return analyse(snapshotOf(raw, PROFILE, calicoBodies(raw)));
}

/** What passes between every two ends. */
function table(raw: RawCalicoCluster) {
  return boundsBetweenEnds(raw, analysed(raw));
}

describe('Calico against its reference', () => {
  it('groups decide what the reference decides pod by pod, and every explanation agrees', () => {
    let total = 0;
    fc.assert(
      fc.property(calicoCluster, (raw) => {
        const connectivity = analysed(raw);
        expect(connectivity.snapshot.problems).toEqual([]);
        const { checks, differences } = compare(raw, connectivity, (from, to, protocol, port) =>
          calicoAllows(raw, from, to, protocol, port),
        );
        total += checks;
        expect(differences).toEqual([]);
      }),
      { numRuns: 600 },
    );
    expect(total).toBeGreaterThan(60_000);
  }, 120_000);

  it('the order in which objects come changes nothing', () => {
    fc.assert(
      fc.property(calicoCluster, (raw) => {
        const reversed: RawCalicoCluster = {
          ...raw,
          policies: raw.policies.toReversed(),
          calico: raw.calico.toReversed(),
          tiers: raw.tiers.toReversed(),
          sets: raw.sets.toReversed(),
        };
        expect(table(reversed)).toEqual(table(raw));
      }),
      { numRuns: 150 },
    );
  });

  it('counterparts leave out nobody with whom something passes, and doubts are named where there are some', () => {
    fc.assert(
      fc.property(calicoCluster, fc.constantFrom('yes', 'no', 'unknown'), (raw, enforced) => {
        const profile = cniProfile('calico', { enforces: enforced, enforcesCalico: enforced });
        const connectivity = analyse(snapshotOf(raw, profile ?? undefined, calicoBodies(raw)));
        expect(missedCounterparts(connectivity)).toEqual([]);
        for (const [from, to] of groupPairs(connectivity))
          expect(connectionDoubts(connectivity, from, to).length > 0).toBe(
            !isEmptyPorts(unsurePorts(connectionBounds(connectivity, from, to))),
          );
      }),
      { numRuns: 150 },
    );
  });

  it('CAL-15 staged policies change nothing', () => {
    fc.assert(
      fc.property(calicoCluster, (raw) => {
        const without = { ...raw, calico: raw.calico.filter(({ staged }) => !staged) };
        const staged = raw.calico.map((policy) => ({
          ...policy,
          name: `staged-${policy.name}`,
          staged: true,
        }));
        expect(table({ ...without, calico: [...without.calico, ...staged] })).toEqual(
          table(without),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('the policies an explanation names alone give the same verdict', () => {
    fc.assert(
      fc.property(calicoCluster, (raw) => {
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
          const isCited = (group: string, namespace: string | null, name: string) =>
            cited.has(`${group} ${namespace} ${name}`);
          const part: RawCalicoCluster = {
            ...raw,
            policies: raw.policies.filter(({ metadata: { namespace, name } }) =>
              isCited('networking.k8s.io', namespace, name),
            ),
            calico: raw.calico.filter(({ namespace, name }) =>
              isCited('projectcalico.org', namespace, name),
            ),
          };
          expect(
            calicoAllows(part, from, to, port.protocol, port.port) ? 'allowed' : 'blocked',
          ).toBe(answer.verdict);
        }
      }),
      { numRuns: 150 },
    );
  });
});
