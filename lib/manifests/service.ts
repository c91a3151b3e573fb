import { z } from 'zod';
import type { Service } from '#lib/model/cluster.ts';
import { type IpAddress, parseIp } from '#lib/model/ip-address.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import type { Selector } from '#lib/model/selector.ts';
import { namespacedMetadata, orAbsent, type Parsed, parseObject, textMap } from './metadata.ts';
import { portNumber, protocol } from './ports.ts';

const serviceObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: orAbsent(
    z.looseObject({
      type: orAbsent(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'])),
      clusterIP: orAbsent(z.string()),
      clusterIPs: orAbsent(z.array(z.string())),
      selector: textMap,
      ports: orAbsent(
        z.array(
          z.looseObject({
            name: orAbsent(z.string()),
            protocol,
            port: portNumber,
            targetPort: orAbsent(z.union([z.number(), z.string()])),
          }),
        ),
      ),
    }),
  ),
});

/** `endpoints` is null: whoever has the EndpointSlices fills it in. */
export function parseService(body: unknown, origin: ObjectOrigin | null): Parsed<Service> {
  const parsed = parseObject(serviceObject, 'Service', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata, spec } = parsed.value;
  const clusterIps = spec?.clusterIPs ?? [spec?.clusterIP ?? ''];
  return {
    ok: true,
    value: {
      namespace: metadata.namespace,
      name: metadata.name,
      type: spec?.type ?? 'ClusterIP',
      clusterAddresses: clusterIps.flatMap((text) => parseIp(text) ?? []),
      headless: clusterIps.includes('None'),
      selector: podSelector(spec?.selector),
      ports: (spec?.ports ?? []).map(({ name, protocol: spoken, port, targetPort }) => ({
        name: name ?? null,
        protocol: spoken,
        port,
        // Absent, 0 and '' are the port itself.
        targetPort: targetPort || port,
      })),
      endpoints: null,
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
}

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

const endpointSliceObject = z.looseObject({
  metadata: namespacedMetadata,
  addressType: orAbsent(z.string()),
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
  const { metadata, endpoints = [] } = parsed.value;
  return {
    ok: true,
    value: {
      namespace: metadata.namespace,
      name: metadata.name,
      service: metadata.labels.get(SERVICE_NAME_LABEL) ?? null,
      addresses: endpoints
        .filter(({ conditions }) => conditions?.ready !== false)
        .flatMap(({ addresses }) => addresses.flatMap((text) => parseIp(text) ?? [])),
    },
  };
}
