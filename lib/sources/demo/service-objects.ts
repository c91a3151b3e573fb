/** Services and the EndpointSlices behind them. */
import type { JsonObject } from '#lib/model/json.ts';
import { API_SERVER, clusterAddresses } from './address-plan.ts';
import { nameSuffix, timestamp, uidOf } from './identifiers.ts';
import type { NamedObject } from './object-store.ts';
import { isReady, type PodState } from './objects.ts';
import type { ServiceSpec, Workload, WorkloadPort } from './workload.ts';

const FAMILIES = ['IPv4', 'IPv6'] as const;

/** The address families that a Service is reached by, with their place in every pair of addresses. */
function familiesOf(spec: ServiceSpec): readonly (typeof FAMILIES)[number][] {
  return spec.dualStack === true ? FAMILIES : [FAMILIES[0]];
}

/** The container port behind a service port: the one of the same name. */
function backendPort(workload: Workload, name: string): WorkloadPort {
  const port = workload.ports.find((candidate) => candidate.name === name);
  if (port === undefined) throw new Error(`${workload.name} has no port ${name}`);
  return port;
}

/** The Service in front of a workload; `n` tells its ClusterIP. */
export function serviceObject(
  workload: Workload,
  spec: ServiceSpec,
  n: number,
  createdAt: number,
): NamedObject {
  const { namespace } = workload;
  const families = familiesOf(spec);
  const [v4, v6] = clusterAddresses(n);
  const addresses = spec.headless === true ? ['None'] : [spec.clusterIP ?? v4, v6];
  const clusterIPs = addresses.slice(0, families.length);
  const balanced = spec.loadBalancerIP !== undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: spec.name,
      namespace,
      uid: uidOf(`Service/${namespace}/${spec.name}`),
      creationTimestamp: timestamp(createdAt),
      labels: workload.labels,
    },
    spec: {
      type: balanced ? 'LoadBalancer' : 'ClusterIP',
      // `Local` keeps the client's address, which policies by address range depend on (GEN-10).
      ...(balanced ? { externalTrafficPolicy: 'Local' } : {}),
      clusterIP: clusterIPs[0],
      clusterIPs,
      ipFamilies: families,
      ipFamilyPolicy: families.length === 2 ? 'PreferDualStack' : 'SingleStack',
      selector: workload.labels,
      ports: Object.entries(spec.ports).map(([name, port]) => ({
        name,
        port,
        protocol: backendPort(workload, name).protocol,
        targetPort: name,
        ...(balanced ? { nodePort: 30000 + port } : {}),
      })),
    },
    status: {
      loadBalancer: balanced ? { ingress: [{ ip: spec.loadBalancerIP }] } : {},
    },
  };
}

interface SliceParts {
  readonly namespace: string;
  readonly service: string;
  readonly family: (typeof FAMILIES)[number];
  readonly createdAt: number;
  readonly ports: readonly JsonObject[];
  readonly endpoints: readonly JsonObject[];
}

function sliceObject(parts: SliceParts): NamedObject {
  const { namespace, service, family } = parts;
  const name = `${service}-${nameSuffix(`${namespace}/${service}/${family}`)}`;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name,
      namespace,
      uid: uidOf(`EndpointSlice/${namespace}/${name}`),
      creationTimestamp: timestamp(parts.createdAt),
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': service,
      },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name: service,
          uid: uidOf(`Service/${namespace}/${service}`),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    addressType: family,
    endpoints: parts.endpoints,
    ports: parts.ports,
  };
}

/** One slice per address family, with the pods that have an address and are not finished. */
export function endpointSliceObjects(
  workload: Workload,
  spec: ServiceSpec,
  pods: readonly PodState[],
  createdAt: number,
): readonly NamedObject[] {
  const { namespace } = workload;
  const backends = pods.filter((pod) => pod.phase === 'Running');
  return familiesOf(spec).map((family, index) =>
    sliceObject({
      namespace,
      service: spec.name,
      family,
      createdAt,
      ports: Object.keys(spec.ports).map((name) => {
        const { port, protocol } = backendPort(workload, name);
        return { name, port, protocol };
      }),
      endpoints: backends.map((pod) => ({
        addresses: pod.addresses.slice(index, index + 1),
        conditions: {
          ready: isReady(pod),
          serving: true,
          terminating: pod.deletedAt !== null,
        },
        nodeName: pod.node.name,
        zone: pod.node.zone,
        targetRef: { kind: 'Pod', namespace, name: pod.name, uid: pod.uid },
      })),
    }),
  );
}

/** `default/kubernetes`: no selector; the API server itself keeps its endpoint. */
export function apiServerObjects(createdAt: number): { service: NamedObject; slice: NamedObject } {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      uid: uidOf('EndpointSlice/default/kubernetes'),
      creationTimestamp: timestamp(createdAt),
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [API_SERVER], conditions: { ready: true } }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      uid: uidOf('Service/default/kubernetes'),
      creationTimestamp: timestamp(createdAt),
      labels,
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.43.0.1',
      clusterIPs: ['10.43.0.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    },
    status: { loadBalancer: {} },
  };
  return { service, slice };
}
