import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Pod, Service } from '#lib/model/cluster.ts';
import { formatIp, type IpAddress } from '#lib/model/ip-address.ts';

/** Whose an address is: made once for an analysis, when the first address is asked for. */
export interface AddressIndex {
  /** Pods with an address of their own, by formatIp; finished ones own none (GEN-18). */
  readonly pods: ReadonlyMap<string, readonly { readonly group: PodGroup; readonly pod: Pod }[]>;
  /** Names of nodes. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Services by the addresses that pods dial (GEN-7). */
  readonly services: ReadonlyMap<string, Service>;
}

const indexes = new WeakMap<Connectivity, AddressIndex>();

function byAddress<T>(
  items: Iterable<readonly [readonly IpAddress[], T]>,
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const [addresses, item] of items)
    for (const address of addresses) {
      const key = formatIp(address);
      const known = found.get(key);
      if (known === undefined) found.set(key, [item]);
      else known.push(item);
    }
  return found;
}

/** Of those that share an address, which none should, the first. */
function first<T>(index: ReadonlyMap<string, readonly T[]>): ReadonlyMap<string, T> {
  return new Map([...index].flatMap(([key, [item]]) => (item === undefined ? [] : [[key, item]])));
}

export function addressIndex(connectivity: Connectivity): AddressIndex {
  const known = indexes.get(connectivity);
  if (known !== undefined) return known;
  const { groups, snapshot } = connectivity;
  const members = groups
    .filter(({ hostNetwork }) => !hostNetwork)
    .flatMap((group) => group.pods.map((pod) => [pod.addresses, { group, pod }] as const));
  const index: AddressIndex = {
    pods: byAddress(members),
    nodes: first(
      byAddress([...snapshot.nodes.values()].map((node) => [node.addresses, node.name] as const)),
    ),
    services: first(
      byAddress(snapshot.services.map((service) => [service.clusterAddresses, service] as const)),
    ),
  };
  indexes.set(connectivity, index);
  return index;
}
