import type { CompiledRule } from '#lib/engine/compiled-policy.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { PortEntry } from './schema.ts';

/** What rules say of the inside of a connection, in words (CIL-40 … CIL-43): the connection itself is set up. */

type Qualifier = NonNullable<CompiledRule['qualifiers']>[number];
type L7Rules = NonNullable<PortEntry['rules']>;

const NAMED_AT_MOST = 5;

/** `a, b, c and 4 more` */
function listed(items: readonly string[]): string {
  const more = items.length - NAMED_AT_MOST;
  const text = items.slice(0, NAMED_AT_MOST).join(', ');
  return more > 0 ? `${text} and ${more} more` : text;
}

function httpText({
  method,
  path,
  host,
  headers = [],
  headerMatches = [],
}: NonNullable<L7Rules['http']>[number]): string {
  const parts = [
    [method, path].filter((part) => part !== undefined).join(' '),
    host === undefined ? '' : `host ${host}`,
    headers.length + headerMatches.length === 0
      ? ''
      : `header ${[...headers, ...headerMatches.map(({ name }) => name)].join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join(' with ');
}

function ofRules({ http, dns, kafka, l7proto }: L7Rules, path: FieldPath): readonly Qualifier[] {
  if (http !== undefined) {
    const texts = http.map(httpText);
    // CIL-42: a rule without conditions lets every request through.
    return texts.includes('')
      ? []
      : [
          {
            path: [...path, 'http'],
            kind: 'http',
            message: texts.length === 0 ? 'no HTTP request' : `only HTTP ${listed(texts)}`,
          },
        ];
  }
  if (dns !== undefined)
    return dns.includes('*')
      ? []
      : [
          {
            path: [...path, 'dns'],
            kind: 'dns',
            message: dns.length === 0 ? 'no DNS query' : `only DNS queries for ${listed(dns)}`,
          },
        ];
  if (kafka !== undefined)
    return [{ path: [...path, 'kafka'], kind: 'kafka', message: 'only some Kafka requests' }];
  return l7proto === undefined
    ? []
    : [{ path: [...path, 'l7proto'], kind: 'l7', message: `only some ${l7proto} requests` }];
}

/** The conditions of one entry of `toPorts`, at `path`. */
export function qualifiersOf(
  { rules = {} as L7Rules, serverNames = [], terminatingTLS, originatingTLS, listener }: PortEntry,
  path: FieldPath,
): readonly Qualifier[] {
  const all: Qualifier[] = [...ofRules(rules, [...path, 'rules'])];
  // CIL-43
  if (serverNames.length > 0)
    all.push({
      path: [...path, 'serverNames'],
      kind: 'tls',
      message: `only TLS for ${listed(serverNames)}`,
    });
  if (terminatingTLS !== undefined)
    all.push({
      path: [...path, 'terminatingTLS'],
      kind: 'tls',
      message: 'only TLS, which the proxy terminates',
    });
  if (originatingTLS !== undefined)
    all.push({
      path: [...path, 'originatingTLS'],
      kind: 'tls',
      message: 'the proxy speaks TLS to the destination',
    });
  if (listener !== undefined)
    all.push({
      path: [...path, 'listener'],
      kind: 'l7',
      message: `as the Envoy listener ${listener.name} decides`,
    });
  return all;
}
