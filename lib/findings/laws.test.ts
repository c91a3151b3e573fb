import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CNI_FLAGS, type CniFlags, KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import { tieredCluster } from '#lib/testing/arbitraries.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import type { RawCluster } from '#lib/testing/reference-evaluator.ts';
import { lint } from './lint.ts';

/** Laws that hold in every cluster, whatever the policies. */

const RUNS = { numRuns: 150 };
const NOTHING_ELSE = { now: null, entries: [] };

function findingsIn(raw: RawCluster, flags: CniFlags = KUBERNETES_PROFILE.flags) {
  const snapshot = snapshotOf(raw, { ...KUBERNETES_PROFILE, flags });
  return lint(analyse(snapshot), NOTHING_ELSE).findings;
}

test('findings do not depend on the order in which objects come', () => {
  fc.assert(
    fc.property(tieredCluster, (raw) => {
      const turned = {
        ...raw,
        pods: raw.pods.toReversed(),
        policies: raw.policies.toReversed(),
        namespaces: raw.namespaces.toReversed(),
      };
      expect(findingsIn(turned)).toEqual(findingsIn(raw));
    }),
    RUNS,
  );
});

/** Those that say that something is blocked. */
const BLOCKED = ['PIT-DIR-6', 'PIT-DIR-7'];

test('what is only perhaps blocked is not called blocked', () => {
  fc.assert(
    fc.property(tieredCluster, fc.subarray([...CNI_FLAGS]), (raw, unknown) => {
      const doubted = Object.fromEntries(unknown.map((flag) => [flag, 'unknown'] as const));
      const blocked = (flags: CniFlags) =>
        findingsIn(raw, flags)
          .filter(({ id }) => BLOCKED.includes(id))
          .map(({ id, object, path }) => `${id} ${refKey(object)} ${formatPath(path)}`);
      const sure = new Set(blocked(KUBERNETES_PROFILE.flags));
      const inDoubt = blocked({ ...KUBERNETES_PROFILE.flags, ...doubted });
      expect(inDoubt.filter((each) => !sure.has(each))).toEqual([]);
    }),
    RUNS,
  );
});

test('where policies may not be read, nothing is said to be open or blocked', () => {
  fc.assert(
    fc.property(tieredCluster, (raw) => {
      const snapshot = snapshotOf(raw);
      const gap = {
        resource: 'networkpolicies.networking.k8s.io',
        cause: 'forbidden',
        message: 'may not be listed',
        affects: 'policies',
      } as const;
      const { findings } = lint(analyse({ ...snapshot, gaps: [gap] }), NOTHING_ELSE);
      const said = findings.filter(({ id }) => [...BLOCKED, 'PIT-DIR-1', 'PIT-DIR-2'].includes(id));
      expect(said).toEqual([]);
    }),
    RUNS,
  );
});
