import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cluster, tieredCluster } from '#lib/testing/arbitraries.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import {
  boundsBetweenEnds,
  citedPolicies,
  compare as compareWith,
  endpointOf,
  missedCounterparts,
  probes,
} from '#lib/testing/reference-comparison.ts';
import { type RawCluster, referenceAllows } from '#lib/testing/reference-evaluator.ts';
import { cniProfile } from './cni-profile.ts';
import { analyse } from './connectivity.ts';
import { explainConnection } from './explain.ts';

function compare(raw: RawCluster) {
  return compareWith(raw, analyse(snapshotOf(raw)), (from, to, protocol, port) =>
    referenceAllows(raw, from, to, protocol, port),
  );
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
          expect(missedCounterparts(connectivity)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('the order of policies and pods changes nothing', () => {
    fc.assert(
      fc.property(tieredCluster, (raw) => {
        const table = (each: RawCluster) => boundsBetweenEnds(raw, analyse(snapshotOf(each)));
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
          const cited = new Set(citedPolicies(answer).map(({ name }) => name));
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
