import type { AddressRange } from '#lib/model/ip-address.ts';
import { type CompiledPolicy, DIRECTIONS, type Direction } from './compiled-policy.ts';
import { peerLeaves, podLeaves, ruleLeaves } from './leaves.ts';

/** What policies look at in pods and addresses, and so what makes groups of them. */

/** What some policies look at; pods and addresses that agree in all of it are one group. */
export interface Distinctions {
  readonly labelKeys: ReadonlySet<string>;
  readonly serviceAccounts: boolean;
  readonly portNames: ReadonlySet<string>;
  /** Of all directions and of a policy's own pods. */
  readonly blocks: readonly AddressRange[];
  /** By the direction of the rules that name them. */
  readonly blocksTowards: Readonly<Record<Direction, readonly AddressRange[]>>;
  /** Some rule names nodes, so that pods on their nodes' network differ by node. */
  readonly nodes: boolean;
}

const NONE: readonly AddressRange[] = [];

/** What one policy looks at; a policy never changes, so this is found once. */
const looks = new WeakMap<CompiledPolicy, Distinctions>();

function looksOf(policy: CompiledPolicy): Distinctions {
  const known = looks.get(policy);
  if (known !== undefined) return known;
  const found = look(policy);
  looks.set(policy, found);
  return found;
}

function look({ subject, rules }: CompiledPolicy): Distinctions {
  const both = [...rules.ingress, ...rules.egress];
  const leaves = both.flatMap(ruleLeaves);
  const matches = [
    ...(subject.kind === 'pods' ? [subject.match] : []),
    ...leaves.flatMap((leaf) => (leaf.kind === 'pods' ? [leaf.match] : [])),
  ].flatMap(podLeaves);
  const portNames = both
    .flatMap(({ ports, exceptPorts = [] }) => [...(ports === 'all' ? [] : ports), ...exceptPorts])
    .flatMap(({ match }) => (match.kind === 'named' ? [match.name] : []));
  const towards = (direction: Direction) =>
    blocksIn(rules[direction].flatMap(({ peers }) => peers.map(({ match }) => match)));
  const blocksTowards = { ingress: towards('ingress'), egress: towards('egress') };
  const own = blocksIn(both.flatMap((rule) => (rule.own ?? []).map(({ match }) => match)));
  const blocks = [...blocksTowards.ingress, ...blocksTowards.egress, ...own];
  return {
    labelKeys: new Set(matches.flatMap(({ pods }) => pods.map(({ key }) => key))),
    serviceAccounts: matches.some(({ serviceAccounts }) => serviceAccounts !== undefined),
    portNames: new Set(portNames),
    blocks: blocks.length === 0 ? NONE : blocks,
    blocksTowards,
    nodes: subject.kind === 'nodes' || leaves.some(({ kind }) => kind === 'nodes'),
  };
}

function blocksIn(peers: readonly Parameters<typeof peerLeaves>[0][]): readonly AddressRange[] {
  const blocks = peers
    .flatMap(peerLeaves)
    .flatMap((leaf) => (leaf.kind === 'addresses' ? [leaf.block, ...leaf.except] : []));
  return blocks.length === 0 ? NONE : blocks;
}

/** What all of the policies together look at. */
export function distinctionsOf(policies: readonly CompiledPolicy[]): Distinctions {
  const labelKeys = new Set<string>();
  const portNames = new Set<string>();
  const blocks: AddressRange[] = [];
  const blocksTowards: Record<Direction, AddressRange[]> = { ingress: [], egress: [] };
  let serviceAccounts = false;
  let nodes = false;
  for (const policy of policies) {
    const own = looksOf(policy);
    for (const key of own.labelKeys) labelKeys.add(key);
    for (const name of own.portNames) portNames.add(name);
    serviceAccounts ||= own.serviceAccounts;
    nodes ||= own.nodes;
    if (own.blocks === NONE) continue;
    blocks.push(...own.blocks);
    for (const direction of DIRECTIONS)
      blocksTowards[direction].push(...own.blocksTowards[direction]);
  }
  return { labelKeys, serviceAccounts, portNames, blocks, blocksTowards, nodes };
}

/** What is in one of two sets and not in the other. */
function differing(a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] {
  return [...a].filter((each) => !b.has(each)).concat([...b].filter((each) => !a.has(each)));
}

/** How two lots of distinctions differ; null when they would make all groups anew. */
export function distinctionChanges(
  before: Distinctions,
  after: Distinctions,
): { readonly labelKeys: readonly string[]; readonly portNames: readonly string[] } | null {
  if (before.serviceAccounts !== after.serviceAccounts || before.nodes !== after.nodes) return null;
  if (!sameBlocks(before.blocks, after.blocks)) return null;
  return {
    labelKeys: differing(before.labelKeys, after.labelKeys),
    portNames: differing(before.portNames, after.portNames),
  };
}

/** Whether two lists cut addresses alike; the lists themselves may be in another order. */
export function sameBlocks(a: readonly AddressRange[], b: readonly AddressRange[]): boolean {
  if (a.length === b.length && a.every((range, i) => range === b[i])) return true;
  const [before, after] = [bordersOf(a), bordersOf(b)];
  return differing(before, after).length === 0;
}

function bordersOf(blocks: readonly AddressRange[]): ReadonlySet<string> {
  return new Set(
    blocks.flatMap(({ family, first, last }) => [`${family} ${first}`, `${family} ${last + 1n}`]),
  );
}
