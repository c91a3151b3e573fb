import { z } from 'zod';
import type { EntryBackend, EntryWay } from '#lib/model/entry-point.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import type { Resource } from '#lib/model/resource.ts';
import {
  namespacedMetadata,
  orAbsent,
  type Parsed,
  parseObject,
  statusConditions,
} from './metadata.ts';
import { portNumber } from './ports.ts';

/** HTTPRoute, GRPCRoute, TLSRoute, TCPRoute and UDPRoute: they differ in what they match. */

export interface GatewayRoute {
  readonly ref: PolicyRef & { readonly namespace: string };
  /** The Gateways it wants to be led through; what else it names (a Service, in a mesh) is no way in. */
  readonly parents: readonly GatewayParent[];
  readonly ways: readonly EntryWay[];
}

export interface GatewayParent {
  readonly namespace: string;
  readonly name: string;
  /** The listener it asks for; null for any. */
  readonly section: string | null;
  /** What the Gateway's controller says against it; null where it says nothing. */
  readonly refused: string | null;
}

const GROUP = 'gateway.networking.k8s.io';
const text = z.string().min(1, 'it is empty');

const parentRef = z.looseObject({
  group: orAbsent(z.string()),
  kind: orAbsent(z.string()),
  namespace: orAbsent(z.string()),
  name: text,
  sectionName: orAbsent(z.string()),
});

const backendRef = z.looseObject({
  group: orAbsent(z.string()),
  kind: orAbsent(z.string()),
  namespace: orAbsent(z.string()),
  name: text,
  port: orAbsent(portNumber),
  weight: orAbsent(z.number()),
});

const match = z.looseObject({
  path: orAbsent(z.looseObject({ type: orAbsent(z.string()), value: orAbsent(z.string()) })),
  // The method of HTTP, or the one of gRPC.
  method: orAbsent(
    z.union([
      z.string(),
      z.looseObject({ service: orAbsent(z.string()), method: orAbsent(z.string()) }),
    ]),
  ),
  headers: orAbsent(z.array(z.looseObject({ name: z.string() }))),
  queryParams: orAbsent(z.array(z.looseObject({ name: z.string() }))),
});

const rule = z.looseObject({
  matches: orAbsent(z.array(match)),
  filters: orAbsent(
    z.array(
      z.looseObject({
        requestMirror: orAbsent(z.looseObject({ backendRef: orAbsent(backendRef) })),
      }),
    ),
  ),
  backendRefs: orAbsent(z.array(backendRef)),
});

const routeObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: z.looseObject({
    parentRefs: orAbsent(z.array(parentRef)),
    hostnames: orAbsent(z.array(z.string())),
    rules: orAbsent(z.array(rule)),
  }),
  status: orAbsent(
    z.looseObject({
      parents: orAbsent(
        z.array(
          z.looseObject({
            parentRef,
            conditions: orAbsent(statusConditions),
          }),
        ),
      ),
    }),
  ),
});

type Route = z.output<typeof routeObject>;
type ParentRef = z.output<typeof parentRef>;

function matchText({ path, method, headers = [], queryParams = [] }: z.output<typeof match>) {
  const said: string[] = [];
  if (typeof method === 'string') said.push(method);
  else if (method !== undefined)
    said.push(`/${[method.service ?? '*', method.method ?? '*'].join('/')}`);
  if (path?.value !== undefined && path.value !== '/')
    said.push(path.type === 'Exact' ? `= ${path.value}` : path.value);
  said.push(...headers.map(({ name }) => `header ${name}`));
  said.push(...queryParams.map(({ name }) => `parameter ${name}`));
  return said.join(' ');
}

function backendOf(
  own: string,
  { group = '', kind = 'Service', namespace = own, name, port }: z.output<typeof backendRef>,
): EntryBackend {
  if (group !== '' || kind !== 'Service')
    return { kind: 'other', ref: { group, kind, namespace, name } };
  return {
    kind: 'service',
    namespace,
    name,
    port: port === undefined ? { of: 'all' } : { of: 'service', port },
    refused: null,
  };
}

/** One way for each rule: where its requests go, whichever of its matches they have. */
function waysOf({ kind }: Resource, { metadata, spec }: Route): readonly EntryWay[] {
  return (spec.rules ?? []).map(({ matches = [], filters = [], backendRefs = [] }) => {
    const mirrors = filters.flatMap(({ requestMirror }) => requestMirror?.backendRef ?? []);
    const texts = matches.map(matchText);
    return {
      hosts: spec.hostnames ?? [],
      match: texts.includes('') || texts.length === 0 ? null : texts.join(' or '),
      protocol: kind === 'UDPRoute' ? 'UDP' : 'TCP',
      backends: [...backendRefs, ...mirrors]
        // A weight of 0 takes a backend out.
        .filter(({ weight }) => weight !== 0)
        .map((each) => backendOf(metadata.namespace, each)),
    };
  });
}

function isSame(namespace: string, a: ParentRef, b: ParentRef): boolean {
  return (
    a.name === b.name &&
    (a.namespace ?? namespace) === (b.namespace ?? namespace) &&
    (a.sectionName ?? null) === (b.sectionName ?? null)
  );
}

function parentsOf({ metadata, spec, status }: Route): readonly GatewayParent[] {
  const { namespace } = metadata;
  return (spec.parentRefs ?? [])
    .filter(({ group = GROUP, kind = 'Gateway' }) => group === GROUP && kind === 'Gateway')
    .map((parent) => {
      const refusal = (status?.parents ?? [])
        .filter((each) => isSame(namespace, each.parentRef, parent))
        .flatMap(({ conditions }) => conditions ?? [])
        .find((condition) => condition.type === 'Accepted' && condition.status === 'False');
      return {
        namespace: parent.namespace ?? namespace,
        name: parent.name,
        section: parent.sectionName ?? null,
        refused: refusal === undefined ? null : (refusal.message ?? 'it does not accept the route'),
      };
    });
}

/** A parser for routes of one kind. */
export function parseGatewayRoute(resource: Resource) {
  return (body: unknown, origin: ObjectOrigin | null): Parsed<GatewayRoute> => {
    const { group, kind } = resource;
    const parsed = parseObject(routeObject, kind, body, origin);
    if (!parsed.ok) return parsed;
    const { namespace, name } = parsed.value.metadata;
    return {
      ok: true,
      value: {
        ref: { group, kind, namespace, name },
        parents: parentsOf(parsed.value),
        ways: waysOf(resource, parsed.value),
      },
    };
  };
}
