/** API objects as plain JSON, with the fields that say something about the network. */
import type { JsonObject } from '#lib/model/json.ts';
import type { NodeSpec } from './address-plan.ts';
import { timestamp, uidOf } from './identifiers.ts';
import type { NamedObject } from './object-store.ts';
import type { Workload } from './workload.ts';

type Labels = Readonly<Record<string, string>>;

export interface OwnerReference extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: true;
  readonly blockOwnerDeletion: true;
}

const GROUP_VERSIONS = new Map([
  ['ReplicaSet', 'apps/v1'],
  ['Deployment', 'apps/v1'],
  ['StatefulSet', 'apps/v1'],
  ['DaemonSet', 'apps/v1'],
  ['Job', 'batch/v1'],
  ['CronJob', 'batch/v1'],
]);

/** A reference to the controller of an object; the uid follows from what it is called. */
export function ownedBy(kind: string, namespace: string, name: string): OwnerReference {
  return {
    apiVersion: GROUP_VERSIONS.get(kind) ?? 'v1',
    kind,
    name,
    uid: uidOf(`${kind}/${namespace}/${name}`),
    controller: true,
    blockOwnerDeletion: true,
  };
}

interface Identity {
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly labels?: Labels;
  readonly owner?: OwnerReference;
}

function metadata(identity: Identity): NamedObject['metadata'] {
  const { namespace, name, uid, createdAt, labels, owner } = identity;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    creationTimestamp: timestamp(createdAt),
    ...(labels === undefined ? {} : { labels }),
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
  };
}

export function namespaceObject(name: string, labels: Labels, createdAt: number): NamedObject {
  const all = { 'kubernetes.io/metadata.name': name, ...labels };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: metadata({ name, uid: uidOf(`Namespace/${name}`), createdAt, labels: all }),
    status: { phase: 'Active' },
  };
}

export function nodeObject(node: NodeSpec, createdAt: number): NamedObject {
  const labels = {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/region': 'eu-central-1',
    'topology.kubernetes.io/zone': node.zone,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata({ name: node.name, uid: uidOf(`Node/${node.name}`), createdAt, labels }),
    spec: { podCIDR: node.podRanges[0], podCIDRs: [...node.podRanges] },
    status: {
      addresses: [
        ...node.addresses.map((address) => ({ type: 'InternalIP', address })),
        { type: 'Hostname', address: node.name },
      ],
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: { kubeletVersion: 'v1.34.2', architecture: 'amd64', operatingSystem: 'linux' },
    },
  };
}

/** A pod at one moment of its life. */
export interface PodState {
  readonly workload: Workload;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly labels: Labels;
  readonly owner: OwnerReference | null;
  readonly node: NodeSpec;
  /** Empty until the pod starts. */
  readonly addresses: readonly string[];
  readonly phase: 'Pending' | 'Running' | 'Succeeded';
  /** When it was told to stop; null while it is wanted. */
  readonly deletedAt: number | null;
}

export function isReady(pod: PodState): boolean {
  return pod.phase === 'Running' && pod.deletedAt === null;
}

export function podObject(pod: PodState): NamedObject {
  const { workload, addresses } = pod;
  const identity: Identity = {
    namespace: workload.namespace,
    name: pod.name,
    uid: pod.uid,
    createdAt: pod.createdAt,
    labels: pod.labels,
    ...(pod.owner === null ? {} : { owner: pod.owner }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata(identity),
      ...(pod.deletedAt === null ? {} : { deletionTimestamp: timestamp(pod.deletedAt) }),
    },
    spec: {
      nodeName: pod.node.name,
      ...(workload.hostNetwork ? { hostNetwork: true } : {}),
      containers: [
        {
          name: workload.name,
          image: workload.image,
          ...(workload.ports.length === 0
            ? {}
            : {
                ports: workload.ports.map(({ name, port, protocol }) => ({
                  name,
                  containerPort: port,
                  protocol,
                  ...(workload.hostNetwork ? { hostPort: port } : {}),
                })),
              }),
        },
      ],
    },
    status: {
      phase: pod.phase,
      conditions: [{ type: 'Ready', status: isReady(pod) ? 'True' : 'False' }],
      hostIP: pod.node.addresses[0],
      hostIPs: pod.node.addresses.map((ip) => ({ ip })),
      ...(addresses[0] === undefined
        ? {}
        : { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }),
    },
  };
}

export function daemonSetObject(workload: Workload, nodes: number, createdAt: number): NamedObject {
  const { namespace, name, image, labels, hostNetwork, environment } = workload;
  const env = Object.entries(environment).map(([variable, value]) => ({ name: variable, value }));
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata({
      namespace,
      name,
      uid: uidOf(`DaemonSet/${namespace}/${name}`),
      createdAt,
      labels,
    }),
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...(hostNetwork ? { hostNetwork: true } : {}),
          containers: [{ name, image, ...(env.length === 0 ? {} : { env }) }],
        },
      },
    },
    status: {
      desiredNumberScheduled: nodes,
      currentNumberScheduled: nodes,
      numberReady: nodes,
      observedGeneration: 1,
    },
  };
}

export function replicaSetObject(
  workload: Workload,
  name: string,
  labels: Labels,
  replicas: number,
  createdAt: number,
): NamedObject {
  const { namespace } = workload;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: metadata({
      namespace,
      name,
      uid: uidOf(`ReplicaSet/${namespace}/${name}`),
      createdAt,
      labels,
      owner: ownedBy('Deployment', namespace, workload.name),
    }),
    spec: { replicas, selector: { matchLabels: labels } },
    status: { replicas },
  };
}

export function jobObject(
  workload: Workload,
  name: string,
  createdAt: number,
  succeeded: boolean,
): NamedObject {
  const { namespace } = workload;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata({
      namespace,
      name,
      uid: uidOf(`Job/${namespace}/${name}`),
      createdAt,
      labels: workload.labels,
      owner: ownedBy('CronJob', namespace, workload.name),
    }),
    spec: { completions: 1, parallelism: 1, backoffLimit: 2 },
    status: succeeded ? { succeeded: 1 } : { active: 1 },
  };
}
