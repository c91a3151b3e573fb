import type { ContainerPort, Pod } from '#lib/model/cluster.ts';
import {
  type AddressRange,
  type Family,
  type IpAddress,
  partitionAddresses,
} from '#lib/model/ip-address.ts';
import type { Labels } from '#lib/model/labels.ts';
import { compareText } from '#lib/model/object-ref.ts';
import type { Distinctions } from './distinctions.ts';
import type { AddressGroup } from './endpoint.ts';

/** Finds the part of a partition that an address lies in, by halving. */
export function partOf(parts: readonly AddressRange[], value: bigint): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.first ?? 0n) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How pods are grouped: by what policies look at (ADR 5). */
export interface Grouping {
  readonly distinctions: Distinctions;
  /** The coarsest parts that blocks cut each family into. */
  readonly parts: Readonly<Record<Family, readonly AddressRange[]>>;
  /** One namespace's pods by group, in the order of their first pods; finished ones are in none (GEN-18). */
  group(pods: readonly Pod[]): readonly (readonly [Pod, ...Pod[]])[];
}

const FIELD = '\u0001';
const VALUE = '\u0000';

/** A number for each text, for keys that are compared often. */
function numbering() {
  const numbers = new Map<string, number>();
  return (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
}

/** Remembers by the object asked about: pods of one template share their labels and ports. */
function remembered<K extends object, V>(find: (key: K) => V): (key: K) => V {
  const found = new WeakMap<K, V>();
  return (key) => {
    const known = found.get(key);
    if (known !== undefined) return known;
    const value = find(key);
    found.set(key, value);
    return value;
  };
}

export function groupingBy(distinctions: Distinctions): Grouping {
  const { labelKeys, serviceAccounts, portNames, blocks, nodes } = distinctions;
  const parts = { 4: partitionAddresses(4, blocks), 6: partitionAddresses(6, blocks) } as const;
  const numberOf = numbering();

  const labelsKey = remembered((labels: Labels): number => {
    const read: string[] = [];
    for (const [key, value] of labels) if (labelKeys.has(key)) read.push(key + VALUE + value);
    return numberOf(read.length > 1 ? read.sort(compareText).join(FIELD) : (read[0] ?? ''));
  });
  const portsKey = remembered((ports: readonly ContainerPort[]): number =>
    numberOf(
      ports
        .filter(({ name }) => name !== null && portNames.has(name))
        .map(({ name, protocol, port, container }) => `${name} ${protocol} ${port} ${container}`)
        .sort(compareText)
        .join(FIELD),
    ),
  );
  const noPorts = numberOf('');
  const addressKey = ({ family, value }: IpAddress): string =>
    parts[family].length === 1 ? `${family}` : `${family}:${partOf(parts[family], value)}`;
  const addressesKey = (addresses: readonly IpAddress[]): string => {
    const [only] = addresses;
    if (only === undefined) return '';
    return addresses.length === 1
      ? addressKey(only)
      : addresses.map(addressKey).sort(compareText).join(' ');
  };

  function keyOf(pod: Pod): string {
    // Ports that nobody asks for are no ports.
    const ports = portNames.size === 0 || pod.ports.length === 0 ? noPorts : portsKey(pod.ports);
    const host = pod.hostNetwork ? (nodes ? `host ${pod.node ?? ''}` : 'host') : '';
    const account = serviceAccounts ? pod.serviceAccount : '';
    return `${labelsKey(pod.labels)}/${ports}/${addressesKey(pod.addresses)}/${account}/${host}`;
  }

  return {
    distinctions,
    parts,
    group(pods) {
      const groups = new Map<string, [Pod, ...Pod[]]>();
      for (const pod of pods) {
        if (pod.finished) continue;
        const key = keyOf(pod);
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [pod]);
        else group.push(pod);
      }
      return [...groups.values()];
    },
  };
}

/** The coarsest ranges of outside addresses that some blocks distinguish, both families, sorted. */
export function groupAddresses(blocks: readonly AddressRange[]): readonly AddressGroup[] {
  return ([4, 6] as const)
    .flatMap((family) => partitionAddresses(family, blocks))
    .map((range) => ({ kind: 'addresses', range }));
}
