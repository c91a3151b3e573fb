import type { PortQuery } from '#lib/engine/explanation.ts';
import { MAX_PORT, MIN_PORT, PROTOCOLS } from '#lib/model/port-set.ts';
import type { FindingsQuery } from './findings-view.ts';
import type { GraphQuery } from './graph-view.ts';
import type { NamespacesQuery, WorkloadsQuery } from './table-view.ts';
import type { PeersQuery } from './workload-view.ts';

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

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** `namespace=shop&open=true`: what differs from the default, always in this order. */
export function formatGraphQuery(query: GraphQuery): string {
  return format({
    namespace: query.namespace,
    expanded: query.expanded === null ? null : query.expanded.join(','),
    opened: query.opened.length === 0 ? null : query.opened.join(','),
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

/** How many findings are answered unless a question says otherwise. */
export const DEFAULT_FINDINGS = 500;

export function formatFindingsQuery(query: Partial<FindingsQuery>): string {
  const { namespace = null, about = null, severity = null, limit = DEFAULT_FINDINGS } = query;
  return format({
    namespace,
    about,
    severity,
    limit: limit === DEFAULT_FINDINGS ? null : String(limit),
  });
}

/** How many rows of a table, and how many peers, are answered unless a question says otherwise. */
export const DEFAULT_ROWS = 100;
export const DEFAULT_PEERS = 25;

export function formatNamespacesQuery(query: Partial<NamespacesQuery>): string {
  const { words = '', sort = 'name', after = null, limit = DEFAULT_ROWS } = query;
  return format({
    q: words === '' ? null : words,
    sort: sort === 'name' ? null : sort,
    after,
    limit: limit === DEFAULT_ROWS ? null : String(limit),
  });
}

export function formatWorkloadsQuery(query: Partial<WorkloadsQuery>): string {
  const { namespace = null, bundle = null, words = '', sort = 'name' } = query;
  const { after = null, limit = DEFAULT_ROWS } = query;
  return format({
    namespace,
    bundle,
    q: words === '' ? null : words,
    sort: sort === 'name' ? null : sort,
    after,
    limit: limit === DEFAULT_ROWS ? null : String(limit),
  });
}

export function formatPeersQuery(
  query: Partial<PeersQuery> & Pick<PeersQuery, 'direction'>,
): string {
  const { direction, show = 'all', words = '', after = null, limit = DEFAULT_PEERS } = query;
  return format({
    direction,
    show: show === 'all' ? null : show,
    q: words === '' ? null : words,
    after,
    limit: limit === DEFAULT_PEERS ? null : String(limit),
  });
}

/** `8080`, `53/UDP`, `http`: as kubectl prints the ports of a Service, TCP left out. */
export function formatPort(port: PortQuery | string): string {
  if (typeof port === 'string') return port;
  return port.protocol === 'TCP' ? String(port.port) : `${port.port}/${port.protocol}`;
}

/** Reads what formatPort writes, and `UDP/53` as well; null for what is neither a port nor the name of one (NP-43). */
export function parsePort(text: string): PortQuery | string | null {
  if (text.length <= 15 && /^[a-z0-9-]*[a-z][a-z0-9-]*$/.test(text)) return text;
  const digits = /^(\d{1,5})(?:\/([A-Za-z]{3,4}))?$/.exec(text);
  const words = /^([A-Za-z]{3,4})\/(\d{1,5})$/.exec(text);
  const port = Number(digits?.[1] ?? words?.[2]);
  const named = (digits?.[2] ?? words?.[1] ?? 'TCP').toUpperCase();
  const protocol = PROTOCOLS.find((known) => known === named);
  return protocol && port >= MIN_PORT && port <= MAX_PORT ? { protocol, port } : null;
}

function format(parameters: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  return new URLSearchParams(given).toString();
}
