import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity, Workload } from '#lib/engine/connectivity.ts';
import type { Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import type { Pod, Service } from '#lib/model/cluster.ts';
import {
  type AddressRange,
  formatIp,
  formatRangeShort,
  type IpAddress,
  parseCidr,
  parseIp,
  rangeCovers,
} from '#lib/model/ip-address.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { selects } from '#lib/model/selector.ts';
import { podCount } from './cluster-facts.ts';
import { findWorkload } from './workload-builder.ts';
import { endpointsOf } from './workload-pairs.ts';
import type { EndpointView } from './workload-view.ts';

/** Finds what a person typed as one end of a connection. */

/** One end, as the engine and as the reader know it. */
export interface NamedEndpoint {
  readonly endpoint: Endpoint;
  readonly view: EndpointView;
  /** How many pods it stands for; 1 for addresses. */
  readonly size: number;
}

export type Found =
  | {
      readonly ok: true;
      readonly ends: readonly NamedEndpoint[];
      /** Set when a Service was named: the ends are its backends. */
      readonly service: Service | null;
    }
  | { readonly ok: false; readonly message: string };

const EXPECTED =
  'write namespace/name, namespace/kind/name, svc/namespace/name, an address or a CIDR';

function workloadEnds(workload: Workload): readonly NamedEndpoint[] {
  return endpointsOf(workload).map((endpoint) => {
    const size = podCount({ ...workload, pods: endpoint.pods });
    return { endpoint, view: { kind: 'workload', ref: workload.ref, pods: size }, size };
  });
}

function podEnd(group: PodGroup, pod: Pod): NamedEndpoint {
  return {
    endpoint: { ...group, pods: [pod] },
    view: {
      kind: 'pod',
      ref: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
      workload: pod.workload,
    },
    size: 1,
  };
}

function podEnds(
  connectivity: Connectivity,
  wanted: (pod: Pod) => boolean,
): readonly NamedEndpoint[] {
  return connectivity.groups.flatMap((group) =>
    group.pods.filter(wanted).map((pod) => podEnd(group, pod)),
  );
}

function isSame(a: IpAddress, b: IpAddress): boolean {
  return a.family === b.family && a.value === b.value;
}

/** The parts of a range that the rules of a direction distinguish. */
function rangeEnds(
  connectivity: Connectivity,
  asSource: boolean,
  range: AddressRange,
): readonly NamedEndpoint[] {
  const groups = asSource ? connectivity.sources : connectivity.destinations;
  return groups.flatMap((group): readonly NamedEndpoint[] => {
    if (group.range.family !== range.family) return [];
    const first = group.range.first > range.first ? group.range.first : range.first;
    const last = group.range.last < range.last ? group.range.last : range.last;
    if (first > last) return [];
    const part: AddressRange = { family: range.family, first, last };
    return [
      {
        endpoint: { ...group, range: part },
        view: {
          kind: 'addresses',
          label: formatRangeShort(part),
          first: formatIp({ family: part.family, value: first }),
        },
        size: 1,
      },
    ];
  });
}

/** An address is a pod's, else a node's, else somebody's outside (GEN-18: finished pods own none). */
function addressEnds(
  connectivity: Connectivity,
  asSource: boolean,
  address: IpAddress,
): readonly NamedEndpoint[] {
  const pods = podEnds(
    connectivity,
    (pod) => !pod.hostNetwork && pod.addresses.some((own) => isSame(own, address)),
  );
  if (pods.length > 0) return pods;
  for (const node of connectivity.snapshot.nodes.values())
    if (node.addresses.some((own) => isSame(own, address)))
      return [
        {
          endpoint: { kind: 'node', node: node.name, address },
          view: { kind: 'node', name: node.name, address: formatIp(address) },
          size: 1,
        },
      ];
  return rangeEnds(connectivity, asSource, {
    family: address.family,
    first: address.value,
    last: address.value,
  });
}

function endKey({ view }: NamedEndpoint): string {
  return view.kind === 'pod' ? refKey(view.ref) : JSON.stringify(view);
}

/** The backends of a Service (GEN-8, GEN-9): its endpoints where they were read, else whom it selects. */
function serviceEnds(connectivity: Connectivity, service: Service): readonly NamedEndpoint[] {
  const { endpoints, selector, namespace } = service;
  if (endpoints !== null) {
    const ends = endpoints.flatMap((address) => addressEnds(connectivity, false, address));
    // A pod of both families has an endpoint of each.
    return [...new Map(ends.map((end) => [endKey(end), end])).values()];
  }
  if (selector === null) return [];
  return podEnds(
    connectivity,
    (pod) => pod.namespace === namespace && selects(selector, pod.labels),
  );
}

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
  if (service.type === 'ExternalName')
    return {
      ok: false,
      message: `service ${second}/${third} is only a DNS name: it has no pods here`,
    };
  const ends = serviceEnds(connectivity, service);
  return ends.length === 0
    ? { ok: false, message: `service ${second}/${third} has no endpoints` }
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
