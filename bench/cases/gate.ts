import { Churn } from '#bench/clusters/churn.ts';
import { clusterShape, type KindFamily } from '#bench/clusters/cluster-shape.ts';
import { generateCluster } from '#bench/clusters/generated-cluster.ts';
import { loadCluster } from '#bench/clusters/load-cluster.ts';
import { differencesFromFresh } from '#bench/gate/incremental.ts';
import { checkPoints } from '#bench/gate/point-checks.ts';
import { rawClusterOf } from '#bench/gate/raw-cluster.ts';
import { atLeast, atMost } from '#bench/measure/measurement.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import { countPairs, reanalyse } from './analysis.ts';
import type { BenchCase, CaseContext } from './bench-case.ts';

/** Fast and right: the engine against the reference, and what was changed against what is made anew. */

/** Kinds that the reference knows. */
const KINDS: readonly KindFamily[] = ['network-policy', 'administrators'];
const SHAPE = { pods: 1800, policies: 100, namespaces: 20, largest: 0.2 };
const CHANGED = { pods: 300, policies: 70, namespaces: 15 };

function seedsFrom(seed: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => seed * 1000 + i);
}

function count(report: CaseContext['report'], id: string, what: string, value: number): void {
  report({ id, what, value, unit: 'count', relative: null, goal: null, noise: 0 });
}

function againstReference({ seed, quick, full, report }: CaseContext): void {
  let points = 0;
  const differences: string[] = [];
  for (const kinds of quick ? KINDS.slice(0, 1) : KINDS)
    for (const each of seedsFrom(seed, full ? 8 : 1)) {
      const size = quick ? { ...SHAPE, pods: 400 } : SHAPE;
      const cluster = generateCluster(clusterShape({ ...size, seed: each, kinds }));
      const connectivity = analyse(loadCluster(cluster).snapshot());
      const found = checkPoints(rawClusterOf(cluster), connectivity);
      const counted = countPairs(connectivity).found?.allowed;
      points += found.points;
      if (counted !== found.allowedPairs)
        differences.push(
          `${counted} pairs of pods were counted, ${found.allowedPairs} are allowed`,
        );
      differences.push(...found.differences);
    }
  report({
    id: 'gate-points',
    what: 'points compared with the reference',
    value: points,
    unit: 'count',
    relative: null,
    goal: quick ? null : atLeast(50_000_000),
    noise: 0,
    detail: `${seedsFrom(seed, full ? 8 : 1).length} clusters of each family`,
  });
  const [first] = differences;
  report({
    id: 'gate-mismatches',
    what: 'points with another answer, and totals',
    value: differences.length,
    unit: 'count',
    relative: null,
    goal: atMost(0),
    noise: 0,
    ...(first === undefined ? {} : { detail: first.slice(0, 300) }),
  });
}

function againstFresh({ seed, quick, full, report }: CaseContext): void {
  const steps = quick ? 10 : full ? 400 : 60;
  let pairs = 0;
  const differences: string[] = [];
  for (const kinds of KINDS) {
    const cluster = generateCluster(clusterShape({ ...CHANGED, seed, kinds }));
    const store = loadCluster(cluster);
    const churn = new Churn(cluster, seed);
    let connectivity = analyse(store.snapshot());
    for (let i = 0; i < steps; i++) {
      const { kind, resource, changes } = churn.step();
      store.changed(resource, changes);
      connectivity = reanalyse(store.snapshot(), connectivity);
      const found = differencesFromFresh(connectivity, store.snapshot());
      pairs += found.pairs;
      differences.push(...found.differences.map((each) => `${kind}: ${each}`));
    }
  }
  count(report, 'gate-steps', 'changes after which all was compared', KINDS.length * steps);
  count(report, 'gate-pairs', 'pairs of groups compared with a fresh analysis', pairs);
  const [first] = differences;
  report({
    id: 'gate-incremental',
    what: 'pairs that a fresh analysis answers otherwise',
    value: differences.length,
    unit: 'count',
    relative: null,
    goal: atMost(0),
    noise: 0,
    ...(first === undefined ? {} : { detail: first.slice(0, 300) }),
  });
}

export const GATE: readonly BenchCase[] = [
  {
    name: 'gate-reference',
    title: 'the engine against an independent evaluator',
    runs: 1,
    seconds: 90,
    quick: true,
    run: againstReference,
  },
  {
    name: 'gate-incremental',
    title: 'changed against rebuilt',
    runs: 1,
    seconds: 90,
    quick: true,
    run: againstFresh,
  },
];
