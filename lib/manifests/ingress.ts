import { z } from 'zod';
import type { BackendPort, EntryBackend, EntryWay } from '#lib/model/entry-point.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import { metadata, namespacedMetadata, orAbsent, type Parsed, parseObject } from './metadata.ts';
import { portNumber } from './ports.ts';

/** `networking.k8s.io/v1` Ingress and IngressClass, as far as they say where requests go. */

export interface Ingress {
  readonly namespace: string;
  readonly name: string;
  /** Null where it names none. */
  readonly className: string | null;
  readonly ways: readonly EntryWay[];
}

export interface IngressClass {
  readonly name: string;
  readonly controller: string | null;
  readonly isDefault: boolean;
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class';

const servicePort = z
  .looseObject({ name: orAbsent(z.string().min(1)), number: orAbsent(portNumber) })
  .superRefine(({ name, number }, context) => {
    if ((name === undefined) === (number === undefined))
      context.addIssue({ code: 'custom', message: 'a name or a number is needed, one of them' });
  });

const backend = z
  .looseObject({
    service: orAbsent(z.looseObject({ name: z.string().min(1), port: servicePort })),
    resource: orAbsent(
      z.looseObject({
        apiGroup: orAbsent(z.string()),
        kind: z.string().min(1),
        name: z.string().min(1),
      }),
    ),
  })
  .superRefine(({ service, resource }, context) => {
    if ((service === undefined) === (resource === undefined))
      context.addIssue({
        code: 'custom',
        message: 'a service or a resource is needed, one of them',
      });
  });

const path = z.looseObject({
  path: orAbsent(z.string()),
  pathType: z.enum(['Exact', 'Prefix', 'ImplementationSpecific']),
  backend,
});

const ingressObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: z.looseObject({
    ingressClassName: orAbsent(z.string()),
    defaultBackend: orAbsent(backend),
    rules: orAbsent(
      z.array(
        z.looseObject({
          host: orAbsent(z.string()),
          http: orAbsent(z.looseObject({ paths: z.array(path) })),
        }),
      ),
    ),
  }),
});

function backendOf(namespace: string, written: z.output<typeof backend>): readonly EntryBackend[] {
  const { service, resource } = written;
  if (service !== undefined) {
    const { name, number } = service.port;
    const port: BackendPort = { of: 'service', port: number ?? name ?? '' };
    return [{ kind: 'service', namespace, name: service.name, port, refused: null }];
  }
  if (resource === undefined) return [];
  const { apiGroup: group = '', kind, name } = resource;
  return [{ kind: 'other', ref: { group, kind, namespace, name } }];
}

/** The class is a field, and was an annotation before. */
export function parseIngress(body: unknown, origin: ObjectOrigin | null): Parsed<Ingress> {
  const parsed = parseObject(ingressObject, 'Ingress', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata: own, spec } = parsed.value;
  const { namespace } = own;
  const way = (host: string | undefined, match: string | null, to: z.output<typeof backend>) => ({
    hosts: host ? [host] : [],
    match,
    protocol: 'TCP' as const,
    backends: backendOf(namespace, to),
  });
  const ruled = (spec.rules ?? []).flatMap(({ host, http }) =>
    (http?.paths ?? []).map((each) => {
      const match = each.path && each.pathType === 'Exact' ? `= ${each.path}` : each.path;
      return way(host, match || null, each.backend);
    }),
  );
  return {
    ok: true,
    value: {
      namespace,
      name: own.name,
      className: spec.ingressClassName ?? own.annotations.get(CLASS_ANNOTATION) ?? null,
      ways: [
        ...ruled,
        ...(spec.defaultBackend === undefined ? [] : [way(undefined, null, spec.defaultBackend)]),
      ],
    },
  };
}

const ingressClassObject = z.looseObject({
  metadata,
  spec: orAbsent(z.looseObject({ controller: orAbsent(z.string()) })),
});

export function parseIngressClass(
  body: unknown,
  origin: ObjectOrigin | null,
): Parsed<IngressClass> {
  const parsed = parseObject(ingressClassObject, 'IngressClass', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata: own, spec } = parsed.value;
  return {
    ok: true,
    value: {
      name: own.name,
      controller: spec?.controller ?? null,
      isDefault: own.annotations.get(DEFAULT_ANNOTATION) === 'true',
    },
  };
}
