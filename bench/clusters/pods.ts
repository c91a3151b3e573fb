import type { JsonObject } from '#lib/model/json.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { pick, type Random } from '#lib/sources/demo/random.ts';
import type { ClusterPlan, NamespacePlan, VersionPlan, WorkloadPlan } from './cluster-plan.ts';
import { between, streamOf, suffix } from './streams.ts';

export interface PodPlan {
  readonly name: string;
  readonly namespace: string;
  /** Its place in the count of the cluster's pods. */
  readonly index: number;
  readonly workload: WorkloadPlan;
  readonly version: VersionPlan;
  readonly labels: Readonly<Record<string, string>>;
}

/** What somebody changed by hand and forgot. */
const DRIFT: readonly Readonly<Record<string, string>>[] = [
  { debug: 'true' },
  { role: 'canary' },
  { tier: 'legacy' },
  { quarantine: 'yes' },
];

function templateLabels(workload: WorkloadPlan, { version }: VersionPlan, namespace: string) {
  const { app, name, tier } = workload;
  return {
    app,
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/part-of': namespace,
    'app.kubernetes.io/version': version,
    tier,
    ...(app === 'kube-dns' ? { 'k8s-app': 'kube-dns' } : {}),
  };
}

function podName(random: Random, workload: WorkloadPlan, hash: string, ordinal: number): string {
  switch (workload.kind) {
    case 'Deployment':
      return `${workload.name}-${hash}-${suffix(random, 5)}`;
    case 'StatefulSet':
      return `${workload.name}-${ordinal}`;
    default:
      return `${workload.name}-${suffix(random, 5)}`;
  }
}

function controllerLabels(workload: WorkloadPlan, hash: string, name: string, ordinal: number) {
  switch (workload.kind) {
    case 'Deployment':
      return { 'pod-template-hash': hash };
    case 'StatefulSet':
      return {
        'apps.kubernetes.io/pod-index': String(ordinal),
        'controller-revision-hash': `${workload.name}-${hash}`,
        'statefulset.kubernetes.io/pod-name': name,
      };
    case 'DaemonSet':
      return { 'controller-revision-hash': hash, 'pod-template-generation': '3' };
    case 'Job':
      return { 'batch.kubernetes.io/job-name': workload.name, 'job-name': workload.name };
  }
}

/** The pods of a namespace, in the order an API lists them. */
export function podsIn({ shape }: ClusterPlan, namespace: NamespacePlan): readonly PodPlan[] {
  const random = streamOf(shape.seed, 'pods', namespace.name);
  const pods: PodPlan[] = [];
  const taken = new Set<string>();
  for (const workload of namespace.workloads) {
    let ordinal = 0;
    for (const version of workload.versions)
      for (let i = 0; i < version.replicas; i++, ordinal++) {
        let name = podName(random, workload, version.hash, ordinal);
        while (taken.has(name)) name = podName(random, workload, version.hash, ordinal);
        taken.add(name);
        const drift = workload.drifted && i === 0 ? pick(random, DRIFT) : {};
        pods.push({
          name,
          namespace: namespace.name,
          index: namespace.firstPod + pods.length,
          workload,
          version,
          labels: {
            ...templateLabels(workload, version, namespace.name),
            ...controllerLabels(workload, version.hash, name, ordinal),
            ...drift,
            ...(shape.adversary === 'unique-not-in'
              ? { slot: `s${between(random, 1, Math.max(1, shape.policies))}` }
              : {}),
          },
        });
      }
  }
  return pods.sort((a, b) => compareText(a.name, b.name));
}

export function nodeName(index: number): string {
  return `node-${String(index).padStart(4, '0')}`;
}

export function nodeAddress(index: number): string {
  return `172.16.${index >> 8}.${index & 255}`;
}

/** Each node has a block of 256 addresses for its pods. */
function podAddress(node: number, slot: number): string {
  return `10.${128 + (node >> 8)}.${node & 255}.${slot + 2}`;
}

function ownerOf({ workload, version }: PodPlan): JsonObject {
  const name = workload.kind === 'Deployment' ? `${workload.name}-${version.hash}` : workload.name;
  return {
    apiVersion: workload.kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind: workload.kind === 'Deployment' ? 'ReplicaSet' : workload.kind,
    name,
    controller: true,
  };
}

/** Looks like one, and is the same for the same thing. */
export function uidOf(what: string): string {
  const random = streamOf(0, what);
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

export function portsOf({ ports }: VersionPlan): readonly JsonObject[] {
  return ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol }));
}

/** The number of the node it runs on, and its address. */
export function placeOf({ index, workload }: PodPlan, nodes: number) {
  const node = index % nodes;
  const ip = workload.hostNetwork ? nodeAddress(node) : podAddress(node, Math.floor(index / nodes));
  return { node, ip };
}

/** What Sightline reads of a pod. */
export function slimPod(pod: PodPlan, nodes: number): JsonObject {
  const { name, namespace, labels, workload, version } = pod;
  const { node, ip } = placeOf(pod, nodes);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels,
      ownerReferences: [ownerOf(pod)],
    },
    spec: {
      nodeName: nodeName(node),
      serviceAccountName: workload.serviceAccount,
      ...(workload.hostNetwork ? { hostNetwork: true } : {}),
      containers: [
        {
          name: workload.app,
          ports: portsOf(version),
        },
      ],
    },
    status: {
      phase: workload.finished ? 'Succeeded' : 'Running',
      podIPs: [{ ip }],
    },
  };
}
