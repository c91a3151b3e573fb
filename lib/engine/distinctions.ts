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

function count(counts: Map<string, number>, key: string, by: number): boolean {
  const now = (counts.get(key) ?? 0) + by;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
  return now === 0 || now === by;
}

/** What policies look at that come and go. */
export class DistinctionTally {
  readonly #labelKeys = new Map<string, number>();
  readonly #portNames = new Map<string, number>();
  readonly #withBlocks = new Map<CompiledPolicy, Distinctions>();
  #accounts = 0;
  #nodes = 0;
  #current: Distinctions | null = null;

  add(policies: Iterable<CompiledPolicy>): void {
    for (const policy of policies) {
      const own = looksOf(policy);
      this.#change(own, 1);
      if (own.blocks !== NONE) this.#withBlocks.set(policy, own);
    }
  }

  remove(policies: Iterable<CompiledPolicy>): void {
    for (const policy of policies) {
      this.#change(looksOf(policy), -1);
      this.#withBlocks.delete(policy);
    }
  }

  #change(own: Distinctions, by: 1 | -1): void {
    let differs = own.serviceAccounts || own.nodes || own.blocks !== NONE;
    for (const key of own.labelKeys) if (count(this.#labelKeys, key, by)) differs = true;
    for (const name of own.portNames) if (count(this.#portNames, name, by)) differs = true;
    this.#accounts += Number(own.serviceAccounts) * by;
    this.#nodes += Number(own.nodes) * by;
    if (differs) this.#current = null;
  }

  /** What all of them together look at; the same object while that is the same. */
  distinctions(): Distinctions {
    this.#current ??= this.#sum();
    return this.#current;
  }

  #sum(): Distinctions {
    const blocks: AddressRange[] = [];
    const blocksTowards: Record<Direction, AddressRange[]> = { ingress: [], egress: [] };
    for (const own of this.#withBlocks.values()) {
      blocks.push(...own.blocks);
      for (const direction of DIRECTIONS)
        blocksTowards[direction].push(...own.blocksTowards[direction]);
    }
    return {
      labelKeys: new Set(this.#labelKeys.keys()),
      portNames: new Set(this.#portNames.keys()),
      serviceAccounts: this.#accounts > 0,
      nodes: this.#nodes > 0,
      blocks,
      blocksTowards,
    };
  }
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
  if (before === after) return { labelKeys: [], portNames: [] };
  if (before.serviceAccounts !== after.serviceAccounts || before.nodes !== after.nodes) return null;
  if (!sameBlocks(before.blocks, after.blocks)) return null;
  return {
    labelKeys: differing(before.labelKeys, after.labelKeys),
    portNames: differing(before.portNames, after.portNames),
  };
}

/** Whether two lists cut addresses alike; the lists themselves may be in another order. */
export function sameBlocks(a: readonly AddressRange[], b: readonly AddressRange[]): boolean {
  if (a === b || (a.length === b.length && a.every((range, i) => range === b[i]))) return true;
  const [before, after] = [bordersOf(a), bordersOf(b)];
  return differing(before, after).length === 0;
}

function bordersOf(blocks: readonly AddressRange[]): ReadonlySet<string> {
  return new Set(
    blocks.flatMap(({ family, first, last }) => [`${family} ${first}`, `${family} ${last + 1n}`]),
  );
}
