import type { Pod } from '#lib/model/cluster.ts';
import { compareText, type ObjectRef, refKey } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/** Pods as people speak of them: by their workloads. */

/** Each workload once, sorted. */
export function workloadsOf(pods: Iterable<Pod>): readonly ObjectRef[] {
  const refs = new Map<string, ObjectRef>();
  for (const { workload } of pods) refs.set(refKey(workload), workload);
  return [...refs].sort(([a], [b]) => compareText(a, b)).map(([, ref]) => ref);
}

/** The number of pods, a template from a file counting for the replicas it asks for. */
export function podCount(pods: readonly Pod[]): number {
  return pods.reduce((sum, { replicas }) => sum + replicas, 0);
}

const CRON_JOB = ['spec', 'jobTemplate', 'spec', 'template', 'spec'];

/** Where a workload describes its pods. */
export function podSpecPath({ kind }: ObjectRef): FieldPath {
  if (kind === 'Pod') return ['spec'];
  return kind === 'CronJob' ? CRON_JOB : ['spec', 'template', 'spec'];
}

/** `shop/web`; without a namespace the kind says what it is. */
export function named({ kind, namespace, name }: ObjectRef): string {
  return `${namespace ?? kind}/${name}`;
}
