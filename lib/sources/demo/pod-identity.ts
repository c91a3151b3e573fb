import { templateHash, uidOf } from './identifiers.ts';
import { type OwnerReference, ownedBy } from './objects.ts';
import type { Workload } from './workload.ts';

type Labels = Readonly<Record<string, string>>;

/** What a controller gives to the pods it makes. */
interface PodIdentity {
  readonly name: string;
  readonly labels: Labels;
  readonly owner: OwnerReference | null;
}

/** Names the parts of a pod's name that its controller does not know by itself. */
interface PodParts {
  /** Five random letters. */
  readonly suffix: string;
  /** Place in a StatefulSet. */
  readonly ordinal: number;
  /** The Job of a CronJob's run. */
  readonly job: string;
}

/** Name and selector of the one ReplicaSet of a Deployment. */
export function replicaSetIdentity(workload: Workload): { name: string; labels: Labels } {
  const hash = revisionOf(workload);
  return {
    name: `${workload.name}-${hash}`,
    labels: { ...workload.labels, 'pod-template-hash': hash },
  };
}

function revisionOf({ namespace, name, image }: Workload): string {
  return templateHash(`${namespace}/${name}/${image}`);
}

/** Name, labels and owner as the controllers of Kubernetes choose them. */
export function podIdentity(workload: Workload, parts: PodParts): PodIdentity {
  const { kind, namespace, name, labels } = workload;
  switch (kind) {
    case 'Deployment': {
      const replicaSet = replicaSetIdentity(workload);
      return {
        name: `${replicaSet.name}-${parts.suffix}`,
        labels: replicaSet.labels,
        owner: ownedBy('ReplicaSet', namespace, replicaSet.name),
      };
    }
    case 'StatefulSet': {
      const pod = `${name}-${parts.ordinal}`;
      return {
        name: pod,
        labels: {
          ...labels,
          'apps.kubernetes.io/pod-index': String(parts.ordinal),
          'controller-revision-hash': `${name}-${revisionOf(workload)}`,
          'statefulset.kubernetes.io/pod-name': pod,
        },
        owner: ownedBy('StatefulSet', namespace, name),
      };
    }
    case 'DaemonSet':
      return {
        name: `${name}-${parts.suffix}`,
        labels: {
          ...labels,
          'controller-revision-hash': revisionOf(workload),
          'pod-template-generation': '1',
        },
        owner: ownedBy('DaemonSet', namespace, name),
      };
    case 'CronJob':
      return {
        name: `${parts.job}-${parts.suffix}`,
        labels: {
          ...labels,
          'batch.kubernetes.io/controller-uid': uidOf(`Job/${namespace}/${parts.job}`),
          'batch.kubernetes.io/job-name': parts.job,
        },
        owner: ownedBy('Job', namespace, parts.job),
      };
    case 'Pod':
      return { name, labels, owner: null };
  }
}
