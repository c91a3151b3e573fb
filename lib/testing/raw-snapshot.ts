import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { type CniProfile, KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import type { JsonObject } from '#lib/model/json.ts';
import {
  CLUSTER_RESOURCES,
  ENTRY_RESOURCES,
  NAMESPACES,
  PODS,
  type Resource,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import { resourcesOf } from '#lib/policies/policy-kind.ts';
import { createSnapshotStore, type SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import type {
  RawAdminPolicy,
  RawAdminRule,
  RawCluster,
  RawPod,
  RawPolicy,
} from './reference-evaluator.ts';

/** Brings a raw cluster into the product the way a source does: as JSON, through the snapshot store. */

const ALL = [...CLUSTER_RESOURCES, ...ENTRY_RESOURCES, ...resourcesOf(POLICY_KINDS)];

function podBody(pod: RawPod): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod.name, namespace: pod.namespace, labels: pod.labels },
    spec: {
      nodeName: pod.node,
      hostNetwork: pod.hostNetwork,
      containers: [
        {
          name: 'main',
          ports: pod.ports.map(({ name, protocol, port }) => ({
            name,
            protocol,
            containerPort: port,
          })),
        },
      ],
    },
    status: { phase: pod.phase, podIP: pod.ip, podIPs: [{ ip: pod.ip }] },
  };
}

function policyBody(policy: RawPolicy): JsonObject {
  return JSON.parse(
    JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...policy }),
  );
}

/** A rule in the words of v1alpha2, or in those of v1alpha1. */
function adminRule({ action, peers, ports }: RawAdminRule, field: 'from' | 'to', isOld: boolean) {
  const entries = ports?.map((port) => {
    if ('name' in port)
      return isOld ? { namedPort: port.name } : { destinationNamedPort: port.name };
    const { protocol, start, end } = port;
    if (isOld) return { portRange: { protocol, start, end } };
    const destinationPort = start === end ? { number: start } : { range: { start, end } };
    return { [protocol.toLowerCase()]: { destinationPort } };
  });
  return {
    action: isOld && action === 'Accept' ? 'Allow' : action,
    [field]: peers,
    [isOld ? 'ports' : 'protocols']: entries,
  };
}

function adminBody({
  kind,
  name,
  tier,
  priority,
  subject,
  ingress,
  egress,
}: RawAdminPolicy): JsonObject {
  const isOld = kind !== 'ClusterNetworkPolicy';
  const rank = {
    ClusterNetworkPolicy: { tier, priority },
    AdminNetworkPolicy: { priority },
    BaselineAdminNetworkPolicy: {},
  }[kind];
  const spec = {
    ...rank,
    subject: { pods: subject },
    ingress: ingress.map((rule) => adminRule(rule, 'from', isOld)),
    egress: egress.map((rule) => adminRule(rule, 'to', isOld)),
  };
  return JSON.parse(JSON.stringify({ kind, metadata: { name }, spec }));
}

/** An object as a source tells of it. */
export interface RawObject {
  readonly resource: Resource;
  readonly body: JsonObject;
}

/** The objects of a raw cluster, with others in JSON beside what is raw. */
export function rawObjects(
  raw: RawCluster,
  others: readonly JsonObject[] = [],
): readonly RawObject[] {
  const admin = raw.admin ?? [];
  return [
    ...raw.namespaces.map(({ name, labels }) => ({
      resource: NAMESPACES,
      body: { metadata: { name, labels } },
    })),
    ...raw.pods.map((pod) => ({ resource: PODS, body: podBody(pod) })),
    ...raw.policies.map((policy) => ({
      resource: networkPolicy.resource,
      body: policyBody(policy),
    })),
    ...POLICY_KINDS.flatMap(({ resource }) =>
      admin
        .filter(({ kind }) => kind === resource.kind)
        .map((policy) => ({ resource, body: adminBody(policy) })),
    ),
    ...resourcesOf(POLICY_KINDS).flatMap((resource) =>
      others
        .filter(
          ({ apiVersion, kind }) =>
            kind === resource.kind && apiVersion === `${resource.group}/${resource.version}`,
        )
        .map((body) => ({ resource, body })),
    ),
  ];
}

/** A store without objects, every list complete. */
export function emptyStore(profile: CniProfile = KUBERNETES_PROFILE): SnapshotStore {
  const store = createSnapshotStore({ kinds: POLICY_KINDS, profile });
  for (const resource of ALL) store.stateChanged(resource, { status: 'live' });
  return store;
}

/** The cluster that some objects make. */
export function snapshotOfObjects(
  objects: readonly RawObject[],
  profile?: CniProfile,
): ClusterSnapshot {
  const store = emptyStore(profile);
  for (const [resource, list] of Map.groupBy(objects, (each) => each.resource))
    store.changed(
      resource,
      list.map(({ body }) => ({ type: 'set', object: { body, origin: null } })),
    );
  return store.snapshot();
}

/** The cluster as the engine sees it, with other objects in JSON beside what is raw. */
export function snapshotOf(
  raw: RawCluster,
  profile?: CniProfile,
  others?: readonly JsonObject[],
): ClusterSnapshot {
  return snapshotOfObjects(rawObjects(raw, others), profile);
}
