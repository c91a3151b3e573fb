import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { NAMESPACES, PODS, type Resource } from '#lib/model/resource.ts';
import { networkPolicy as networkPolicyKind } from '#lib/policies/network-policy/network-policy.ts';
import type { ObjectChange } from '#lib/sources/cluster-source.ts';
import { pick, type Random } from '#lib/sources/demo/random.ts';
import type { NamespacePlan } from './cluster-plan.ts';
import type { GeneratedCluster } from './generated-cluster.ts';
import { networkPolicy } from './network-policies.ts';
import { podBody } from './pod-body.ts';
import { podsIn } from './pods.ts';
import { groundOf } from './policies.ts';
import { between, streamOf, suffix, weighted } from './streams.ts';

/** What happens to a running cluster, one event after the other. */

export const CHURN_KINDS = [
  'pod-added',
  'pod-removed',
  'pod-relabelled',
  'policy-added',
  'policy-edited',
  'policy-removed',
  'namespace-relabelled',
  'rollout',
  'never-seen-key',
] as const;
export type ChurnKind = (typeof CHURN_KINDS)[number];

export interface ChurnStep {
  readonly kind: ChurnKind;
  /** Of one resource, together. */
  readonly resource: Resource;
  readonly changes: readonly ObjectChange[];
}

/** As often as they happen: pods come and go all the time, policies seldom. */
const WEIGHTS: readonly (readonly [weight: number, ChurnKind])[] = [
  [30, 'pod-added'],
  [30, 'pod-removed'],
  [10, 'pod-relabelled'],
  [3, 'policy-added'],
  [5, 'policy-edited'],
  [3, 'policy-removed'],
  [2, 'namespace-relabelled'],
  [8, 'rollout'],
  [1, 'never-seen-key'],
];

const POLICIES = networkPolicyKind.resource;

/** Labels that pods have and that teams' policies do not read, so far. */
const UNREAD_KEYS = [
  'app.kubernetes.io/version',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/part-of',
  'pod-template-hash',
  'controller-revision-hash',
];

function set(body: JsonObject): ObjectChange {
  return { type: 'set', object: { body, origin: null } };
}

function nameOf(body: JsonObject): string {
  return isJsonObject(body.metadata) ? String(body.metadata.name) : '';
}

function namespaceOf(body: JsonObject): string {
  return isJsonObject(body.metadata) ? String(body.metadata.namespace) : '';
}

function labelsOf(body: JsonObject): JsonObject {
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  return isJsonObject(metadata.labels) ? metadata.labels : {};
}

function withMetadata(body: JsonObject, changed: JsonObject): JsonObject {
  return {
    ...body,
    metadata: { ...(isJsonObject(body.metadata) ? body.metadata : {}), ...changed },
  };
}

function removal(body: JsonObject): ObjectChange {
  return { type: 'delete', namespace: namespaceOf(body), name: nameOf(body) };
}

/** Keeps what the cluster holds by now, so that every event is one that may happen. */
export class Churn {
  readonly #cluster: GeneratedCluster;
  readonly #random: Random;
  readonly #pods = new Map<string, JsonObject[]>();
  readonly #policies: JsonObject[];
  readonly #inhabited: readonly NamespacePlan[];
  #made = 0;

  constructor(cluster: GeneratedCluster, seed: number) {
    this.#cluster = cluster;
    this.#random = streamOf(seed, 'churn');
    this.#policies = [...cluster.objects(POLICIES)];
    this.#inhabited = cluster.plan.namespaces.filter(({ pods }) => pods > 0);
  }

