import { describe, expect, test } from 'vitest';
import { clusterShape } from '#bench/clusters/cluster-shape.ts';
import { generateCluster } from '#bench/clusters/generated-cluster.ts';
import { loadCluster } from '#bench/clusters/load-cluster.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import { differencesFromFresh } from './incremental.ts';
import { checkPoints } from './point-checks.ts';
import { rawClusterOf } from './raw-cluster.ts';

const SEED = Date.now() % 100_000;
const SHAPE = { pods: 120, policies: 40, namespaces: 8, seed: SEED };

describe(`the differential gate (seed ${SEED})`, () => {
  test.each(['network-policy', 'administrators'] as const)(
    'passes an engine that is right: %s',
    (kinds) => {
      const cluster = generateCluster(clusterShape({ ...SHAPE, kinds }));
      const raw = rawClusterOf(cluster);
      const { points, differences } = checkPoints(raw, analyse(loadCluster(cluster).snapshot()));
      expect(differences).toEqual([]);
      // nearly every pair of pods, and the addresses outside, on fifteen ports
      const running = raw.pods.filter(({ phase }) => phase === 'Running').length;
      expect(points).toBe(15 * (running * (running - 1) + 2 * 6 * running));
    },
  );

  test('finds what an engine forgot', () => {
    const cluster = generateCluster(clusterShape(SHAPE));
    const store = loadCluster(cluster);
    const whole = store.snapshot();
    for (const { ref } of whole.policies) {
      const { namespace, name } = ref;
      store.changed(networkPolicy.resource, [{ type: 'delete', namespace, name }]);
    }
    const open = analyse(store.snapshot());
    expect(checkPoints(rawClusterOf(cluster), open).differences).not.toEqual([]);
    expect(differencesFromFresh(open, whole).differences).not.toEqual([]);
    expect(differencesFromFresh(analyse(whole), whole).differences).toEqual([]);
  });
});
