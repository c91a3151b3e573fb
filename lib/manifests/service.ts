import { z } from 'zod';
import type { Service, ServiceBackend } from '#lib/model/cluster.ts';
import { type IpAddress, parseIp } from '#lib/model/ip-address.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import type { Selector } from '#lib/model/selector.ts';
import {
  namespacedMetadata,
  orAbsent,
  type Parsed,
  parseObject,
  scrapeIn,
  textMap,
} from './metadata.ts';
import { portNumber, protocol } from './ports.ts';

const trafficPolicy = z.enum(['Cluster', 'Local']);

const serviceObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: orAbsent(
    z.looseObject({
      type: orAbsent(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'])),
      clusterIP: orAbsent(z.string()),
      clusterIPs: orAbsent(z.array(z.string())),
      selector: textMap,
      externalName: orAbsent(z.string()),
      externalIPs: orAbsent(z.array(z.string())),
      externalTrafficPolicy: orAbsent(trafficPolicy),
      internalTrafficPolicy: orAbsent(trafficPolicy),
      ports: orAbsent(
        z.array(
          z.looseObject({
            name: orAbsent(z.string()),
            protocol,
            port: portNumber,
            targetPort: orAbsent(z.union([z.number(), z.string()])),
            nodePort: orAbsent(z.number()),
          }),
        ),
      ),
    }),
  ),
  status: orAbsent(
    z.looseObject({
      loadBalancer: orAbsent(
        z.looseObject({ ingress: orAbsent(z.array(z.looseObject({ ip: orAbsent(z.string()) }))) }),
      ),
    }),
  ),
});

/** `endpoints` and `backends` are null: whoever has the EndpointSlices fills them in. */
export function parseService(body: unknown, origin: ObjectOrigin | null): Parsed<Service> {
  const parsed = parseObject(serviceObject, 'Service', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata, spec, status } = parsed.value;
  const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const clusterIps = spec?.clusterIPs ?? [spec?.clusterIP ?? ''];
  return {
    ok: true,
    value: {
      namespace: metadata.namespace,
      name: metadata.name,
      labels: metadata.labels,
      ...scrapeIn(metadata.annotations),
      type: spec?.type ?? 'ClusterIP',
      clusterAddresses: clusterIps.flatMap((text) => parseIp(text) ?? []),
      headless: clusterIps.includes('None'),
      selector: podSelector(spec?.selector),
      ports: (spec?.ports ?? []).map(({ name, protocol: spoken, port, targetPort, nodePort }) => ({
        // Absent and '' are the same.
        name: name || null,
        protocol: spoken,
        port,
        nodePort: nodePort || null,
        // Absent, 0 and '' are the port itself.
        targetPort: targetPort || port,
      })),
      endpoints: null,
      backends: null,
      externalName: spec?.type === 'ExternalName' ? (spec.externalName ?? '') : null,
      externalTrafficPolicy: spec?.externalTrafficPolicy ?? 'Cluster',
      internalTrafficPolicy: spec?.internalTrafficPolicy ?? 'Cluster',
      externalAddresses: [...balancers, ...(spec?.externalIPs ?? [])].flatMap(
        (text) => parseIp(text) ?? [],
      ),
    },
  };
}

/** A Service without a selector has its endpoints from somebody else (GEN-9). */
function podSelector(labels: Labels | undefined): Selector | null {
  if (labels === undefined || labels.size === 0) return null;
  return [...labels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, operator: 'In', values: [value] }));
}

/** Addresses behind a Service; a Service may have several of these. */
export interface EndpointSlice {
  readonly namespace: string;
  readonly name: string;
  /** Null when it belongs to no Service. */
  readonly service: string | null;
  readonly addresses: readonly IpAddress[];
  /** The same with the slice's ports, and with what are names of hosts. */
  readonly backends: readonly ServiceBackend[];
}

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

const endpointSliceObject = z.looseObject({
  metadata: namespacedMetadata,
  addressType: orAbsent(z.string()),
  ports: orAbsent(
    z.array(
      z.looseObject({
        name: orAbsent(z.string()),
        protocol,
        port: orAbsent(portNumber),
      }),
    ),
  ),
  endpoints: orAbsent(
    z.array(
      z.looseObject({
        addresses: z.array(z.string()),
        conditions: orAbsent(z.looseObject({ ready: orAbsent(z.boolean()) })),
      }),
    ),
  ),
});

/** Endpoints that are not ready get no connections and are left out (GEN-8); unsaid is ready. */
export function parseEndpointSlice(
  body: unknown,
  origin: ObjectOrigin | null,
): Parsed<EndpointSlice> {
  const parsed = parseObject(endpointSliceObject, 'EndpointSlice', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata, addressType, endpoints = [], ports: written = [] } = parsed.value;
  const ready = endpoints
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses }) => addresses);
  const addresses = ready.flatMap((text) => parseIp(text) ?? []);
  const ports = written.map(({ name, protocol: spoken, port }) => ({
    name: name || null,
    protocol: spoken,
    port: port ?? null,
  }));
  const places = addressType === 'FQDN' ? ready : addresses;
  return {
    ok: true,
    value: {
      namespace: metadata.namespace,
      name: metadata.name,
      service: metadata.labels.get(SERVICE_NAME_LABEL) ?? null,
      addresses,
      backends: places.map((at) => ({ at, ports })),
    },
  };
}
