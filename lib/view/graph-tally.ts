import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { EdgeGathering } from './edge-gathering.ts';
import { namespaceId } from './graph-nodes.ts';
import type { Place } from './graph-places.ts';
import type { GraphQuery } from './graph-view.ts';
import type { NamespaceSum } from './namespace-sums.ts';
import { mannersOf } from './strangers.ts';
import { asStrangers, drawnAs, pairsBetween, type UnitPair } from './unit-pairs.ts';
import type { Unit } from './units.ts';

/** What a picture is asked for, of what rests on no rule. */
export interface Shown extends Pick<GraphQuery, 'showOpen' | 'showDns'> {
  /** The workload around which everything is drawn. */
  readonly focus: Workload | null;
}

/** Pairs that were counted as strangers and are none, by how they would have treated each other. */
export type Looked = Map<string, Map<string, Map<string, number>>>;

/** Adds pairs up to the edges of a picture that has room for all of them. */
export class GraphTally {
  readonly edges = new EdgeGathering();
  /** By node: connections within it that rest on rules. */
  readonly inside = new Map<string, number>();
  /** Pairs that are not drawn. */
  readonly leftOut = { open: 0, dns: 0 };
  /** Pairs that were looked at, and would be open between strangers; those with the focus among them. */
  readonly looked = { all: 0, focus: 0 };
  /** The same by source and target node, where they would be drawn. */
  readonly lookedBetween: Looked = new Map();

  readonly #connectivity: Connectivity;
  readonly #shown: Shown;
  readonly #placesOf: (unit: Unit, workloads: readonly Workload[]) => readonly Place[];

  constructor(
    connectivity: Connectivity,
    shown: Shown,
    placesOf: (unit: Unit, workloads: readonly Workload[]) => readonly Place[],
  ) {
    this.#connectivity = connectivity;
    this.#shown = shown;
    this.#placesOf = placesOf;
  }

  add(pair: UnitPair): void {
    const isOpenElse = asStrangers(this.#connectivity, pair) !== null;
    if (pair.passage === null && !isOpenElse) return;
    const targets = this.#placesOf(pair.target, pair.to);
    for (const from of this.#placesOf(pair.source, pair.from))
      for (const to of targets) {
        if (isOpenElse) this.#addLooked(pair, from, to);
        if (pair.passage !== null) this.#addPlaced(pair.passage, from, to);
      }
  }

  /** Adds all that is between two namespaces, both drawn as one box. */
  addSum({ rules, dns, ...counts }: NamespaceSum, source: string): void {
    const { showDns } = this.#shown;
    this.edges.addAll(rules);
    if (showDns) this.edges.addAll(dns);
    else this.leftOut.dns += counts.insideDns + dns.connections;
    this.leftOut.open += counts.open;
    this.looked.all += counts.looked;
    if (counts.inside > 0) this.inside.set(namespaceId(source), counts.inside);
  }

  #addPlaced(passage: NonNullable<UnitPair['passage']>, from: Place, to: Place): void {
    const basis = drawnAs(passage);
    const { showOpen, showDns } = this.#shown;
    const all = pairsBetween(from.workloads, to.workloads);
    const isShown =
      basis === 'rules' || (basis === 'open' && showOpen) || (basis === 'dns' && showDns);
    const connections = isShown ? all : this.#withFocus(from, to);
    if (basis !== 'rules') this.leftOut[basis] += all - connections;
    if (basis === 'rules' && from.id === to.id)
      this.inside.set(from.id, (this.inside.get(from.id) ?? 0) + all);
    const { bounds, looksAtRequests } = passage;
    this.edges.add(from.id, to.id, { bounds, basis, looksAtRequests, connections });
  }

  /** How many of the pairs have the focus at an end. */
  #withFocus(from: Place, to: Place): number {
    const { focus } = this.#shown;
    if (focus === null) return 0;
    const [isSource, isTarget] = [from, to].map(({ workloads }) => workloads.includes(focus));
    const both = isSource && isTarget ? 1 : 0;
    return (
      (isSource ? to.workloads.length - both : 0) + (isTarget ? from.workloads.length - both : 0)
    );
  }

  #addLooked({ source, target }: UnitPair, from: Place, to: Place): void {
    const all = pairsBetween(from.workloads, to.workloads);
    const focused = this.#withFocus(from, to);
    this.looked.all += all;
    this.looked.focus += focused;
    const drawn = this.#shown.showOpen ? all : focused;
    if (drawn === 0) return;
    const { key: way } = mannersOf(this.#connectivity, source).egress;
    const manner = mannerPair(way, mannersOf(this.#connectivity, target).ingress.key);
    const targets = this.lookedBetween.get(from.id) ?? new Map<string, Map<string, number>>();
    this.lookedBetween.set(from.id, targets);
    const manners = targets.get(to.id) ?? new Map<string, number>();
    targets.set(to.id, manners);
    manners.set(manner, (manners.get(manner) ?? 0) + drawn);
  }
}

export function mannerPair(egress: string, ingress: string): string {
  return `${egress}\n${ingress}`;
}
