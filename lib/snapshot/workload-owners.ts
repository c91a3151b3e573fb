import type { Pod } from '#lib/model/cluster.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';

/** Finds the workload people know: the Deployment above the ReplicaSet, the CronJob above the Job. */

/** The controllers of one kind. */
export interface Owners {
  /** Who controls it; null when nobody does, undefined when there is no such object. */
  controllerOf(namespace: string, name: string): ObjectRef | null | undefined;
}

/** Null where a kind could not be read. */
export interface OwnerLookup {
  readonly replicaSets: Owners | null;
  readonly jobs: Owners | null;
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
 * The workload of a pod, which `controller` controls. Where the owner's kind could not be read, the
 * conventions of the controllers tell; where it was read and the owner is not there, the direct owner
 * stands.
 */
export function workloadOf(
  { namespace, labels }: Pick<Pod, 'namespace' | 'labels'>,
  controller: ObjectRef,
  { replicaSets, jobs }: OwnerLookup,
): ObjectRef {
  switch (controller.kind) {
    case 'ReplicaSet': {
      const owner =
        replicaSets === null
          ? deploymentByHash(controller, labels)
          : replicaSets.controllerOf(namespace, controller.name);
      return owner ?? controller;
    }
    case 'Job': {
      const owner =
        jobs === null ? cronJobByName(controller) : jobs.controllerOf(namespace, controller.name);
      return owner ?? controller;
    }
    default:
      return controller;
  }
}
