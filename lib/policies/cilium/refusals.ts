import type { Direction } from '#lib/engine/compiled-policy.ts';
import { parseIp, rangeContains } from '#lib/model/ip-address.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { addressBlock } from '#lib/policies/address-block.ts';
import type { FieldIssue } from '#lib/policies/issues.ts';
import { PEER_PREFIX, type PlacedEntry, placedEntries } from './entries.ts';
import { isEveryPort, portRefusal } from './ports.ts';
import type { CidrRule, CiliumRule, PortEntry } from './schema.ts';

/**
 * What Cilium's agents refuse although it is well formed. They do not load such an object: it isolates
 * nobody, permits nothing and denies nothing (CIL-3).
 */

const MOST_PORTS = 40;

function hasL7({ rules }: PortEntry): boolean {
  return rules !== undefined;
}

function l7Refusal(item: PortEntry, direction: Direction): string | null {
  const { rules = {}, ports = [], serverNames = [], terminatingTLS, listener } = item;
  const { http, kafka, dns, l7proto, l7 } = rules as NonNullable<PortEntry['rules']>;
  const asksDns = (dns ?? []).length > 0;
  if (listener !== undefined && direction === 'ingress') return 'a listener is for egress only';
  if (!hasL7(item)) return null;
  if (listener !== undefined) return 'a listener goes without rules';
  if (asksDns && direction === 'ingress') return 'dns rules are for egress only';
  if (serverNames.length > 0 && terminatingTLS === undefined)
    return 'serverNames go with rules only where TLS is terminated';
  if (l7 !== undefined && l7proto === undefined) return 'l7 needs an l7proto';
  if ([http, kafka, dns, l7proto].filter((each) => each !== undefined).length > 1)
    return 'rules are for one protocol only';
  if (dns !== undefined && ports.length === 0) return 'dns rules need a port';
  if (ports.some(isEveryPort)) return 'rules need a port other than "0"';
  if (asksDns && ports.some(({ endPort = 0, port }) => endPort > Number(port)))
    return 'dns rules take no range of ports';
  return asksDns || ports.every(({ protocol }) => protocol === 'TCP')
    ? null
    : 'rules need protocol: TCP on each port';
}

function* portIssues(
  item: PortEntry,
  path: FieldPath,
  direction: Direction,
): Generator<FieldIssue> {
  const { ports = [] } = item;
  if (ports.length > MOST_PORTS)
    yield { path: [...path, 'ports'], message: `at most ${MOST_PORTS} ports` };
  for (const [i, port] of ports.entries()) {
    const message = portRefusal(port);
    if (message !== null) yield { path: [...path, 'ports', i, 'port'], message };
  }
  const message = l7Refusal(item, direction);
  if (message !== null) yield { path, message };
}

/** CIL-28, CIL-29 */
function cidrIssue({
  cidr,
  cidrGroupRef,
  cidrGroupSelector,
  except = [],
}: CidrRule): string | null {
  const ways = [cidr, cidrGroupRef, cidrGroupSelector].filter((way) => way !== undefined);
  if (ways.length !== 1) return 'one of cidr, cidrGroupRef and cidrGroupSelector is needed';
  if (cidr === undefined) return null;
  const block = addressBlock(cidr);
  const outside = except.find((text) => {
    const address = parseIp(text.slice(0, text.indexOf('/')));
    return address === null || !rangeContains(block, address);
  });
  return outside === undefined ? null : `${outside} does not lie inside ${cidr}`;
}

function* entryIssues({ entry, path, direction }: PlacedEntry): Generator<FieldIssue> {
  const prefix = PEER_PREFIX[direction];
  const kinds = Object.entries(entry.peers)
    .filter(([, list]) => (list ?? []).length > 0)
    .map(([kind]) => `${prefix}${kind}`);
  // CIL-19
  if (kinds.length > 1)
    yield {
      path,
      message: `combining ${kinds.join(' and ')} is not supported: write an entry for each`,
    };
  const { toPorts = [], icmps = [], peers } = entry;
  // CIL-39
  if (icmps.length > 0 && toPorts.length > 0)
    yield { path: [...path, 'icmps'], message: 'icmps and toPorts go in entries of their own' };
  for (const [i, { fields = [] }] of icmps.entries())
    if (fields.length > MOST_PORTS)
      yield { path: [...path, 'icmps', i], message: `at most ${MOST_PORTS} types` };
  for (const [i, rule] of (peers.CIDRSet ?? []).entries()) {
    const message = cidrIssue(rule);
    if (message !== null) yield { path: [...path, `${prefix}CIDRSet`, i], message };
  }
  for (const [i, item] of toPorts.entries())
    yield* portIssues(item, [...path, 'toPorts', i], direction);
}

/** CIL-45 */
function* hostIssues({ ingress, egress }: CiliumRule, path: FieldPath): Generator<FieldIssue> {
  const message =
    'a host policy takes no rules about what is said inside connections, but dns in egress';
  for (const [i, { toPorts = [] }] of (ingress ?? []).entries())
    if (toPorts.some(hasL7)) yield { path: [...path, 'ingress', i, 'toPorts'], message };
  for (const [i, { toPorts = [] }] of (egress ?? []).entries())
    if (toPorts.some(({ rules }) => (rules?.http ?? rules?.kafka ?? rules?.l7proto) !== undefined))
      yield { path: [...path, 'egress', i, 'toPorts'], message };
}

function* ruleIssues(
  rule: CiliumRule,
  path: FieldPath,
  isClusterwide: boolean,
): Generator<FieldIssue> {
  const { endpointSelector, nodeSelector } = rule;
  // CIL-2
  if (nodeSelector !== undefined && !isClusterwide)
    yield {
      path: [...path, 'nodeSelector'],
      message: 'nodeSelector is for CiliumClusterwideNetworkPolicy only',
    };
  if ((endpointSelector === undefined) === (nodeSelector === undefined))
    yield { path, message: 'one of endpointSelector and nodeSelector is needed' };
  const entries = placedEntries(rule, path);
  // CIL-3
  if (entries.length === 0)
    yield { path, message: 'an entry is needed in ingress, ingressDeny, egress or egressDeny' };
  for (const placed of entries) yield* entryIssues(placed);
  if (nodeSelector !== undefined) yield* hostIssues(rule, path);
}

/** Everything an agent refuses about a rule at `path`; empty when it loads it. */
export function refusals(
  rule: CiliumRule,
  path: FieldPath,
  isClusterwide: boolean,
): readonly FieldIssue[] {
  return [...ruleIssues(rule, path, isClusterwide)];
}
