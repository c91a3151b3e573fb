import type { EndpointSlice } from '#lib/manifests/service.ts';
import { namespacedName, type Service } from '#lib/model/cluster.ts';

interface Joined {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  readonly whole: Service;
}

/**
 * Gives the function that joins Services with their EndpointSlices. A Service is the same object as
 * the last time while neither it nor a slice of it changed.
 */
export function createServiceJoin(): (
  services: readonly Service[],
  slices: readonly EndpointSlice[],
) => readonly Service[] {
  let last: ReadonlyMap<string, Joined> = new Map();
  return (services, slices) => {
    const behind = Map.groupBy(slices, ({ namespace, service }) =>
      service === null ? null : namespacedName(namespace, service),
    );
    last = new Map(
      services.map((service) => {
        const key = namespacedName(service.namespace, service.name);
        const own = behind.get(key) ?? [];
        const known = last.get(key);
        return [key, isOf(known, service, own) ? known : join(service, own)];
      }),
    );
    return [...last.values()].map(({ whole }) => whole);
  };
}

function isOf(
  known: Joined | undefined,
  service: Service,
  slices: readonly EndpointSlice[],
): known is Joined {
  return (
    known?.service === service &&
    known.slices.length === slices.length &&
    known.slices.every((slice, i) => slice === slices[i])
  );
}

function join(service: Service, slices: readonly EndpointSlice[]): Joined {
  const whole =
    slices.length === 0
      ? service
      : {
          ...service,
          endpoints: slices.flatMap(({ addresses }) => addresses),
          backends: slices.flatMap(({ backends }) => backends),
        };
  return { service, slices, whole };
}
