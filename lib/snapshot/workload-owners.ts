import type { Pod } from '#lib/model/cluster.ts';
import { namespacedName } from '#lib/model/cluster.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';

/** Finds the workload people know: the Deployment above the ReplicaSet, the CronJob above the Job. */

/** The controllers of one kind by `namespace/name`, null where an object has none; null when the kind could not be read. */
export type Owners = ReadonlyMap<string, ObjectRef | null> | null;

export interface OwnerLookup {
  readonly replicaSets: Owners;
  readonly jobs: Owners;
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
 * The workload of a pod. Where its owner's kind could not be read, the conventions of the
 * controllers tell; where it was read and the owner is not there, the direct owner stands.
 */
export function workloadOf({ workload, labels, namespace }: Pod, owners: OwnerLookup): ObjectRef {
  const key = namespacedName(namespace, workload.name);
  switch (workload.kind) {
    case 'ReplicaSet': {
      const owner =
        owners.replicaSets === null
          ? deploymentByHash(workload, labels)
          : owners.replicaSets.get(key);
      return owner ?? workload;
    }
    case 'Job': {
      const owner = owners.jobs === null ? cronJobByName(workload) : owners.jobs.get(key);
      return owner ?? workload;
    }
    default:
      return workload;
  }
}
