import type { Namespace, Pod } from '#lib/model/cluster.ts';
import { type AddressRange, type IpAddress, partitionAddresses } from '#lib/model/ip-address.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import { type CompiledPolicy, DIRECTIONS, type Direction } from './compiled-policy.ts';
import type { AddressGroup, PodGroup } from './endpoint.ts';
import { peerLeaves, peersTowards, podLeaves, ruleLeaves } from './leaves.ts';

/** What policies look at; pods and addresses that agree in all of it are one group. */
interface Distinctions {
  readonly labelKeys: readonly string[];
  readonly serviceAccounts: boolean;
  readonly portNames: ReadonlySet<string>;
  readonly blocks: readonly AddressRange[];
  /** Some rule names nodes, so that pods on their nodes' network differ by node. */
  readonly nodes: boolean;
}

function blocksOf(policies: readonly CompiledPolicy[], directions: readonly Direction[]) {
  return policies.flatMap((policy) =>
    directions.flatMap((direction) =>
      peersTowards(policy, direction).flatMap((peer) =>
        peer.kind === 'addresses' ? [peer.block, ...peer.except] : [],
      ),
    ),
  );
}

function distinctionsOf(policies: readonly CompiledPolicy[]): Distinctions {
  const rules = policies.flatMap(({ rules: { ingress, egress } }) => [...ingress, ...egress]);
  const leaves = rules.flatMap(ruleLeaves);
  const matches = [
    ...policies.flatMap(({ subject }) => (subject.kind === 'pods' ? [subject.match] : [])),
    ...leaves.flatMap((leaf) => (leaf.kind === 'pods' ? [leaf.match] : [])),
  ].flatMap(podLeaves);
  const portNames = rules
    .flatMap(({ ports, exceptPorts = [] }) => [...(ports === 'all' ? [] : ports), ...exceptPorts])
    .flatMap(({ match }) => (match.kind === 'named' ? [match.name] : []));
  const ownBlocks = rules
    .flatMap(({ own = [] }) => own)
    .flatMap(({ match }) => peerLeaves(match))
    .flatMap((leaf) => (leaf.kind === 'addresses' ? [leaf.block, ...leaf.except] : []));
  return {
    labelKeys: [...new Set(matches.flatMap(({ pods }) => pods.map(({ key }) => key)))].sort(),
    serviceAccounts: matches.some(({ serviceAccounts }) => serviceAccounts !== undefined),
    portNames: new Set(portNames),
    blocks: [...blocksOf(policies, DIRECTIONS), ...ownBlocks],
    nodes:
      leaves.some(({ kind }) => kind === 'nodes') ||
      policies.some(({ subject }) => subject.kind === 'nodes'),
  };
}

/** Finds the part of a partition that an address lies in, by halving. */
function partOf(parts: readonly AddressRange[], { value }: IpAddress): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.first ?? 0n) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The groups of a cluster's pods, in the order of their first pods. Finished pods are in none
 * (GEN-18). Namespaces must hold every pod's namespace.
 */
export function groupPods(snapshot: ClusterSnapshot): readonly PodGroup[] {
  const { labelKeys, serviceAccounts, portNames, blocks, nodes } = distinctionsOf(
    snapshot.policies,
  );
  const parts = { 4: partitionAddresses(4, blocks), 6: partitionAddresses(6, blocks) } as const;
  const keyOf = (pod: Pod) =>
    JSON.stringify([
      pod.namespace,
      pod.hostNetwork && nodes ? [pod.node] : pod.hostNetwork,
      labelKeys.map((key) => pod.labels.get(key) ?? null),
      serviceAccounts ? pod.serviceAccount : null,
      pod.ports
        .filter(({ name }) => name !== null && portNames.has(name))
        .map(({ name, protocol, port, container }) => `${name} ${protocol} ${port} ${container}`)
        .sort(),
      pod.addresses.map((ip) => `${ip.family}:${partOf(parts[ip.family], ip)}`).sort(),
    ]);

  const groups = new Map<string, { namespace: Namespace; pods: [Pod, ...Pod[]] }>();
  for (const pod of snapshot.pods) {
    if (pod.finished) continue;
    const key = keyOf(pod);
    const group = groups.get(key);
    if (group !== undefined) group.pods.push(pod);
    else {
      const namespace = snapshot.namespaces.get(pod.namespace);
      if (namespace === undefined) throw new TypeError(`no namespace ${pod.namespace}`);
      groups.set(key, { namespace, pods: [pod] });
    }
  }
  return [...groups.values()].map(({ namespace, pods }, index) => ({
    kind: 'pods',
    index,
    namespace,
    labels: pods[0].labels,
    hostNetwork: pods[0].hostNetwork,
    pods,
  }));
}

/**
 * The coarsest ranges of outside addresses that the rules of one direction distinguish, both
 * families, sorted. `from` is the first index given out.
 */
export function groupAddresses(
  policies: readonly CompiledPolicy[],
  direction: Direction,
  from: number,
): readonly AddressGroup[] {
  const blocks = blocksOf(policies, [direction]);
  return ([4, 6] as const)
    .flatMap((family) => partitionAddresses(family, blocks))
    .map((range, i) => ({ kind: 'addresses', index: from + i, range }));
}
