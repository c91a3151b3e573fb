import { z } from 'zod';
import type { BackendPort, EntryBackend, EntryWay } from '#lib/model/entry-point.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import {
  namespacedMetadata,
  orAbsent,
  type Parsed,
  parseObject,
  statusConditions,
} from './metadata.ts';

/** `route.openshift.io/v1` Route. */
export interface OpenShiftRoute {
  readonly namespace: string;
  readonly name: string;
  /** What the router says against it; null where it says nothing. */
  readonly refused: string | null;
  readonly ways: readonly EntryWay[];
}

const target = z.looseObject({
  kind: orAbsent(z.string()),
  name: z.string().min(1, 'it is empty'),
  weight: orAbsent(z.number()),
});

const routeObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: z.looseObject({
    host: orAbsent(z.string()),
    path: orAbsent(z.string()),
    to: target,
    alternateBackends: orAbsent(z.array(target)),
    port: orAbsent(z.looseObject({ targetPort: z.union([z.number(), z.string()]) })),
  }),
  status: orAbsent(
    z.looseObject({
      ingress: orAbsent(
        z.array(
          z.looseObject({
            conditions: orAbsent(statusConditions),
          }),
        ),
      ),
    }),
  ),
});

type Route = z.output<typeof routeObject>;

/** Refused by all routers that have an opinion. */
function refusalOf({ status }: Route): string | null {
  const admissions = (status?.ingress ?? [])
    .flatMap(({ conditions }) => conditions ?? [])
    .filter(({ type }) => type === 'Admitted');
  const isRefused = admissions.length > 0 && admissions.every((each) => each.status === 'False');
  return isRefused ? (admissions[0]?.message ?? 'the router does not admit it') : null;
}

/** Its port is one of the endpoints': the name that the Service gives it, or the number that pods listen on. */
export function parseOpenShiftRoute(
  body: unknown,
  origin: ObjectOrigin | null,
): Parsed<OpenShiftRoute> {
  const parsed = parseObject(routeObject, 'Route', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata, spec } = parsed.value;
  const { namespace, name } = metadata;
  const { host, path, to, alternateBackends = [] } = spec;
  const wanted = spec.port?.targetPort;
  const port: BackendPort = wanted ? { of: 'endpoints', port: wanted } : { of: 'all' };
  const backends = [to, ...alternateBackends]
    .filter(({ weight }) => weight !== 0)
    .map(
      (each): EntryBackend =>
        (each.kind || 'Service') === 'Service'
          ? { kind: 'service', namespace, name: each.name, port, refused: null }
          : {
              kind: 'other',
              ref: { group: '', kind: each.kind ?? '', namespace, name: each.name },
            },
    );
  return {
    ok: true,
    value: {
      namespace,
      name,
      refused: refusalOf(parsed.value),
      ways: [{ hosts: host ? [host] : [], match: path || null, protocol: 'TCP', backends }],
    },
  };
}
