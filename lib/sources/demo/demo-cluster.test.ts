import { describe, expect, test } from 'vitest';
import { readObjects, violations } from './cluster-invariants.ts';
import { DemoCluster } from './demo-cluster.ts';
import { HARBOUR } from './harbour/harbour.ts';
import { NETWORK_POLICIES } from './policies.ts';

const START = Date.UTC(2026, 10, 21, 9);

const open = () => new DemoCluster(HARBOUR, () => START);

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

describe('the cluster of Harbour', () => {
  const cluster = open();
  const objects = readObjects(cluster);

  test('is sound', () => {
    expect(violations(objects)).toEqual([]);
  });

  test('is of a believable size', () => {
    expect(countBy(Object.values(objects).flat(), ({ kind }) => kind)).toEqual({
      DaemonSet: 3,
      EndpointSlice: 41,
      Job: 2,
      Namespace: 11,
      Node: 5,
      Pod: 115,
      ReplicaSet: 31,
      Service: 39,
    });
    expect(countBy(cluster.workloads, ({ kind }) => kind)).toEqual({
      CronJob: 2,
      DaemonSet: 3,
      Deployment: 31,
      Pod: 1,
      StatefulSet: 11,
    });
    expect(cluster.objects.list(NETWORK_POLICIES)).toHaveLength(52);
  });

  test('names pods as the controllers of Kubernetes do', () => {
    const names = (namespace: string, workload: string) =>
      objects.pods
        .filter(
          ({ metadata, spec }) =>
            metadata.namespace === namespace && spec.containers[0].name === workload,
        )
        .map(({ metadata }) => metadata.name);
    for (const name of names('shop', 'web')) {
      expect(name).toMatch(/^web-[bcdf-hj-np-tv-xz2456789]{8,10}-[bcdf-hj-np-tv-xz2456789]{5}$/);
    }
    expect(names('data', 'postgres')).toEqual(['postgres-0', 'postgres-1', 'postgres-2']);
    for (const name of names('monitoring', 'alloy')) {
      expect(name).toMatch(/^alloy-[bcdf-hj-np-tv-xz2456789]{5}$/);
    }
    expect(names('payments', 'settlement')[0]).toMatch(/^settlement-29\d{6}-\w{5}$/);
    expect(names('staging', 'debug-shell')).toEqual(['debug-shell']);
  });

  test('has one pod of a DaemonSet on each node', () => {
    for (const name of ['alloy', 'node-exporter', 'calico-node']) {
      const nodes = objects.pods
        .filter(({ spec }) => spec.containers[0].name === name)
        .map(({ spec }) => spec.nodeName);
      expect(new Set(nodes).size).toBe(5);
      expect(nodes).toHaveLength(5);
    }
  });

  test('has finished Jobs, whose pods have done their work', () => {
    const finished = objects.pods.filter(({ status }) => status.phase === 'Succeeded');
    expect(finished.map(({ spec }) => spec.containers[0].name)).toEqual(['settlement', 'backup']);
  });

  test('is spread evenly over its nodes', () => {
    const perNode = Object.values(countBy(objects.pods, ({ spec }) => spec.nodeName));
    expect(Math.max(...perNode) - Math.min(...perNode)).toBeLessThanOrEqual(3);
  });

  test('is the same each time', () => {
    expect(readObjects(open())).toEqual(objects);
  });
});

test('two thousand Jobs do not use up the addresses', () => {
  const cluster = open();
  const settlement = cluster.workloads.find(({ name }) => name === 'settlement');
  if (settlement === undefined) throw new Error('no settlement');
  const runs = Array.from({ length: 2000 }, () => {
    const run = cluster.createRun(settlement);
    const finished = cluster.finishPod(cluster.startPod(cluster.createPod(settlement, run.job)));
    cluster.finishRun(run);
    cluster.removePod(finished);
    cluster.removeRun(settlement, run.job);
    return run.job;
  });
  expect(new Set(runs).size).toBe(2000);
  expect(violations(readObjects(cluster))).toEqual([]);
});
