import { type ClusterSnapshot, withPods } from '#lib/engine/cluster-snapshot.ts';

/** The pods of each namespace under three controllers, so that workloads have several pods and groups. */
export function withControllers(snapshot: ClusterSnapshot): ClusterSnapshot {
  const pods = snapshot.pods.map((pod, index) => ({
    ...pod,
    workload: { kind: 'Deployment', namespace: pod.namespace, name: `w${index % 3}` },
  }));
  return withPods(snapshot, pods);
}
