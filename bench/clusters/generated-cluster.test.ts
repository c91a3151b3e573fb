import { describe, expect, test } from 'vitest';
import { PODS } from '#lib/model/resource.ts';
import { ADVERSARIES, clusterShape, KIND_FAMILIES } from './cluster-shape.ts';
import { generateCluster, listPages } from './generated-cluster.ts';
import { loadCluster } from './load-cluster.ts';

const SMALL = { pods: 400, policies: 120, namespaces: 24 };
const SEEDS = [1, 2, Date.now() % 100_000];

function textOf(given: Parameters<typeof clusterShape>[0]): string {
  return [...listPages(generateCluster(clusterShape(given)))].map(({ text }) => text).join('\n');
}

describe('a generated cluster', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(textOf({ ...SMALL, seed: 7 })).toBe(textOf({ ...SMALL, seed: 7 }));
    expect(textOf({ ...SMALL, seed: 7 })).not.toBe(textOf({ ...SMALL, seed: 8 }));
  });

  test.each(SEEDS)('has as much as was asked for, all of it valid (seed %i)', (seed) => {
    for (const kinds of KIND_FAMILIES) {
      const store = loadCluster(generateCluster(clusterShape({ ...SMALL, seed, kinds })));
      const { pods, policies, namespaces, problems } = store.snapshot();
      expect(problems.map(({ message }) => message)).toEqual([]);
      expect(pods).toHaveLength(SMALL.pods);
      expect(namespaces.size).toBe(SMALL.namespaces);
      // a baseline stands beside the administrators' policies that were counted
      expect(policies.length).toBeGreaterThanOrEqual(SMALL.policies);
      expect(policies.length).toBeLessThanOrEqual(SMALL.policies + 1);
      expect(new Set(pods.map(({ addresses: [ip] }) => String(ip?.value))).size).toBeGreaterThan(
        SMALL.pods * 0.9,
      );
    }
  });

  test.each(ADVERSARIES)('may be as hard as %s, and is valid', (adversary) => {
    const store = loadCluster(generateCluster(clusterShape({ ...SMALL, seed: 3, adversary })));
    const { pods, policies, problems } = store.snapshot();
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect([pods.length, policies.length]).toEqual([SMALL.pods, SMALL.policies]);
  });

  test('lists namespaces and pods in the order of an API', () => {
    const { pods } = loadCluster(generateCluster(clusterShape(SMALL))).snapshot();
    const listed = [...generateCluster(clusterShape(SMALL)).objects(PODS)].map(({ metadata }) =>
      JSON.stringify(metadata),
    );
    expect(listed.map((text) => JSON.parse(text).name)).toEqual(pods.map(({ name }) => name));
  });

  test('has full pods of the size of real ones', () => {
    const pages = [...listPages(generateCluster(clusterShape(SMALL)), { form: 'full' })];
    const pods = pages.filter(({ resource }) => resource === PODS);
    const bytes = pods.reduce((sum, { text }) => sum + text.length, 0) / SMALL.pods;
    expect(bytes).toBeGreaterThan(6_500);
    expect(bytes).toBeLessThan(8_500);
  });

  test('has one crowded namespace among many small ones', () => {
    const shape = clusterShape({ pods: 20_000, policies: 0, namespaces: 500, largest: 0.15 });
    const sizes = generateCluster(shape).plan.namespaces.map(({ pods }) => pods);
    expect(Math.max(...sizes)).toBe(3000);
    expect(sizes.toSorted((a, b) => a - b)[250]).toBeLessThan(60);
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(20_000);
  });
});

test('a cluster that cannot be is refused', () => {
  const tooFull = { pods: 1000, policies: 1, namespaces: 1, nodes: 3 };
  expect(() => clusterShape(tooFull)).toThrow('3 nodes hold at most 330 pods');
});
