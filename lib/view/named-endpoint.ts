import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Service } from '#lib/model/cluster.ts';
import { formatIp, parseCidr, parseIp, rangeCovers } from '#lib/model/ip-address.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { addressIndex } from './address-index.ts';
import {
  addressEnds,
  type NamedEndpoint,
  podEnd,
  podEnds,
  rangeEnds,
  workloadEnds,
} from './endpoint-ends.ts';
import { backendEnds, backendNames } from './service-targets.ts';
import { findWorkload } from './workload-builder.ts';

/** Finds what a person typed as one end of a connection. */

export type Found =
  | {
      readonly ok: true;
      readonly ends: readonly NamedEndpoint[];
      /** Set when a Service was named: the ends are its backends, none where it is but a name of a host. */
      readonly service: Service | null;
    }
  | { readonly ok: false; readonly message: string };

const EXPECTED =
  'write namespace/name, namespace/kind/name, svc/namespace/name, an address or a CIDR';

function byName(
  connectivity: Connectivity,
  namespace: string,
  kind: string | null,
  name: string,
): Found {
  const missing = (what: string): Found => ({ ok: false, message: `there is no ${what}` });
  if (!connectivity.snapshot.namespaces.has(namespace)) return missing(`namespace ${namespace}`);
  if (kind !== null) {
    const found = findWorkload(connectivity, { kind, namespace, name });
    if (found === null) return missing(`${kind} ${namespace}/${name}`);
    const [group] = found.workload.groups;
    const ends = found.pod === null ? workloadEnds(found.workload) : [podEnd(group, found.pod)];
    return { ok: true, ends, service: null };
  }
  const workloads = [...connectivity.workloads.values()].filter(
    (workload) => workload.namespace === namespace && workload.ref.name === name,
  );
  if (workloads.length > 1)
    return {
      ok: false,
      message: `${namespace}/${name} is ${workloads.map(({ ref }) => refKey(ref)).join(' and ')}: write ${namespace}/kind/${name}`,
    };
  const [workload] = workloads;
  if (workload !== undefined) return { ok: true, ends: workloadEnds(workload), service: null };
  const pods = podEnds(connectivity, (pod) => pod.namespace === namespace && pod.name === name);
  return pods.length > 0
    ? { ok: true, ends: pods, service: null }
    : missing(`workload or pod ${namespace}/${name}`);
}

function bySlashes(connectivity: Connectivity, text: string): Found {
  const parts = text.split('/');
  const [first, second, third] = parts;
  if (parts.length === 2 && first && second) return byName(connectivity, first, null, second);
  if (parts.length !== 3 || !first || !second || !third) return { ok: false, message: EXPECTED };
  if (first !== 'svc' && first !== 'service') return byName(connectivity, first, second, third);
  const service = connectivity.snapshot.services.find(
    ({ namespace, name }) => namespace === second && name === third,
  );
  if (service === undefined)
    return { ok: false, message: `there is no service ${second}/${third}` };
  return serviceFound(connectivity, service);
}

function serviceFound(connectivity: Connectivity, service: Service): Found {
  const ends = backendEnds(connectivity, service);
  return ends.length === 0 && backendNames(service).length === 0
    ? { ok: false, message: `service ${service.namespace}/${service.name} has no endpoints` }
    : { ok: true, ends, service };
}

/**
 * Finds an end by `namespace/name`, `namespace/kind/name`, `svc/namespace/name`, an address or a
 * CIDR. `direction` tells which role it plays: the source is under egress rules.
 */
export function findEndpoint(
  connectivity: Connectivity,
  text: string,
  direction: Direction,
): Found {
  const asSource = direction === 'egress';
  const address = parseIp(text);
  const dialled =
    address === null ? undefined : addressIndex(connectivity).services.get(formatIp(address));
  if (dialled !== undefined && !asSource) return serviceFound(connectivity, dialled);
  if (address !== null)
    return { ok: true, ends: addressEnds(connectivity, asSource, address), service: null };
  const range = parseCidr(text);
  if (range === null) return bySlashes(connectivity, text);
  const pods = podEnds(
    connectivity,
    (pod) =>
      !pod.hostNetwork &&
      pod.addresses.some((own) =>
        rangeCovers(range, { family: own.family, first: own.value, last: own.value }),
      ),
  );
  return {
    ok: true,
    ends: [...rangeEnds(connectivity, asSource, range), ...pods],
    service: null,
  };
}
