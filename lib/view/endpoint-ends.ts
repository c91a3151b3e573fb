import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import type { Pod } from '#lib/model/cluster.ts';
import {
  type AddressRange,
  formatIp,
  formatRangeShort,
  type IpAddress,
} from '#lib/model/ip-address.ts';
import { addressIndex } from './address-index.ts';
import { podCount } from './cluster-facts.ts';
import { endpointsOf } from './workload-pairs.ts';
import type { EndpointView } from './workload-view.ts';

/** Ends of connections, made of what stands for them in an analysis. */

/** One end, as the engine and as the reader know it. */
export interface NamedEndpoint {
  readonly endpoint: Endpoint;
  readonly view: EndpointView;
  /** How many pods it stands for; 1 for addresses. */
  readonly size: number;
}

export function workloadEnds(workload: Workload): readonly NamedEndpoint[] {
  return endpointsOf(workload).map((endpoint) => {
    const size = podCount({ ...workload, pods: endpoint.pods });
    return { endpoint, view: { kind: 'workload', ref: workload.ref, pods: size }, size };
  });
}

export function podEnd(group: PodGroup, pod: Pod): NamedEndpoint {
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

export function podEnds(
  { groups }: Pick<Connectivity, 'groups'>,
  wanted: (pod: Pod) => boolean,
): readonly NamedEndpoint[] {
  return groups.flatMap((group) => group.pods.filter(wanted).map((pod) => podEnd(group, pod)));
}

/** The parts of a range that the rules of a direction distinguish. */
export function rangeEnds(
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
export function addressEnds(
  connectivity: Connectivity,
  asSource: boolean,
  address: IpAddress,
): readonly NamedEndpoint[] {
  const { pods, nodes } = addressIndex(connectivity);
  const key = formatIp(address);
  const owners = pods.get(key) ?? [];
  if (owners.length > 0) return owners.map(({ group, pod }) => podEnd(group, pod));
  const node = nodes.get(key);
  if (node !== undefined) return [nodeEnd(node, address)];
  return rangeEnds(connectivity, asSource, {
    family: address.family,
    first: address.value,
    last: address.value,
  });
}

export function nodeEnd(node: string, address: IpAddress): NamedEndpoint {
  return {
    endpoint: { kind: 'node', node, address },
    view: { kind: 'node', name: node, address: formatIp(address) },
    size: 1,
  };
}
