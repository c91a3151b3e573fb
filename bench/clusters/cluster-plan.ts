import { compareText } from '#lib/model/object-ref.ts';
import { pick, type Random } from '#lib/sources/demo/random.ts';
import { type ClusterShape, largestNamespace } from './cluster-shape.ts';
import { between, chance, shareOut, streamOf, suffix, weighted } from './streams.ts';

/** What runs where: small, so that pods can be written out one after the other. */

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job';

export interface PortPlan {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Pods of one template. */
export interface VersionPlan {
  readonly version: string;
  readonly hash: string;
  readonly replicas: number;
  readonly ports: readonly PortPlan[];
}

export interface WorkloadPlan {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly app: string;
  readonly tier: string;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly finished: boolean;
  /** One of its pods carries labels that its template has not. */
  readonly drifted: boolean;
  readonly versions: readonly VersionPlan[];
}

export interface NamespacePlan {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pods: number;
  /** The first of its pods in the count of the cluster's: for nodes and addresses. */
  readonly firstPod: number;
  readonly policies: number;
  readonly workloads: readonly WorkloadPlan[];
}

export interface ClusterPlan {
  readonly shape: ClusterShape;
  /** Sorted by name. */
  readonly namespaces: readonly NamespacePlan[];
}

export const TEAMS = ['atlas', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron'];
export const ENVIRONMENTS = ['prod', 'staging', 'dev'];

const PORTS: Readonly<Record<string, readonly PortPlan[]>> = {
  frontend: [tcp('http', 8080), tcp('metrics', 9090)],
  backend: [tcp('http', 8080), tcp('grpc', 9000), tcp('metrics', 9090)],
  worker: [tcp('metrics', 9090)],
  cache: [tcp('redis', 6379), tcp('metrics', 9121)],
  database: [tcp('postgres', 5432), tcp('metrics', 9187)],
  queue: [tcp('amqp', 5672), tcp('management', 15672)],
};
const APPS: readonly (readonly [app: string, tier: string])[] = [
  ['web', 'frontend'],
  ['portal', 'frontend'],
  ['admin', 'frontend'],
  ['api', 'backend'],
  ['auth', 'backend'],
  ['billing', 'backend'],
  ['cart', 'backend'],
  ['catalog', 'backend'],
  ['orders', 'backend'],
  ['search', 'backend'],
  ['shipping', 'backend'],
  ['users', 'backend'],
  ['mailer', 'worker'],
  ['indexer', 'worker'],
  ['reports', 'worker'],
  ['importer', 'worker'],
  ['cache', 'cache'],
  ['sessions', 'cache'],
  ['db', 'database'],
  ['ledger', 'database'],
  ['events', 'queue'],
  ['jobs', 'queue'],
];

/** Ten pods on average, where a namespace has room for them. */
const SIZES: readonly (readonly [weight: number, pods: number])[] = [
  [3, 1],
  [3, 2],
  [4, 3],
  [3, 5],
  [3, 8],
  [3, 12],
  [2, 20],
  [1.5, 40],
  [0.3, 100],
];

function tcp(name: string, port: number): PortPlan {
  return { name, port, protocol: 'TCP' };
}

function versionsOf(
  random: Random,
  ports: readonly PortPlan[],
  pods: number,
  most: number,
): readonly VersionPlan[] {
  // most workloads are settled; the others are in the middle of a rollout
  const count = pods > 1 && chance(random, 0.15) ? between(random, 2, Math.max(2, most)) : 1;
  const number = between(random, 1, 40);
  const shares = shareOut(
    pods,
    Array.from({ length: Math.min(count, most) }, () => 1 + random()),
  );
  return shares.flatMap((replicas, i) =>
    replicas === 0
      ? []
      : {
          version: `1.${number + i}.0`,
          hash: suffix(random, 10),
          replicas,
          // what a name stands for may change with a version
          ports:
            i > 0 && chance(random, 0.3)
              ? ports.map((each) => (each.name === 'http' ? { ...each, port: 8081 } : each))
              : ports,
        },
  );
}

function workloadOf(
  random: Random,
  [app, tier]: readonly [app: string, tier: string],
  name: string,
  pods: number,
  shape: ClusterShape,
): WorkloadPlan {
  const kind: WorkloadKind =
    shape.adversary === 'pod-by-pod' || tier === 'database' || tier === 'queue'
      ? 'StatefulSet'
      : weighted(random, [
          [20, 'Deployment'],
          [1, 'StatefulSet'],
          [1, 'DaemonSet'],
          [1, 'Job'],
        ]);
  const most = kind === 'Deployment' ? shape.versions : 1;
  return {
    kind,
    name,
    app,
    tier,
    serviceAccount: chance(random, 0.3) ? name : 'default',
    hostNetwork: kind === 'DaemonSet' && chance(random, 0.5),
    finished: kind === 'Job' && chance(random, 0.5),
    drifted: chance(random, shape.drifted),
    versions: versionsOf(random, PORTS[tier] ?? [], pods, most),
  };
}

function workloadsOf(
  random: Random,
  namespace: string,
  pods: number,
  shape: ClusterShape,
): readonly WorkloadPlan[] {
  const fixed = WELL_KNOWN.get(namespace);
  const workloads: WorkloadPlan[] = [];
  const names = new Map<string, number>();
  // crowded namespaces have larger workloads, and not only more of them
  const factor = pods > 500 ? 4 : 1;
  for (let rest = pods; rest > 0; ) {
    const size = Math.min(rest, weighted(random, SIZES) * factor);
    const what = fixed === undefined ? pick(random, APPS) : fixed;
    const seen = names.get(what[0]) ?? 0;
    names.set(what[0], seen + 1);
    const name = seen === 0 ? what[0] : `${what[0]}-${seen + 1}`;
    workloads.push(workloadOf(random, what, name, size, shape));
    rest -= size;
  }
  return workloads.sort((a, b) => compareText(a.name, b.name));
}

/** Namespaces that others speak of, and what runs there. */
const WELL_KNOWN: ReadonlyMap<string, readonly [app: string, tier: string]> = new Map([
  ['kube-system', ['kube-dns', 'backend']],
  ['monitoring', ['prometheus', 'backend']],
  ['ingress', ['controller', 'frontend']],
]);

function labelsOf(random: Random, name: string): Readonly<Record<string, string>> {
  return {
    'kubernetes.io/metadata.name': name,
    team: pick(random, TEAMS),
    env: weighted(random, [
      [3, 'prod'],
      [1, 'staging'],
      [2, 'dev'],
    ]),
    ...(chance(random, 0.2) ? { 'pod-security.kubernetes.io/enforce': 'restricted' } : {}),
    ...(name === 'monitoring' ? { purpose: 'monitoring' } : {}),
  };
}

function namesOf(random: Random, count: number): readonly string[] {
  const wellKnown = count > WELL_KNOWN.size ? [...WELL_KNOWN.keys()] : [];
  const digits = String(count).length;
  const others = Array.from(
    { length: count - wellKnown.length },
    (_, i) => `${pick(random, TEAMS)}-${String(i + 1).padStart(digits, '0')}`,
  );
  return [...wellKnown, ...others];
}

/** Few namespaces are large and most are small; every one has a pod while there are enough. */
function podsByNamespace(shape: ClusterShape): readonly number[] {
  const { pods, namespaces } = shape;
  const largest = namespaces === 1 ? pods : largestNamespace(shape);
  const floor = pods - largest >= namespaces ? 1 : 0;
  const weights = Array.from({ length: namespaces - 1 }, (_, i) => (i + 10) ** -0.5);
  const rest = shareOut(pods - largest - floor * (namespaces - 1), weights);
  return [...rest.map((each) => Math.min(each + floor, 3000)), largest];
}

/** Plans a cluster: namespaces with their workloads, and how many policies each has. */
export function planCluster(shape: ClusterShape): ClusterPlan {
  const random = streamOf(shape.seed, 'plan');
  const sizes = podsByNamespace(shape);
  const named = namesOf(random, shape.namespaces)
    .map((name, i) => ({ name, pods: sizes[i] ?? 0 }))
    .sort((a, b) => compareText(a.name, b.name));
  const policies = shareOut(
    shape.policies,
    named.map(({ pods }) => Math.sqrt(pods)),
  );
  let firstPod = 0;
  const namespaces = named.map(({ name, pods }, i): NamespacePlan => {
    const own = streamOf(shape.seed, 'namespace', name);
    const labels = labelsOf(own, name);
    const plan = {
      name,
      labels,
      pods,
      firstPod,
      policies: policies[i] ?? 0,
      workloads: workloadsOf(own, name, pods, shape),
    };
    firstPod += pods;
    return plan;
  });
  return { shape, namespaces };
}
