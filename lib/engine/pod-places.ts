import type { Family } from '#lib/model/ip-address.ts';
import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import type { PeerMatch, PodMatch } from './compiled-policy.ts';
import type { NamespacePart } from './namespace-part.ts';
import { type Grouping, partOf } from './pod-groups.ts';
import {
  namesOfNamespaces,
  type RequiredLabel,
  requiredNamespaceLabel,
  requiredPodLabel,
} from './required-labels.ts';

/**
 * In which namespaces there may be pods that a peer matches: an inverted index from labels and
 * addresses to namespaces. It only grows, and so serves every analysis of a lineage: a namespace
 * that it names too many is found out when its pods are tested.
 */
export class PodPlaces {
  readonly #grouping: Grouping;
  readonly #index: Index;

  private constructor(grouping: Grouping, index: Index) {
    this.#grouping = grouping;
    this.#index = index;
  }

  static of(grouping: Grouping, parts: Iterable<NamespacePart>): PodPlaces {
    const byBlock = { 4: new Map<number, Names>(), 6: new Map<number, Names>() };
    const places = new PodPlaces(grouping, {
      byLabel: new Map(),
      byNamespaceLabel: new Map(),
      unlabelled: new Set(),
      byBlock,
      hosts: new Set(),
    });
    for (const part of parts) places.add(part);
    return places;
  }

  /**
   * For policies that look at other labels: namespaces with pods that have one of them are to be
   * added. The blocks have to be the same.
   */
  lookingAt(grouping: Grouping): PodPlaces {
    return grouping === this.#grouping ? this : new PodPlaces(grouping, this.#index);
  }

  add({ namespace: { name, labels: own, labelsKnown }, groups }: NamespacePart): void {
    if (labelsKnown) {
      for (const [key, value] of own)
        if (key !== NAMESPACE_NAME_LABEL)
          insert(nested(this.#index.byNamespaceLabel, key), value, name);
    } else this.#index.unlabelled.add(name);
    const { distinctions, parts } = this.#grouping;
    for (const { labels, hostNetwork, pods } of groups) {
      if (hostNetwork) this.#index.hosts.add(name);
      for (const [key, value] of labels)
        if (distinctions.labelKeys.has(key)) insert(nested(this.#index.byLabel, key), value, name);
      for (const { family, value } of pods[0].addresses)
        if (parts[family].length > 1)
          insert(this.#index.byBlock[family], partOf(parts[family], value), name);
    }
  }

  /** The namespaces with pods that the peer may match; null when any may have some. */
  of(peer: PeerMatch): ReadonlySet<string> | null {
    switch (peer.kind) {
      case 'pods':
        return this.#selected(peer.match);
      case 'addresses':
        return this.#inBlock(peer);
      case 'nodes':
        return this.#index.hosts;
      case 'outside':
      case 'domain-names':
        return NOWHERE;
      case 'all-of':
        return fewest(peer.of.map((each) => this.of(each)));
      case 'any-of':
        return together(peer.of.map((each) => this.of(each)));
      default:
        return null;
    }
  }

  #selected(match: PodMatch): ReadonlySet<string> | null {
    const names = namesOfNamespaces(match);
    if (names !== null) return new Set(names);
    const [ofPods, ofNamespaces] = [requiredPodLabel(match), requiredNamespaceLabel(match)];
    return fewest([
      ofPods === null ? null : this.#having(ofPods),
      ofNamespaces === null ? null : this.#inNamespacesHaving(ofNamespaces),
    ]);
  }

  #inNamespacesHaving({ key, values }: RequiredLabel): ReadonlySet<string> | null {
    const { byNamespaceLabel, unlabelled } = this.#index;
    const byValue = byNamespaceLabel.get(key);
    const having = values.map((value) => setOf(byValue?.get(value)));
    // Whether namespaces are meant whose labels are not known is in doubt.
    return unlabelled.size === 0 ? together(having) : together([...having, unlabelled]);
  }

  #having({ key, values }: RequiredLabel): ReadonlySet<string> | null {
    // A label that no policy reads is not kept.
    if (!this.#grouping.distinctions.labelKeys.has(key)) return null;
    const byValue = this.#index.byLabel.get(key);
    return together(values.map((value) => setOf(byValue?.get(value))));
  }

  #inBlock({ block }: Extract<PeerMatch, { kind: 'addresses' }>): ReadonlySet<string> | null {
    const parts = this.#grouping.parts[block.family];
    if (parts.length === 1) return null;
    const [first, last] = [partOf(parts, block.first), partOf(parts, block.last)];
    return together(
      [...this.#index.byBlock[block.family]].flatMap(([part, names]) =>
        first <= part && part <= last ? [setOf(names)] : [],
      ),
    );
  }
}

/** Names of namespaces. */
interface Index {
  readonly byLabel: Map<string, Map<string, Names>>;
  /** By labels of the namespaces themselves, their names left out. */
  readonly byNamespaceLabel: Map<string, Map<string, Names>>;
  /** Namespaces whose labels are not known. */
  readonly unlabelled: Set<string>;
  /** By part of the addresses. */
  readonly byBlock: Readonly<Record<Family, Map<number, Names>>>;
  readonly hosts: Set<string>;
}

const NOWHERE: ReadonlySet<string> = new Set();

function nested<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const known = maps.get(key) ?? new Map<K, V>();
  maps.set(key, known);
  return known;
}

/** Most labels are those of one namespace alone. */
type Names = string | Set<string>;

function insert<K>(names: Map<K, Names>, key: K, name: string): void {
  const known = names.get(key);
  if (known === undefined) names.set(key, name);
  else if (typeof known !== 'string') known.add(name);
  else if (known !== name) names.set(key, new Set([known, name]));
}

function setOf(names: Names | undefined): ReadonlySet<string> {
  if (names === undefined) return NOWHERE;
  return typeof names === 'string' ? new Set([names]) : names;
}

function fewest(places: readonly (ReadonlySet<string> | null)[]): ReadonlySet<string> | null {
  return places.reduce((a, b) => (a === null || (b !== null && b.size < a.size) ? b : a), null);
}

function together(places: readonly (ReadonlySet<string> | null)[]): ReadonlySet<string> | null {
  if (places.length === 1) return places[0] ?? null;
  const all = new Set<string>();
  for (const names of places) {
    if (names === null) return null;
    for (const name of names) all.add(name);
  }
  return all;
}
