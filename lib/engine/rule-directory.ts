import type { Labels } from '#lib/model/labels.ts';
import type { CompiledPolicy, Direction, PeerMatch, PodMatch } from './compiled-policy.ts';
import { DIRECTIONS } from './compiled-policy.ts';
import type { PodGroup } from './endpoint.ts';
import { namesSomebody } from './leaves.ts';
import { peerKey } from './peer-index.ts';
import { matchPeer, type Surroundings } from './peer-match.ts';
import { namesOfNamespaces, requiredNamespaceLabel, requiredPodLabel } from './required-labels.ts';

/**
 * Which rules name a group of pods, found from the pods' side: rules stand under the namespace, the
 * label or the block that whoever they name must have. One directory serves all analyses of a
 * lineage: policies come and go by revision, and nothing is taken out.
 */

/** A policy, and the revisions of its lineage in which it is there: from `since` until before `until`. */
interface Tenure {
  readonly policy: CompiledPolicy;
  readonly since: number;
  until: number;
}

/** A peer of some rule that names somebody. */
interface Entry {
  readonly tenure: Tenure;
  readonly peer: PeerMatch;
}

type ByLabel = Map<string, Map<string, Entry[]>>;

/** Where rules of one direction stand. */
class Shelves {
  readonly namespaces = new Map<string, Entry[]>();
  readonly labels: ByLabel = new Map();
  readonly namespaceLabels: ByLabel = new Map();
  readonly blocks = new Map<string, Entry[]>();
  /** Rules for nodes, and so for pods on their network. */
  readonly hosts: Entry[] = [];
  /** Those that may name anybody. */
  readonly rest: Entry[] = [];

  place(entry: Entry, peer: PeerMatch): void {
    switch (peer.kind) {
      case 'pods':
        this.#placeSelector(entry, peer.match);
        break;
      case 'addresses':
        push(this.blocks, peerKey(entry.peer), entry);
        break;
      case 'nodes':
        this.hosts.push(entry);
        break;
      case 'outside':
      case 'domain-names':
        break;
      case 'all-of': {
        // By one of them it is found already; a selector says most.
        const best = peer.of.find(({ kind }) => kind === 'pods') ?? peer.of[0];
        if (best === undefined) this.rest.push(entry);
        else this.place(entry, best);
        break;
      }
      case 'any-of':
        for (const each of peer.of) this.place(entry, each);
        break;
      default:
        this.rest.push(entry);
    }
  }

  #placeSelector(entry: Entry, match: PodMatch): void {
    const names = namesOfNamespaces(match);
    if (names !== null) {
      for (const name of names) push(this.namespaces, name, entry);
      return;
    }
    const required = requiredPodLabel(match);
    const label = required ?? requiredNamespaceLabel(match);
    if (label === null) {
      this.rest.push(entry);
      return;
    }
    const shelf = required === null ? this.namespaceLabels : this.labels;
    const byValue = shelf.get(label.key) ?? new Map<string, Entry[]>();
    shelf.set(label.key, byValue);
    for (const value of label.values) push(byValue, value, entry);
  }

  /** Entries among which are all that name the group; some more than once. */
  *about({ namespace, labels, hostNetwork }: PodGroup): Generator<readonly Entry[]> {
    yield this.namespaces.get(namespace.name) ?? [];
    yield* under(this.labels, labels);
    if (namespace.labelsKnown) yield* under(this.namespaceLabels, namespace.labels);
    else for (const byValue of this.namespaceLabels.values()) yield* byValue.values();
    if (hostNetwork) yield this.hosts;
    yield this.rest;
  }
}

function push(lists: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [entry]);
  else known.push(entry);
}

function* under(shelf: ByLabel, labels: Labels): Generator<readonly Entry[]> {
  for (const [key, value] of labels) {
    const entries = shelf.get(key)?.get(value);
    if (entries !== undefined) yield entries;
  }
}

export class RuleDirectory {
  readonly #shelves: Readonly<Record<Direction, Shelves>> = {
    ingress: new Shelves(),
    egress: new Shelves(),
  };
  readonly #tenures = new Map<CompiledPolicy, Tenure>();
  /** Policies that have gone, and whose entries are still there. */
  gone = 0;

  add(policies: Iterable<CompiledPolicy>, since: number): void {
    for (const policy of policies) {
      const tenure: Tenure = { policy, since, until: Number.POSITIVE_INFINITY };
      this.#tenures.set(policy, tenure);
      for (const direction of DIRECTIONS)
        for (const { peers } of policy.rules[direction])
          for (const { match } of peers)
            if (namesSomebody(match))
              this.#shelves[direction].place({ tenure, peer: match }, match);
    }
  }

  remove(policies: Iterable<CompiledPolicy>, until: number): void {
    for (const policy of policies) {
      const tenure = this.#tenures.get(policy);
      if (tenure === undefined) continue;
      tenure.until = until;
      this.#tenures.delete(policy);
      this.gone++;
    }
  }

  get size(): number {
    return this.#tenures.size;
  }

  /** The peers that name the group, or may, in rules of a revision's policies; some more than once. */
  *naming(
    group: PodGroup,
    direction: Direction,
    revision: number,
    surroundings: Surroundings,
  ): Generator<{ readonly policy: CompiledPolicy; readonly peer: PeerMatch }> {
    const isMet = (peer: PeerMatch) => matchPeer(peer, group, surroundings, null).match !== 'no';
    const isThere = ({ tenure: { since, until } }: Entry) => since <= revision && revision < until;
    const shelves = this.#shelves[direction];
    for (const entries of shelves.about(group))
      for (const entry of entries)
        if (isThere(entry) && isMet(entry.peer))
          yield { policy: entry.tenure.policy, peer: entry.peer };
    // Many rules name the same blocks: each is tested once.
    for (const entries of shelves.blocks.values()) {
      const [first] = entries;
      if (first === undefined || !isMet(first.peer)) continue;
      for (const entry of entries)
        if (isThere(entry)) yield { policy: entry.tenure.policy, peer: entry.peer };
    }
  }
}
