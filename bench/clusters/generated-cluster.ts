import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import {
  NAMESPACES,
  NODES,
  PODS,
  REPLICA_SETS,
  type Resource,
  resourceName,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { type ClusterPlan, planCluster, type WorkloadPlan } from './cluster-plan.ts';
import type { ClusterShape } from './cluster-shape.ts';
import { type PodForm, podBody } from './pod-body.ts';
import { nodeAddress, nodeName, podsIn, uidOf } from './pods.ts';
import { policiesOf } from './policies.ts';

/** A whole cluster, its objects made as they are asked for: a large one is never held in memory. */
export interface GeneratedCluster {
  readonly shape: ClusterShape;
  readonly plan: ClusterPlan;
  /** Those that have objects, in the order they are best told. */
  readonly resources: readonly Resource[];
  /** In the order an API lists them; with apiVersion and kind. */
  objects(resource: Resource, form?: PodForm): Iterable<JsonObject>;
}

/** One page of a list as an API server sends it. */
export interface ListPage {
  readonly resource: Resource;
  readonly objects: number;
  readonly text: string;
}

function* namespaceBodies({ namespaces }: ClusterPlan): Generator<JsonObject> {
  for (const { name, labels } of namespaces)
    yield {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
      status: { phase: 'Active' },
    };
}

function* nodeBodies({ shape }: ClusterPlan): Generator<JsonObject> {
  for (let i = 0; i < shape.nodes; i++)
    yield {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: nodeName(i), labels: { 'kubernetes.io/hostname': nodeName(i) } },
      status: {
        addresses: [
          { type: 'InternalIP', address: nodeAddress(i) },
          { type: 'Hostname', address: nodeName(i) },
        ],
        nodeInfo: { kubeletVersion: 'v1.34.2' },
      },
    };
}

function replicaSetsOf(
  namespace: string,
  { kind, name, versions }: WorkloadPlan,
): readonly JsonObject[] {
  if (kind !== 'Deployment') return [];
  return versions.map(({ hash }) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name,
          controller: true,
        },
      ],
    },
  }));
}

function* replicaSetBodies({ namespaces }: ClusterPlan): Generator<JsonObject> {
  for (const { name, workloads } of namespaces)
    for (const workload of workloads) yield* replicaSetsOf(name, workload);
}

function* podBodies(plan: ClusterPlan, form: PodForm): Generator<JsonObject> {
  for (const namespace of plan.namespaces)
    for (const pod of podsIn(plan, namespace)) yield podBody(pod, plan, form);
}

function isOf({ group, kind }: Resource, object: JsonObject): boolean {
  return object.kind === kind && String(object.apiVersion).startsWith(`${group}/`);
}

/** Generates a cluster; nothing of it depends on anything but its shape. */
export function generateCluster(shape: ClusterShape): GeneratedCluster {
  const plan = planCluster(shape);
  const policies = [...policiesOf(plan)];
  const kinds = POLICY_KINDS.map(({ resource }) => resource).filter((resource) =>
    policies.some((object) => isOf(resource, object)),
  );
  return {
    shape,
    plan,
    resources: [NAMESPACES, NODES, REPLICA_SETS, PODS, ...kinds],
    objects(resource, form = 'slim') {
      switch (resourceName(resource)) {
        case resourceName(NAMESPACES):
          return namespaceBodies(plan);
        case resourceName(NODES):
          return nodeBodies(plan);
        case resourceName(REPLICA_SETS):
          return replicaSetBodies(plan);
        case resourceName(PODS):
          return podBodies(plan, form);
        default:
          return policies.filter((object) => isOf(resource, object));
      }
    },
  };
}

/** As the reader asks for them. */
const PAGE = 500;

export interface PageOptions {
  readonly form?: PodForm;
  /** Whether every object has a uid and a version; those of full pods do. */
  readonly withIdentity?: boolean;
}

/** The lists of a cluster as an API server sends them, page by page. */
export function* listPages(
  cluster: GeneratedCluster,
  { form = 'slim', withIdentity = form === 'full' }: PageOptions = {},
): Generator<ListPage> {
  for (const resource of cluster.resources) {
    let items: JsonObject[] = [];
    for (const { apiVersion: _, kind: __, ...item } of cluster.objects(resource, form)) {
      items.push(withIdentity ? identified(resource, item) : item);
      if (items.length < PAGE) continue;
      yield pageOf(resource, items);
      items = [];
    }
    yield pageOf(resource, items);
  }
}

/** What an API server gives to everything it stores. */
function identified({ kind }: Resource, item: JsonObject): JsonObject {
  const metadata = isJsonObject(item.metadata) ? item.metadata : {};
  if (metadata.uid !== undefined) return item;
  const uid = uidOf(`${kind}/${metadata.namespace ?? ''}/${metadata.name}`);
  return { ...item, metadata: { ...metadata, uid, resourceVersion: '1000' } };
}

function pageOf(resource: Resource, items: readonly JsonObject[]): ListPage {
  const { group, version, kind } = resource;
  const page = {
    kind: `${kind}List`,
    apiVersion: group === '' ? version : `${group}/${version}`,
    metadata: { resourceVersion: '1000000' },
    items,
  };
  return { resource, objects: items.length, text: JSON.stringify(page) };
}
