import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PortQuery } from '#lib/engine/explanation.ts';
import { namespacedName, type Service, type ServicePort } from '#lib/model/cluster.ts';
import type { BackendPort, EntryBackend, EntryPoint, EntryWay } from '#lib/model/entry-point.ts';
import type { NamedEndpoint } from './endpoint-ends.ts';
import { serviceTargets, type Target } from './service-targets.ts';

/** Where the ways into a cluster lead: through a Service's port to pods and the ports they listen on. */

export interface EntryLead {
  readonly point: EntryPoint;
  readonly way: EntryWay;
  readonly backend: Extract<EntryBackend, { readonly kind: 'service' }>;
  /** Null where there is none of that name. */
  readonly service: Service | null;
  /** Empty where the Service has no such port, or nobody behind it. */
  readonly targets: readonly EntryTarget[];
}

export interface EntryTarget {
  readonly servicePort: ServicePort;
  readonly end: NamedEndpoint;
  readonly port: PortQuery;
}

const leads = new WeakMap<Connectivity, readonly EntryLead[]>();

/** Whether a backend's port may be this one of its Service; a number of the endpoints is seen there. */
function mayMean(wanted: BackendPort, { name, port }: ServicePort): boolean {
  switch (wanted.of) {
    case 'all':
      return true;
    case 'service':
      return typeof wanted.port === 'number' ? port === wanted.port : name === wanted.port;
    case 'endpoints':
      return typeof wanted.port === 'number' || name === wanted.port;
  }
}

/** Where each port of a Service leads; many ways share a Service. */
type TargetsOf = (service: Service, port: ServicePort) => readonly Target[];

function rememberedTargets(connectivity: Connectivity): TargetsOf {
  const known = new Map<ServicePort, readonly Target[]>();
  return (service, port) => {
    const targets = known.get(port) ?? serviceTargets(connectivity, service, port);
    known.set(port, targets);
    return targets;
  };
}

function entryTargets(
  targetsOf: TargetsOf,
  service: Service,
  wanted: BackendPort,
  { protocol }: EntryWay,
): readonly EntryTarget[] {
  return service.ports
    .filter((port) => port.protocol === protocol && mayMean(wanted, port))
    .flatMap((servicePort) =>
      targetsOf(service, servicePort).flatMap(({ end, port }) => {
        if (port === null) return [];
        const isOther =
          wanted.of === 'endpoints' && typeof wanted.port === 'number' && wanted.port !== port.port;
        return isOther ? [] : [{ servicePort, end, port }];
      }),
    );
}

/** A lead for each Service that a way names, in the order of the entry points; made once for an analysis. */
export function entryLeads(connectivity: Connectivity): readonly EntryLead[] {
  const known = leads.get(connectivity);
  if (known !== undefined) return known;
  const { services, entryPoints } = connectivity.snapshot;
  const byName = new Map(
    services.map((service) => [namespacedName(service.namespace, service.name), service]),
  );
  const targetsOf = rememberedTargets(connectivity);
  const found = entryPoints.flatMap((point) =>
    point.ways.flatMap((way) =>
      way.backends.flatMap((backend): readonly EntryLead[] => {
        if (backend.kind !== 'service') return [];
        const service = byName.get(namespacedName(backend.namespace, backend.name)) ?? null;
        const targets =
          service === null || backend.refused !== null
            ? []
            : entryTargets(targetsOf, service, backend.port, way);
        return [{ point, way, backend, service, targets }];
      }),
    ),
  );
  leads.set(connectivity, found);
  return found;
}
