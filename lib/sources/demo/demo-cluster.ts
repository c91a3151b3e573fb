import {
  CLUSTER_RESOURCES,
  DAEMON_SETS,
  ENDPOINT_SLICES,
  INGRESS_CLASSES,
  INGRESSES,
  JOBS,
  PODS,
  REPLICA_SETS,
} from '#lib/model/resource.ts';
import { NODES, type NodeSpec, PodAddresses } from './address-plan.ts';
import { fnv32, nameSuffix, uidOf } from './identifiers.ts';
import { ObjectStore } from './object-store.ts';
import {
  daemonSetObject,
  jobObject,
  type PodState,
  podObject,
  replicaSetObject,
} from './objects.ts';
import { podIdentity, replicaSetIdentity } from './pod-identity.ts';
import { NETWORK_POLICIES } from './policies.ts';
import { endpointSliceObjects } from './service-objects.ts';
import { staticObjects } from './static-objects.ts';
import type { NamespaceSpec, Workload } from './workload.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** One run of a CronJob, which is a Job. */
interface Run {
  readonly workload: Workload;
  readonly job: string;
  readonly createdAt: number;
}

/**
 * The demo cluster while it lives: the pods that run, and the API objects that follow from them.
 * Every method leaves the objects consistent, as the controllers of a real cluster do after a
 * moment.
 */
export class DemoCluster {
  readonly objects = new ObjectStore([
    ...CLUSTER_RESOURCES,
    DAEMON_SETS,
    INGRESSES,
    INGRESS_CLASSES,
    NETWORK_POLICIES,
  ]);
  readonly workloads: readonly Workload[];
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #addresses = new PodAddresses();
  readonly #pods = new Map<Workload, readonly PodState[]>();
  readonly #lastRun = new Map<Workload, number>();
  #created = 0;

