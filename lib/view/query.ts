import type { PortQuery } from '#lib/engine/explanation.ts';
import type { GraphQuery } from './graph-view.ts';

/**
 * What a view is asked, as a URL's query. The pages and the API share these parameters, and the
 * browser builds its addresses here; query-schema.ts reads them back.
 */

export interface ExplainQuery {
  /** `shop/web`, `deployment/shop/web`, an address, a service: as a person writes it. */
  readonly from: string;
  readonly to: string;
  /** A number with its protocol, a port's name, or null for any port. */
  readonly port: PortQuery | string | null;
}

export interface SearchQuery {
  readonly query: string;
  readonly limit: number;
}

export const DEFAULT_LIMIT = 20;

/** `namespace=shop&open=true`: what differs from the default, always in this order. */
export function formatGraphQuery(query: GraphQuery): string {
  return format({
    namespace: query.namespace,
    expanded: query.expanded === null ? null : query.expanded.join(','),
    open: query.showOpen ? 'true' : null,
    dns: query.showDns ? 'true' : null,
    focus: query.focus,
  });
}

export function formatExplainQuery({ from, to, port }: ExplainQuery): string {
  return format({ from, to, port: port === null ? null : formatPort(port) });
}

export function formatSearchQuery({ query, limit }: SearchQuery): string {
  return format({ q: query, limit: limit === DEFAULT_LIMIT ? null : String(limit) });
}

/** `8080`, `53/UDP`, `http`: as kubectl prints the ports of a Service, TCP left out. */
export function formatPort(port: PortQuery | string): string {
  if (typeof port === 'string') return port;
  return port.protocol === 'TCP' ? String(port.port) : `${port.port}/${port.protocol}`;
}

function format(parameters: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  return new URLSearchParams(given).toString();
}
