import { OWN_ANNOTATIONS, SCRAPE_ANNOTATIONS } from '#lib/manifests/metadata.ts';
import { K3S_ARGUMENTS_ANNOTATION } from '#lib/manifests/node.ts';
import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { LAST_APPLIED } from '#lib/model/labels.ts';
import { PLUGIN_CONFIGURATIONS } from '#lib/model/plugin-configurations.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import { pluginContainer } from './plugin-container.ts';

/** Which fields to keep: all of a value, some fields of an object, the same of each list item, or as it says. */
type Mask = true | FieldMask | readonly [Mask] | ((value: Json) => Json);
interface FieldMask {
  readonly [field: string]: Mask;
}

const METADATA: FieldMask = {
  name: true,
  namespace: true,
  uid: true,
  resourceVersion: true,
  labels: true,
  ownerReferences: [{ kind: true, name: true, controller: true }],
};

const CONTAINER: FieldMask = {
  name: true,
  ports: [{ name: true, containerPort: true, protocol: true, hostPort: true }],
  restartPolicy: true,
};

/**
 * What is read of the kinds around policies. Every pod of a cluster is held: keep this short (R13).
 * Those that are read as protobuf are pruned in the same way while they are read (protobuf/api-messages.ts).
 */
const MASKS: ReadonlyMap<string, FieldMask> = new Map<string, FieldMask>([
  ['namespaces', { status: { phase: true } }],
  [
    'pods',
    {
      spec: {
        nodeName: true,
        hostNetwork: true,
        serviceAccountName: true,
        automountServiceAccountToken: true,
        containers: [CONTAINER],
        initContainers: [CONTAINER],
      },
      status: { phase: true, podIP: true, podIPs: true },
    },
  ],
  [
    'services',
    {
      spec: {
        selector: true,
        type: true,
        clusterIP: true,
        clusterIPs: true,
        ports: true,
        externalName: true,
        externalIPs: true,
        externalTrafficPolicy: true,
        internalTrafficPolicy: true,
        publishNotReadyAddresses: true,
      },
      status: { loadBalancer: true },
    },
  ],
  [
    'endpointslices.discovery.k8s.io',
    {
      addressType: true,
      ports: true,
      endpoints: [{ addresses: true, conditions: true, nodeName: true, targetRef: true }],
    },
  ],
  [
    'nodes',
    {
      spec: { podCIDR: true, podCIDRs: true },
      status: { addresses: true, nodeInfo: { kubeletVersion: true } },
    },
  ],
  ['replicasets.apps', {}],
  ['jobs.batch', {}],
  [
    'daemonsets.apps',
    {
      spec: { template: { spec: { hostNetwork: true, containers: [pluginContainer] } } },
      status: { desiredNumberScheduled: true, observedGeneration: true },
    },
  ],
  ...PLUGIN_CONFIGURATIONS.map(({ resource, settings }): [string, FieldMask] => {
    const values = Object.fromEntries(settings.map((setting) => [setting, true as const]));
    return [resourceName(resource), { data: values, spec: values }];
  }),
]);

/**
 * The fields of an object that are used, before it is stored (R13). Kinds without a mask of their
 * own are policies and ways into the cluster: they are shown as written, so they keep everything
 * but the bookkeeping.
 */
export function prune(resource: Resource, object: JsonObject): JsonObject {
  const mask = MASKS.get(resourceName(resource));
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  if (mask === undefined) {
    const { managedFields: _, annotations, ...rest } = metadata;
    // The copy doubles the object, and tells what an API server filled in: it does so in these alone.
    const keepsCopy = resourceName(resource) === 'networkpolicies.networking.k8s.io';
    const kept = pickAnnotations(annotations, (key) => keepsCopy || key !== LAST_APPLIED);
    return { ...object, metadata: { ...rest, ...kept } };
  }
  // All others are dropped: they hold most of the bytes.
  const kept = pickAnnotations(metadata.annotations, isKeptAnnotation);
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...pickFields(metadata, METADATA), ...kept },
    ...pickFields(object, mask),
  };
}

/** Of the kinds around policies. */
export function isKeptAnnotation(key: string): boolean {
  return (
    key.startsWith(OWN_ANNOTATIONS) ||
    key === K3S_ARGUMENTS_ANNOTATION ||
    SCRAPE_ANNOTATIONS.has(key)
  );
}

function pickAnnotations(value: Json | undefined, keep: (key: string) => boolean): JsonObject {
  if (!isJsonObject(value)) return {};
  const kept = Object.entries(value).filter(([key]) => keep(key));
  // fromEntries defines properties, so that even a key `__proto__` stays data
  return kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) };
}

function pickFields(object: JsonObject, fields: FieldMask): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [field, mask] of Object.entries(fields)) {
    const value = object[field];
    if (value !== undefined) kept[field] = pick(value, mask);
  }
  return kept;
}

/** What is not of the masked shape stays as it is: whoever reads it says what is wrong with it. */
function pick(value: Json, mask: Mask): Json {
  if (mask === true) return value;
  if (typeof mask === 'function') return mask(value);
  if (isEach(mask)) return isList(value) ? value.map((item) => pick(item, mask[0])) : value;
  return isJsonObject(value) ? pickFields(value, mask) : value;
}

function isEach(mask: FieldMask | readonly [Mask]): mask is readonly [Mask] {
  return Array.isArray(mask);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