  /** `now` gives milliseconds since 1970. */
  constructor(namespaces: readonly NamespaceSpec[], now: () => number) {
    this.#now = now;
    this.#startedAt = now();
    this.workloads = namespaces.flatMap((namespace) => namespace.workloads);
    for (const [resource, body] of staticObjects(namespaces, this.#startedAt - 200 * DAY)) {
      this.objects.set(resource, body);
    }
    for (const workload of this.workloads) this.#deploy(workload);
    this.objects.takeChanges();
  }

  /** The pods of a workload, oldest first; finished ones too. */
  podsOf(workload: Workload): readonly PodState[] {
    return this.#pods.get(workload) ?? [];
  }

  /** A new pod: it has a node, but no address until it starts. */
  createPod(workload: Workload, job = ''): PodState {
    return this.#createPod(workload, job, this.#now());
  }

  startPod(pod: PodState): PodState {
    const { workload, node } = pod;
    const addresses = workload.hostNetwork ? node.addresses : this.#addresses.take(node);
    return this.#update(pod, { ...pod, phase: 'Running', addresses });
  }

  /** Tells a pod to stop; it still runs, but its services send it nothing new. */
  stopPod(pod: PodState): PodState {
    return this.#update(pod, { ...pod, deletedAt: this.#now() });
  }

  /** A pod that did its work: its status keeps the address, though another pod may now get it. */
  finishPod(pod: PodState): PodState {
    this.#freeAddress(pod);
    return this.#update(pod, { ...pod, phase: 'Succeeded' });
  }

  removePod(pod: PodState): void {
    if (pod.phase === 'Running') this.#freeAddress(pod);
    const others = this.podsOf(pod.workload).filter((other) => other.uid !== pod.uid);
    this.#pods.set(pod.workload, others);
    this.objects.delete(PODS, pod.workload.namespace, pod.name);
    this.#refreshSlices(pod.workload);
  }

  /** Writes the wanted number of pods of a Deployment; the caller makes it true. */
  setReplicas(workload: Workload, replicas: number): void {
    const { name, labels } = replicaSetIdentity(workload);
    const createdAt = this.#deployedAt(workload);
    this.objects.set(REPLICA_SETS, replicaSetObject(workload, name, labels, replicas, createdAt));
  }

  /** The Job of a CronJob's next run, named by the minute it was due as Kubernetes does. */
  createRun(workload: Workload): Run {
    return this.#createRun(workload, this.#now());
  }

  finishRun(run: Run): void {
    this.objects.set(JOBS, jobObject(run.workload, run.job, run.createdAt, true));
  }

  removeRun(workload: Workload, job: string): void {
    this.objects.delete(JOBS, workload.namespace, job);
  }

  #deploy(workload: Workload): void {
    const createdAt = this.#deployedAt(workload);
    if (workload.kind === 'CronJob') {
      // The last run, some time within a day, has done its work.
      const run = this.#createRun(workload, this.#startedAt - (fnv32(workload.name) % DAY));
      this.finishPod(this.startPod(this.#createPod(workload, run.job, run.createdAt)));
      this.finishRun(run);
      return;
    }
    if (workload.kind === 'Deployment') this.setReplicas(workload, workload.replicas);
    if (workload.kind === 'DaemonSet')
      this.objects.set(DAEMON_SETS, daemonSetObject(workload, NODES.length, createdAt));
    const count = workload.kind === 'DaemonSet' ? NODES.length : workload.replicas;
    for (let i = 0; i < count; i++) this.startPod(this.#createPod(workload, '', createdAt));
  }

  /** Between 2 and 30 days before the start, the same for the same workload. */
  #deployedAt({ namespace, name }: Workload): number {
    return this.#startedAt - 2 * DAY - (fnv32(`${namespace}/${name}`) % (28 * DAY));
  }

  #createRun(workload: Workload, at: number): Run {
    const last = this.#lastRun.get(workload) ?? 0;
    const minute = Math.max(last + 1, Math.floor(at / MINUTE));
    this.#lastRun.set(workload, minute);
    const run = { workload, job: `${workload.name}-${minute}`, createdAt: at };
    this.objects.set(JOBS, jobObject(workload, run.job, at, false));
    return run;
  }

  #createPod(workload: Workload, job: string, createdAt: number): PodState {
    this.#created++;
    const siblings = this.podsOf(workload);
    const names = new Set(siblings.map((pod) => pod.name));
    let ordinal = 0;
    while (names.has(`${workload.name}-${ordinal}`)) ordinal++;
    let identity = podIdentity(workload, { suffix: this.#suffix(0), ordinal, job });
    for (let retry = 1; names.has(identity.name); retry++) {
      identity = podIdentity(workload, { suffix: this.#suffix(retry), ordinal, job });
    }
    const pod: PodState = {
      ...identity,
      workload,
      uid: uidOf(`Pod/${workload.namespace}/${identity.name}/${this.#created}`),
      createdAt,
      node: this.#emptiestNode(siblings),
      addresses: [],
      phase: 'Pending',
      deletedAt: null,
    };
    this.#pods.set(workload, [...siblings, pod]);
    this.objects.set(PODS, podObject(pod));
    return pod;
  }

  #suffix(retry: number): string {
    return nameSuffix(`${this.#created}/${retry}`);
  }

  /** The scheduler's wish: siblings apart first, then the load even. */
  #emptiestNode(siblings: readonly PodState[]): NodeSpec {
    const all = [...this.#pods.values()].flat();
    const load = (node: NodeSpec) =>
      siblings.filter((pod) => pod.node === node).length * 1000 +
      all.filter((pod) => pod.node === node).length;
    return NODES.reduce((best, node) => (load(node) < load(best) ? node : best));
  }

  #update(old: PodState, pod: PodState): PodState {
    const pods = this.podsOf(pod.workload).map((other) => (other.uid === old.uid ? pod : other));
    this.#pods.set(pod.workload, pods);
    this.objects.set(PODS, podObject(pod));
    this.#refreshSlices(pod.workload);
    return pod;
  }

  #refreshSlices(workload: Workload): void {
    if (workload.service === null) return;
    const pods = this.podsOf(workload);
    const createdAt = this.#deployedAt(workload);
    for (const slice of endpointSliceObjects(workload, workload.service, pods, createdAt)) {
      this.objects.set(ENDPOINT_SLICES, slice);
    }
  }

  #freeAddress(pod: PodState): void {
    const [v4] = pod.addresses;
    if (v4 !== undefined && !pod.workload.hostNetwork) this.#addresses.free(v4);
  }
}