  /** The next event, of that kind where one is named. What it tells has happened. */
  step(kind: ChurnKind = weighted(this.#random, WEIGHTS)): ChurnStep {
    this.#made += 1;
    switch (kind) {
      case 'pod-added':
        return { kind, resource: PODS, changes: [set(this.#addPod())] };
      case 'pod-removed':
        return { kind, resource: PODS, changes: this.#removePod() };
      case 'pod-relabelled':
        return { kind, resource: PODS, changes: this.#relabelPod() };
      case 'rollout':
        return { kind, resource: PODS, changes: this.#rollOut() };
      case 'policy-added':
        return { kind, resource: POLICIES, changes: [set(this.#addPolicy())] };
      case 'policy-edited':
        return { kind, resource: POLICIES, changes: [set(this.#editPolicy())] };
      case 'policy-removed':
        return { kind, resource: POLICIES, changes: this.#removePolicy() };
      case 'never-seen-key':
        return { kind, resource: POLICIES, changes: [set(this.#readNewKey())] };
      case 'namespace-relabelled':
        return { kind, resource: NAMESPACES, changes: [set(this.#relabelNamespace())] };
    }
  }

  #podsIn(namespace: NamespacePlan): JsonObject[] {
    const known = this.#pods.get(namespace.name);
    if (known !== undefined) return known;
    const { plan } = this.#cluster;
    const bodies = podsIn(plan, namespace).map((pod) => podBody(pod, plan, 'slim'));
    this.#pods.set(namespace.name, bodies);
    return bodies;
  }

  /** Some pod, and its place in the list of its namespace. */
  #somePod(): { readonly pods: JsonObject[]; readonly at: number; readonly pod: JsonObject } {
    // a namespace may have lost its last pod
    for (;;) {
      const pods = this.#podsIn(pick(this.#random, this.#inhabited));
      const at = between(this.#random, 0, pods.length - 1);
      const pod = pods[at];
      if (pod !== undefined) return { pods, at, pod };
    }
  }

  /** A sibling with a name and an address of its own. */
  #copyOf(pod: JsonObject, labels: JsonObject): JsonObject {
    const count = this.#made * 128 + between(this.#random, 0, 127);
    const ip = `10.${192 + ((count >> 16) & 63)}.${(count >> 8) & 255}.${count & 255}`;
    const status = isJsonObject(pod.status) ? pod.status : {};
    const name = `${nameOf(pod).replace(/-[^-]*$/, '')}-${suffix(this.#random, 8)}`;
    return { ...withMetadata(pod, { name, labels }), status: { ...status, podIPs: [{ ip }] } };
  }

  #addPod(): JsonObject {
    const { pods, pod } = this.#somePod();
    const added = this.#copyOf(pod, labelsOf(pod));
    pods.push(added);
    return added;
  }

  #removePod(): readonly ObjectChange[] {
    const { pods, at, pod } = this.#somePod();
    // the last one stays, so that there is always somebody to copy
    if (pods.length === 1) return [set(this.#addPod())];
    pods.splice(at, 1);
    return [removal(pod)];
  }

  #relabelPod(): readonly ObjectChange[] {
    const { pods, at, pod } = this.#somePod();
    const key = pick(this.#random, ['debug', 'tier', 'app']);
    const label = { [key]: `changed-${this.#made}` };
    const relabelled = withMetadata(pod, { labels: { ...labelsOf(pod), ...label } });
    pods[at] = relabelled;
    return [set(relabelled)];
  }

  /** All pods of one workload are replaced by those of another version. */
  #rollOut(): readonly ObjectChange[] {
    const { pods, pod } = this.#somePod();
    const { 'app.kubernetes.io/instance': instance } = labelsOf(pod);
    const old = pods.filter((each) => labelsOf(each)['app.kubernetes.io/instance'] === instance);
    const version = `2.${this.#made}.0`;
    const fresh = old.map((each) =>
      this.#copyOf(each, { ...labelsOf(each), 'app.kubernetes.io/version': version }),
    );
    const gone = new Set(old);
    const kept = pods.filter((each) => !gone.has(each));
    pods.splice(0, pods.length, ...kept, ...fresh);
    return [...fresh.map(set), ...old.map(removal)];
  }

  /** A policy as somebody would write it in that namespace. */
  #written(namespace: NamespacePlan, name: string): JsonObject {
    const policy = networkPolicy(groundOf(this.#cluster.plan, namespace, this.#made), 1);
    return withMetadata(policy, { name });
  }

  #addPolicy(): JsonObject {
    const namespace = pick(this.#random, this.#inhabited);
    const policy = this.#written(namespace, `added-${this.#made}`);
    this.#policies.push(policy);
    return policy;
  }

  #editPolicy(): JsonObject {
    const at = between(this.#random, 0, this.#policies.length - 1);
    const policy = this.#policies[at];
    if (policy === undefined) return this.#addPolicy();
    const { namespaces } = this.#cluster.plan;
    const namespace = namespaces.find(({ name }) => name === namespaceOf(policy));
    if (namespace === undefined) return this.#addPolicy();
    let edited = policy;
    // two drafts may say the same
    while (JSON.stringify(edited) === JSON.stringify(policy)) {
      this.#made += 1;
      edited = this.#written(namespace, nameOf(policy));
    }
    this.#policies[at] = edited;
    return edited;
  }

  #removePolicy(): readonly ObjectChange[] {
    const at = between(this.#random, 0, this.#policies.length - 1);
    const [policy] = this.#policies.splice(at, 1);
    return policy === undefined ? [set(this.#addPolicy())] : [removal(policy)];
  }

  /** A peer anywhere in the cluster, by a label that was read nowhere before. */
  #readNewKey(): JsonObject {
    const { pod } = this.#somePod();
    const key = UNREAD_KEYS[this.#made % (2 * UNREAD_KEYS.length)] ?? `key-${this.#made}`;
    const value = String(labelsOf(pod)[key] ?? 'none');
    const matchExpressions = [{ key, operator: 'In', values: [value] }];
    const policy: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `new-key-${this.#made}`, namespace: namespaceOf(pod) },
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchExpressions } }] }],
      },
    };
    this.#policies.push(policy);
    return policy;
  }

  #relabelNamespace(): JsonObject {
    const { name, labels } = pick(this.#random, this.#inhabited);
    return {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { ...labels, env: `env-${between(this.#random, 1, 4)}` } },
      status: { phase: 'Active' },
    };
  }
}
