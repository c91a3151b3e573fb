import { describe, expect, test } from 'vitest';
import { analyse } from '#lib/engine/connectivity.ts';
import { CHURN_KINDS, Churn } from './churn.ts';
import { clusterShape } from './cluster-shape.ts';
import { generateCluster } from './generated-cluster.ts';
import { loadCluster } from './load-cluster.ts';

const SHAPE = { pods: 200, policies: 60, namespaces: 12, seed: Date.now() % 100_000 };

describe(`churn (seed ${SHAPE.seed})`, () => {
  test('is the same for the same seed', () => {
    const cluster = generateCluster(clusterShape(SHAPE));
    const story = (seed: number) => {
      const churn = new Churn(cluster, seed);
      return JSON.stringify(Array.from({ length: 50 }, () => churn.step()));
    };
    expect(story(4)).toBe(story(4));
    expect(story(4)).not.toBe(story(5));
  });

  test('is valid, and changes what it says it changes', () => {
    const cluster = generateCluster(clusterShape(SHAPE));
    const store = loadCluster(cluster);
    const churn = new Churn(cluster, SHAPE.seed);
    for (const kind of CHURN_KINDS) {
      const before = store.snapshot();
      const { resource, changes } = churn.step(kind);
      store.changed(resource, changes);
      expect(store.snapshot(), kind).not.toBe(before);
    }
    for (let i = 0; i < 200; i++) {
      const { resource, changes } = churn.step();
      store.changed(resource, changes);
    }
    const { problems, pods } = store.snapshot();
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(
      pods.length,
    );
    expect(analyse(store.snapshot()).groups.length).toBeGreaterThan(0);
  });
});
