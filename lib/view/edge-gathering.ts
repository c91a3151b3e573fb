import { NOTHING_PASSES, type PortBounds, uniteBounds } from '#lib/engine/rule-ports.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { formatPorts, isEmptyPorts } from '#lib/model/port-set.ts';
import type { GraphEdge } from './graph-view.ts';

/** Gathers connections into the edges between drawn nodes. */

export type EdgeBasis = GraphEdge['basis'];

/** An edge under construction: everything between two drawn nodes. */
interface Gathered {
  source: string;
  target: string;
  bounds: PortBounds;
  ports: Set<string>;
  connections: number;
  basis: EdgeBasis;
}

/** The basis that says most wins: rules over dns over open. */
const WEIGHT: Readonly<Record<EdgeBasis, number>> = { rules: 2, dns: 1, open: 0 };

export class EdgeGathering {
  readonly #edges = new Map<string, Gathered>();

  add(
    source: string,
    target: string,
    bounds: PortBounds,
    basis: EdgeBasis,
    looksAtRequests = false,
  ): void {
    if (source === target) return;
    const id = `${source}>${target}`;
    const edge = this.#edges.get(id) ?? {
      source,
      target,
      bounds: NOTHING_PASSES,
      ports: new Set<string>(),
      connections: 0,
      basis,
    };
    edge.bounds = uniteBounds(edge.bounds, bounds);
    const ports = formatPorts(isEmptyPorts(bounds.sure) ? bounds.atMost : bounds.sure);
    edge.ports.add(looksAtRequests ? `${ports} (L7)` : ports);
    edge.connections++;
    if (WEIGHT[basis] > WEIGHT[edge.basis]) edge.basis = basis;
    this.#edges.set(id, edge);
  }

  edges(): readonly GraphEdge[] {
    return [...this.#edges]
      .sort(([a], [b]) => compareText(a, b))
      .map(([id, { source, target, bounds, ports, connections, basis }]) => {
        const [only] = ports;
        return {
          id,
          source,
          target,
          verdict: isEmptyPorts(bounds.sure) ? 'unknown' : 'allowed',
          ports: ports.size === 1 && only !== undefined ? only : `${ports.size} sets of ports`,
          connections,
          basis,
        };
      });
  }
}
