import { describe, expect, test } from 'vitest';
import { PODS } from '#lib/model/resource.ts';
import type { ObjectChange } from '#lib/sources/cluster-source.ts';
import { Churn } from './churn.ts';
import { readObjects, violations } from './cluster-invariants.ts';
import { DemoCluster } from './demo-cluster.ts';
import { HARBOUR } from './harbour/harbour.ts';
import { seededRandom } from './random.ts';

const STEPS = 10_000;
const START = Date.UTC(2026, 10, 21, 9);

/** A cluster whose clock goes on by the pauses of its churn. */
function lively(seed: number) {
  let now = START;
  const cluster = new DemoCluster(HARBOUR, () => now);
  const churn = new Churn(cluster, seededRandom(seed));
  const step = () => {
    const pause = churn.step();
    now += pause;
    return { pause, changes: cluster.objects.takeChanges() };
  };
  return { cluster, step };
}

/** What somebody knows of the pods who heard their list and then only of changes: uid by name. */
class Listener {
  readonly uids = new Map<string, string>();

  hear(changes: readonly ObjectChange[]): void {
    for (const change of changes) {
      if (change.type === 'delete') {
        expect(this.uids.delete(`${change.namespace}/${change.name}`)).toBe(true);
        continue;
      }
      const { namespace, name, uid } = change.object.body.metadata as Record<string, string>;
      const key = `${namespace}/${name}`;
      // A new uid under an old name is a delete and an add.
      expect([undefined, uid]).toContain(this.uids.get(key));
      this.uids.set(key, uid ?? '');
    }
  }
}

describe('churn', () => {
  test(`leaves the cluster sound and of the same size for ${STEPS} steps`, () => {
    const { cluster, step } = lively(1);
    const sizes = new Set<number>();
    for (let i = 0; i < STEPS; i++) {
      step();
      // Each step at first; then at a stride that meets every phase of a story.
      if (i > 150 && i % 97 !== 0) continue;
      const objects = readObjects(cluster);
      expect(violations(objects)).toEqual([]);
      expect(objects.jobs.length).toBeLessThanOrEqual(3);
      sizes.add(objects.pods.length);
    }
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(111);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(118);
  });

  test('can be followed by its changes alone', () => {
    const { cluster, step } = lively(2);
    const listener = new Listener();
    listener.hear(cluster.objects.list(PODS) ?? []);
    for (let i = 0; i < 2000; i++) listener.hear(step().changes.get('pods') ?? []);
    const newcomer = new Listener();
    newcomer.hear(cluster.objects.list(PODS) ?? []);
    expect(listener.uids).toEqual(newcomer.uids);
  });

  test('replaces, restarts, scales and runs, and lets all else be', () => {
    const { cluster, step } = lively(3);
    const before = readObjects(cluster);
    const touched = new Set<string>();
    const sizesOfWeb = new Set<number>();
    for (let i = 0; i < 500; i++) {
      for (const resource of step().changes.keys()) touched.add(resource);
      const web = cluster.workloads.find((w) => w.namespace === 'shop' && w.name === 'web');
      sizesOfWeb.add(web === undefined ? 0 : cluster.podsOf(web).length);
    }
    expect([...touched].sort()).toEqual([
      'endpointslices.discovery.k8s.io',
      'jobs.batch',
      'pods',
      'replicasets.apps',
    ]);
    const after = readObjects(cluster);
    const lastingPods = before.pods.filter(({ metadata }) =>
      after.pods.some((pod) => pod.metadata.uid === metadata.uid),
    );
    expect(lastingPods.length).toBeGreaterThan(30);
    expect(lastingPods.length).toBeLessThan(before.pods.length);
    const restarted = before.pods.filter(({ metadata: { namespace, name, uid } }) =>
      after.pods.some(
        ({ metadata }) =>
          metadata.namespace === namespace && metadata.name === name && metadata.uid !== uid,
      ),
    );
    expect(restarted.length).toBeGreaterThan(0);
    expect([...sizesOfWeb].sort((a, b) => a - b)).toEqual([6, 7, 8, 9, 10]);
    expect(after.jobs.map(({ metadata }) => metadata.name)).not.toEqual(
      before.jobs.map(({ metadata }) => metadata.name),
    );
  });

  test('pauses for seconds, longer between stories', () => {
    const { step } = lively(4);
    const pauses = Array.from({ length: 500 }, () => step().pause);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...pauses)).toBeLessThan(12_000);
  });

  test('tells the same story for the same numbers', () => {
    const [one, two] = [lively(5), lively(5)];
    for (let i = 0; i < 200; i++) expect(one.step()).toEqual(two.step());
  });
});
