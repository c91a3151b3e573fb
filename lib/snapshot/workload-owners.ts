import type { Pod } from '#lib/model/cluster.ts';
import { namespacedName } from '#lib/model/cluster.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';

/** Finds the workload people know: the Deployment above the ReplicaSet, the CronJob above the Job. */

/** The controllers of ReplicaSets and Jobs by `namespace/name`; null where an object has none. */
export interface OwnerLookup {
  readonly replicaSets: ReadonlyMap<string, ObjectRef | null>;
  readonly jobs: ReadonlyMap<string, ObjectRef | null>;
}

/** `web-7d4f8c` with the label `pod-template-hash=7d4f8c` was made by the Deployment `web`. */
function deploymentByHash(replicaSet: ObjectRef, labels: Labels): ObjectRef | null {
  const hash = labels.get('pod-template-hash');
  if (hash === undefined || !replicaSet.name.endsWith(`-${hash}`)) return null;
  return { ...replicaSet, kind: 'Deployment', name: replicaSet.name.slice(0, -hash.length - 1) };
}

/** The CronJob controller names its Jobs after the minute they are for: `backup-29384756`. */
function cronJobByName(job: ObjectRef): ObjectRef | null {
  const match = /^(.+)-\d{8,}$/.exec(job.name);
  return match?.[1] === undefined ? null : { ...job, kind: 'CronJob', name: match[1] };
}

/**
 * The workload of a pod. Owners that were not listed (they may be forbidden) are told by the
 * conventions of their controllers, else the direct owner stands.
 */
export function workloadOf({ workload, labels, namespace }: Pod, owners: OwnerLookup): ObjectRef {
  const key = namespacedName(namespace, workload.name);
  switch (workload.kind) {
    case 'ReplicaSet': {
      const owner = owners.replicaSets.get(key);
      return (owner === undefined ? deploymentByHash(workload, labels) : owner) ?? workload;
    }
    case 'Job': {
      const owner = owners.jobs.get(key);
      return (owner === undefined ? cronJobByName(workload) : owner) ?? workload;
    }
    default:
      return workload;
  }
}
