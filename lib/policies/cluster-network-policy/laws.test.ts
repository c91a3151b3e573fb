import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import { hasPort, isEmptyPorts } from '#lib/model/port-set.ts';
import { tieredCluster } from '#lib/testing/arbitraries.ts';
import { boundsByPod } from '#lib/testing/bounds-by-pod.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import type { RawAdminPolicy, RawCluster } from '#lib/testing/reference-evaluator.ts';

/** What the tiers promise, whatever else is written. */

const RUNS = { numRuns: 200 };
const EVERY_POD = { pods: { namespaceSelector: {}, podSelector: {} } };

/** A policy that comes before every other of its tier, for all pods and both directions. */
function first(
  tier: RawAdminPolicy['tier'],
  action: 'Accept' | 'Deny' | 'Pass',
  ports?: RawAdminPolicy['ingress'][number]['ports'],
): RawAdminPolicy {
  const rule = { action, peers: [EVERY_POD], ...(ports && { ports }) };
  return {
    kind: 'ClusterNetworkPolicy',
    name: 'first',
    tier,
    priority: 0,
    subject: EVERY_POD.pods,
    ingress: [rule],
    egress: [rule],
  };
}

function withPolicy(raw: RawCluster, policy: RawAdminPolicy): RawCluster {
  return { ...raw, admin: [policy, ...(raw.admin ?? [])] };
}

/** Pairs of pods that policies apply to: none on its node's network (CNP-13). */
function* policedPairs(connectivity: Connectivity): Generator<string> {
  const pods = connectivity.groups
    .filter(({ hostNetwork }) => !hostNetwork)
    .flatMap((group) => group.pods);
  for (const from of pods) for (const to of pods) yield `${from.name} → ${to.name}`;
}

test('CNP-5 what Admin denies no other policy brings back', () => {
  const denied = [{ protocol: 'TCP' as const, start: 80, end: 80 }];
  fc.assert(
    fc.property(tieredCluster, (raw) => {
      const connectivity = analyse(snapshotOf(withPolicy(raw, first('Admin', 'Deny', denied))));
      const bounds = boundsByPod(connectivity);
      for (const pair of policedPairs(connectivity)) {
        const { atMost } = bounds.get(pair) ?? expect.fail(pair);
        expect(hasPort(atMost, 'TCP', 80)).toBe(false);
      }
    }),
    RUNS,
  );
});

test('CNP-5 what Admin accepts no other policy takes away', () => {
  fc.assert(
    fc.property(tieredCluster, (raw) => {
      const connectivity = analyse(snapshotOf(withPolicy(raw, first('Admin', 'Accept'))));
      const bounds = boundsByPod(connectivity);
      for (const pair of policedPairs(connectivity)) {
        const { sure } = bounds.get(pair) ?? expect.fail(pair);
        expect(hasPort(sure, 'TCP', 80) && sure.other && sure.icmp).toBe(true);
      }
    }),
    RUNS,
  );
});

test.each(['Admin', 'Baseline'] as const)(
  'CNP-6 Pass in %s is as if the rest of the tier were not there',
  (tier) => {
    fc.assert(
      fc.property(tieredCluster, (any) => {
        // The old kind of Baseline has no priority, so nothing says that it comes second.
        const admin = (any.admin ?? []).filter(({ kind }) => !kind.startsWith('Baseline'));
        const raw = { ...any, admin };
        const others = admin.filter((policy) => policy.tier !== tier);
        const without = analyse(snapshotOf({ ...raw, admin: others }));
        const passed = boundsByPod(analyse(snapshotOf(withPolicy(raw, first(tier, 'Pass')))));
        const expected = boundsByPod(without);
        for (const pair of policedPairs(without))
          expect(passed.get(pair)).toEqual(expected.get(pair));
      }),
      RUNS,
    );
  },
);

test('CNP-8 Baseline decides nothing for pods that NetworkPolicies isolate both ways', () => {
  fc.assert(
    fc.property(tieredCluster, (raw) => {
      const isolated: RawCluster = {
        ...raw,
        policies: [
          ...raw.policies,
          ...['red', 'blue', 'green'].map((namespace) => ({
            metadata: { namespace, name: 'isolate' },
            spec: { policyTypes: ['Ingress' as const, 'Egress' as const] },
          })),
        ],
      };
      const without = analyse(snapshotOf(isolated));
      for (const action of ['Accept', 'Deny'] as const) {
        const more = withPolicy(isolated, first('Baseline', action));
        expect(boundsByPod(analyse(snapshotOf(more)))).toEqual(boundsByPod(without));
      }
    }),
    RUNS,
  );
});

test('CNP-10 a policy without rules changes nothing', () => {
  fc.assert(
    fc.property(tieredCluster, (raw) => {
      const idle = { ...first('Admin', 'Deny'), ingress: [], egress: [] };
      expect(boundsByPod(analyse(snapshotOf(withPolicy(raw, idle))))).toEqual(
        boundsByPod(analyse(snapshotOf(raw))),
      );
    }),
    RUNS,
  );
});

test('CNP-3 two of one priority that agree are certain, and two that do not are in doubt', () => {
  const twin = (action: 'Accept' | 'Deny') => ({ ...first('Admin', action), name: 'twin' });
  fc.assert(
    fc.property(tieredCluster, fc.constantFrom('Accept', 'Deny'), (raw, action) => {
      const one = withPolicy(raw, first('Admin', 'Deny'));
      const connectivity = analyse(snapshotOf(withPolicy(one, twin(action))));
      const bounds = boundsByPod(connectivity);
      for (const pair of policedPairs(connectivity)) {
        const { sure, atMost } = bounds.get(pair) ?? expect.fail(pair);
        expect(isEmptyPorts(sure)).toBe(true);
        expect(isEmptyPorts(atMost)).toBe(action === 'Deny');
      }
    }),
    RUNS,
  );
});
