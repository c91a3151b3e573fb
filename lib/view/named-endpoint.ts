import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Service } from '#lib/model/cluster.ts';
import {
  formatIp,
  type IpAddress,
  parseCidr,
  parseIp,
  rangeCovers,
} from '#lib/model/ip-address.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { addressIndex } from './address-index.ts';
import {
  addressEnds,
  type NamedEndpoint,
  nodeEnd,
  podEnd,
  podEnds,
  rangeEnds,
  workloadEnds,
} from './endpoint-ends.ts';
import { backendEnds, backendNames } from './service-targets.ts';
import { findWorkload } from './workload-builder.ts';

/** Finds what a person typed as one end of a connection. */

/** Ends that every cluster has: `api-server` (GEN-22, GEN-23) and `dns` (GEN-12). */
export type WellKnown = 'api-server' | 'dns';

export type Found =
  | {
      readonly ok: true;
      readonly ends: readonly NamedEndpoint[];
      /** Set when a Service was named: the ends are its backends, none where it is but a name of a host. */
      readonly service: Service | null;
      /** What else it is called, where that matters. */
      readonly wellKnown: WellKnown | null;
    }
  | { readonly ok: false; readonly message: string };

const EXPECTED =
  'write namespace/name, namespace/kind/name, svc/namespace/name, node/name, api-server, dns, an address or a CIDR';

/** Where its name servers are found, by the installer's habit. */
const DNS_SERVICES = ['kube-system/kube-dns', 'openshift-dns/dns-default', 'kube-system/coredns'];
const API_SERVER = 'default/kubernetes';

/** Where caches on nodes listen (GEN-12a). */
export const DNS_CACHE_ADDRESS: IpAddress = { family: 4, value: 0xa9fe140an };

/** Whether nodes have caches for the cluster's name servers, in their own network. */
export function isDnsCache({ snapshot }: Connectivity): boolean {
  return snapshot.pods.some(
    (pod) => pod.hostNetwork && !pod.finished && pod.labels.get('k8s-app') === 'node-local-dns',
  );
}

/** An end that was found, and is no Service. */
function plain(ends: readonly NamedEndpoint[]): Found {
  return { ok: true, ends, service: null, wellKnown: null };
}

function missing(what: string): Found {
  return { ok: false, message: `there is no ${what}` };
}

function nodeFound({ snapshot }: Connectivity, name: string): Found {
  const node = snapshot.nodes.get(name);
  if (node === undefined) return missing(`node ${name}`);
  return node.addresses.length === 0
    ? { ok: false, message: `node ${name} has no address` }
    : plain(node.addresses.map((address) => nodeEnd(name, address)));
}

function wellKnownFound(
  connectivity: Connectivity,
  wellKnown: WellKnown,
  asSource: boolean,
): Found {
  const names = wellKnown === 'dns' ? DNS_SERVICES : [API_SERVER];
  const { services } = connectivity.snapshot;
  const service = names
    .flatMap(
      (each) => services.find(({ namespace, name }) => `${namespace}/${name}` === each) ?? [],
    )
    .at(0);
  if (service === undefined)
    return { ok: false, message: `${wellKnown} was not found: there is no service ${names[0]}` };
  const found = serviceFound(connectivity, service, asSource);
  return found.ok ? { ...found, wellKnown } : found;
}

function byName(
  connectivity: Connectivity,
  namespace: string,
  kind: string | null,
  name: string,
): Found {
  if (!connectivity.snapshot.namespaces.has(namespace)) return missing(`namespace ${namespace}`);
  if (kind !== null) {
    const found = findWorkload(connectivity, { kind, namespace, name });
    if (found === null) return missing(`${kind} ${namespace}/${name}`);
    const [group] = found.workload.groups;
    const ends = found.pod === null ? workloadEnds(found.workload) : [podEnd(group, found.pod)];
    return plain(ends);
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
  if (workload !== undefined) return plain(workloadEnds(workload));
  const pods = podEnds(connectivity, (pod) => pod.namespace === namespace && pod.name === name);
  return pods.length > 0 ? plain(pods) : missing(`workload or pod ${namespace}/${name}`);
}

function bySlashes(connectivity: Connectivity, text: string, asSource: boolean): Found {
  const parts = text.split('/');
  const [first, second, third] = parts;
  // A namespace may be called so as well, and is there first.
  const isNode = first === 'node' && !connectivity.snapshot.namespaces.has(first);
  if (parts.length === 2 && isNode && second) return nodeFound(connectivity, second);
  if (parts.length === 2 && first && second) return byName(connectivity, first, null, second);
  if (parts.length !== 3 || !first || !second || !third) return { ok: false, message: EXPECTED };
  if (first !== 'svc' && first !== 'service') return byName(connectivity, first, second, third);
  const service = connectivity.snapshot.services.find(
    ({ namespace, name }) => namespace === second && name === third,
  );
  if (service === undefined)
    return { ok: false, message: `there is no service ${second}/${third}` };
  return serviceFound(connectivity, service, asSource);
}

function serviceFound(connectivity: Connectivity, service: Service, asSource: boolean): Found {
  const ends = backendEnds(connectivity, service, asSource);
  return ends.length === 0 && backendNames(service).length === 0
    ? { ok: false, message: `service ${service.namespace}/${service.name} has no endpoints` }
    : { ok: true, ends, service, wellKnown: null };
}

/**
 * Finds an end by `namespace/name`, `namespace/kind/name`, `svc/namespace/name`, `node/name`,
 * `api-server`, `dns`, an address or a CIDR. `direction` tells which role it plays: the source is under egress rules.
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
  if (text === 'api-server' || text === 'dns') return wellKnownFound(connectivity, text, asSource);
  if (dialled !== undefined && !asSource) return serviceFound(connectivity, dialled, asSource);
  if (address !== null) return plain(addressEnds(connectivity, asSource, address));
  const range = parseCidr(text);
  if (range === null) return bySlashes(connectivity, text, asSource);
  const pods = podEnds(
    connectivity,
    (pod) =>
      !pod.hostNetwork &&
      pod.addresses.some((own) =>
        rangeCovers(range, { family: own.family, first: own.value, last: own.value }),
      ),
  );
  return plain([...rangeEnds(connectivity, asSource, range), ...pods]);
}
