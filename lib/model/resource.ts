import { PLUGIN_CONFIGURATIONS } from './plugin-configurations.ts';

/** A resource of the cluster API, as discovery names it. */
export interface Resource {
  /** API group; '' is the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Versions of the same shape: files may be written in them, and a cluster may serve one of them alone. */
  readonly otherVersions?: readonly string[];
  /** Only objects of this name, in whatever namespace; no other is ever asked for. */
  readonly only?: string;
}

/** `pods`, `networkpolicies.networking.k8s.io`, `configmaps/cilium-config`: as RBAC and kubectl name it. */
export function resourceName({ group, plural, only }: Resource): string {
  const list = group === '' ? plural : `${plural}.${group}`;
  return only === undefined ? list : `${list}/${only}`;
}

/** Whether an object is of the resource. */
export function isOf(resource: Resource, object: { group: string; kind: string; name: unknown }) {
  const { group, kind, only } = resource;
  return (
    object.group === group && object.kind === kind && (only === undefined || only === object.name)
  );
}

export const PODS: Resource = {
  group: '',
  version: 'v1',
  plural: 'pods',
  kind: 'Pod',
  namespaced: true,
};
export const NAMESPACES: Resource = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};
export const SERVICES: Resource = {
  group: '',
  version: 'v1',
  plural: 'services',
  kind: 'Service',
  namespaced: true,
};
export const NODES: Resource = {
  group: '',
  version: 'v1',
  plural: 'nodes',
  kind: 'Node',
  namespaced: false,
};
export const ENDPOINT_SLICES: Resource = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
};
export const REPLICA_SETS: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'replicasets',
  kind: 'ReplicaSet',
  namespaced: true,
};
export const JOBS: Resource = {
  group: 'batch',
  version: 'v1',
  plural: 'jobs',
  kind: 'Job',
  namespaced: true,
};

export const DAEMON_SETS: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'daemonsets',
  kind: 'DaemonSet',
  namespaced: true,
};

/** What every source reads beside the policies; each policy kind declares its own resource. */
export const CLUSTER_RESOURCES: readonly Resource[] = [
  NAMESPACES,
  PODS,
  SERVICES,
  ENDPOINT_SLICES,
  NODES,
  REPLICA_SETS,
  JOBS,
];

/** What network plugins are recognised by. */
export const PLUGIN_RESOURCES: readonly Resource[] = [
  DAEMON_SETS,
  ...PLUGIN_CONFIGURATIONS.map(({ resource }) => resource),
];

const INGRESS = 'networking.k8s.io';
const GATEWAY = 'gateway.networking.k8s.io';
const ROUTE = 'route.openshift.io';
const GATEWAY_VERSIONS = ['v1', 'v1beta1', 'v1alpha3', 'v1alpha2'];

function entryResource(
  group: string,
  version: string,
  plural: string,
  kind: string,
  namespaced = true,
): Resource {
  const plain = { group, version, plural, kind, namespaced };
  // The Gateway API only ever added fields.
  return group === GATEWAY ? { ...plain, otherVersions: GATEWAY_VERSIONS } : plain;
}

export const INGRESSES = entryResource(INGRESS, 'v1', 'ingresses', 'Ingress');
export const INGRESS_CLASSES = entryResource(
  INGRESS,
  'v1',
  'ingressclasses',
  'IngressClass',
  false,
);
export const GATEWAYS = entryResource(GATEWAY, 'v1', 'gateways', 'Gateway');
export const GATEWAY_CLASSES = entryResource(
  GATEWAY,
  'v1',
  'gatewayclasses',
  'GatewayClass',
  false,
);
export const REFERENCE_GRANTS = entryResource(
  GATEWAY,
  'v1beta1',
  'referencegrants',
  'ReferenceGrant',
);
/** Routes of the Gateway API, alike but for what they match. */
export const GATEWAY_ROUTES: readonly Resource[] = [
  entryResource(GATEWAY, 'v1', 'httproutes', 'HTTPRoute'),
  entryResource(GATEWAY, 'v1', 'grpcroutes', 'GRPCRoute'),
  entryResource(GATEWAY, 'v1alpha2', 'tlsroutes', 'TLSRoute'),
  entryResource(GATEWAY, 'v1alpha2', 'tcproutes', 'TCPRoute'),
  entryResource(GATEWAY, 'v1alpha2', 'udproutes', 'UDPRoute'),
];
export const OPENSHIFT_ROUTES = entryResource(ROUTE, 'v1', 'routes', 'Route');

/** The ways into a cluster, and what says who answers there. An API may serve none of them. */
export const ENTRY_RESOURCES: readonly Resource[] = [
  INGRESSES,
  INGRESS_CLASSES,
  GATEWAYS,
  GATEWAY_CLASSES,
  REFERENCE_GRANTS,
  ...GATEWAY_ROUTES,
  OPENSHIFT_ROUTES,
];
