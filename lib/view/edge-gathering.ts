import { NOTHING_PASSES, type PortBounds, uniteBounds } from '#lib/engine/rule-ports.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { formatPorts, isEmptyPorts, type PortSet } from '#lib/model/port-set.ts';
import type { GraphEdge } from './graph-view.ts';

/** Gathers connections into the edges between drawn nodes. */

export type EdgeBasis = GraphEdge['basis'];

/** Everything between two drawn nodes. */
export interface Gathered {
  bounds: PortBounds;
  readonly ports: Set<string>;
  connections: number;
  /** Those of them that rest on rules. */
  rules: number;
  basis: EdgeBasis;
}

/** What an edge gathers: `connections` pairs of workloads that are alike. */
export interface Connections {
  readonly bounds: PortBounds;
  readonly basis: EdgeBasis;
  readonly looksAtRequests?: boolean;
  readonly connections: number;
}

/** The basis that says most wins: rules over dns over open. */
const WEIGHT: Readonly<Record<EdgeBasis, number>> = { rules: 2, dns: 1, open: 0 };

const texts = new WeakMap<PortSet, string>();

function portsText({ sure, atMost }: PortBounds): string {
  const ports = isEmptyPorts(sure) ? atMost : sure;
  const text = texts.get(ports) ?? formatPorts(ports);
  texts.set(ports, text);
  return text;
}

export class EdgeGathering {
  /** By source and target. */
  readonly #edges = new Map<string, Map<string, Gathered>>();
  #size = 0;

  /** What stays within one node is no edge. */
  add(source: string, target: string, added: Connections): void {
    const { bounds, basis, looksAtRequests = false, connections } = added;
    if (source === target || connections === 0) return;
    const edge = this.#between(source, target, basis);
    edge.bounds = uniteBounds(edge.bounds, bounds);
    const ports = portsText(bounds);
    edge.ports.add(looksAtRequests ? `${ports} (L7)` : ports);
    edge.connections += connections;
    if (basis === 'rules') edge.rules += connections;
    if (WEIGHT[basis] > WEIGHT[edge.basis]) edge.basis = basis;
  }

  #between(source: string, target: string, basis: EdgeBasis): Gathered {
    const edges = this.#edges.get(source) ?? new Map<string, Gathered>();
    this.#edges.set(source, edges);
    const known = edges.get(target);
    if (known !== undefined) return known;
    const ports = new Set<string>();
    const edge: Gathered = { bounds: NOTHING_PASSES, ports, connections: 0, rules: 0, basis };
    edges.set(target, edge);
    this.#size++;
    return edge;
  }

  /** Adds what was gathered elsewhere. */
  addAll(others: EdgeGathering): void {
    for (const [source, target, other] of others) this.#merge(source, target, other);
  }

  #merge(source: string, target: string, other: Gathered): void {
    const edge = this.#between(source, target, other.basis);
    edge.bounds = uniteBounds(edge.bounds, other.bounds);
    for (const text of other.ports) edge.ports.add(text);
    edge.connections += other.connections;
    edge.rules += other.rules;
    if (WEIGHT[other.basis] > WEIGHT[edge.basis]) edge.basis = other.basis;
  }

  get size(): number {
    return this.#size;
  }

  /** Of all edges together. */
  get connections(): number {
    let sum = 0;
    for (const [, , { connections }] of this) sum += connections;
    return sum;
  }

  *[Symbol.iterator](): Generator<readonly [source: string, target: string, edge: Gathered]> {
    for (const [source, edges] of this.#edges)
      for (const [target, edge] of edges) yield [source, target, edge];
  }

  /** The same between the nodes that stand for these. */
  between(nodeOf: (id: string) => string): EdgeGathering {
    const merged = new EdgeGathering();
    for (const [from, to, edge] of this) {
      const [source, target] = [nodeOf(from), nodeOf(to)];
      if (source !== target) merged.#merge(source, target, edge);
    }
    return merged;
  }

  edges(): readonly GraphEdge[] {
    return [...this]
      .map(([source, target, { bounds, ports, connections, basis }]): GraphEdge => {
        const [only] = ports;
        return {
          id: `${source}>${target}`,
          source,
          target,
          verdict: isEmptyPorts(bounds.sure) ? 'unknown' : 'allowed',
          ports: ports.size === 1 && only !== undefined ? only : `${ports.size} sets of ports`,
          connections,
          basis,
        };
      })
      .sort((a, b) => compareText(a.id, b.id));
  }
}
