import type { JsonObject } from '#lib/model/json.ts';
import {
  inCidr,
  isLocalNode,
  namespaceLabels,
  networkPolicySays,
  type Probe,
  type Protocol,
  type RawCluster,
  type RawEnd,
  type RawSelector,
  selectorMatches,
} from './reference-evaluator.ts';

/**
 * Cilium's policies, pod by pod, as its agents have them: everything is an identity, which is a set of
 * labels with sources, and peers are selectors over those. Shares no code with what compiles policies;
 * rule numbers are those of the semantics. Leaves out what depends on versions and settings of agents.
 */

export interface RawCiliumPort {
  /** A number or a name, in text. */
  readonly port: string;
  readonly endPort?: number;
  readonly protocol?: Protocol | 'ANY';
}

/** An entry of any of the four lists; in JSON the fields of peers begin with `from` or `to`. */
export interface RawCiliumEntry {
  readonly Endpoints?: readonly RawSelector[];
  readonly Entities?: readonly string[];
  readonly CIDR?: readonly string[];
  readonly CIDRSet?: readonly { readonly cidr: string; readonly except?: readonly string[] }[];
  readonly toPorts?: readonly { readonly ports: readonly RawCiliumPort[] }[];
}

export interface RawCiliumRule {
  readonly endpointSelector: RawSelector;
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly ingress?: readonly RawCiliumEntry[];
  readonly ingressDeny?: readonly RawCiliumEntry[];
  readonly egress?: readonly RawCiliumEntry[];
  readonly egressDeny?: readonly RawCiliumEntry[];
}

export interface RawCiliumPolicy {
  /** Null for a cluster-wide one. */
  readonly namespace: string | null;
  readonly name: string;
  readonly specs: readonly RawCiliumRule[];
}

/** Of the cluster, its NetworkPolicies count as well. */
export interface RawCiliumCluster extends RawCluster {
  readonly cilium: readonly RawCiliumPolicy[];
}

type Identity = Readonly<Record<string, string>>;
const NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const OF_NAMESPACE = 'k8s:io.cilium.k8s.namespace.labels.';

function prefixed(labels: Identity, prefix: string): Identity {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]));
}

/** CIL-7, CIL-30; of a node the identity depends on who looks at it. */
function identityOf({ cluster, own, other }: Probe, end: RawEnd): Identity {
  if (typeof end === 'string') return { 'reserved:world': '' };
  if (end.hostNetwork) {
    const observer = end === other ? own : other;
    const isOwnNode = typeof observer !== 'string' && observer.node === end.node;
    return isOwnNode ? { 'reserved:host': '' } : { 'reserved:remote-node': '' };
  }
  return {
    ...prefixed(end.labels, 'k8s:'),
    ...prefixed(namespaceLabels(cluster, end.namespace), OF_NAMESPACE),
    [NAMESPACE]: end.namespace,
  };
}

/** CIL-24: without a source a key is of any; pods have one source only. */
function withSources({ matchLabels = {}, matchExpressions = [] }: RawSelector): RawSelector {
  const full = (key: string) =>
    /^(k8s|reserved):/.test(key) ? key : `k8s:${key.replace(/^any:/, '')}`;
  return {
    matchLabels: Object.fromEntries(
      Object.entries(matchLabels).map(([key, value]) => [full(key), value]),
    ),
    matchExpressions: matchExpressions.map((each) => ({ ...each, key: full(each.key) })),
  };
}

function keysOf({ matchLabels = {}, matchExpressions = [] }: RawSelector): readonly string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

/** CIL-21, CIL-22 */
function endpointMatches(selector: RawSelector, namespace: string | null, identity: Identity) {
  const sourced = withSources(selector);
  if (!selectorMatches(sourced, identity)) return false;
  const keys = keysOf(sourced);
  if (keys.some((key) => key.startsWith('reserved:')) || keys.includes(NAMESPACE)) return true;
  if (namespace === null) return Object.hasOwn(identity, NAMESPACE);
  return keys.some((key) => key.startsWith(OF_NAMESPACE)) || identity[NAMESPACE] === namespace;
}

function entityMatches(entity: string, identity: Identity): boolean {
  return entity === 'all' || Object.hasOwn(identity, `reserved:${entity}`);
}

/** CIL-6, CIL-19, CIL-20 */
function peerMatches(probe: Probe, entry: RawCiliumEntry, namespace: string | null): boolean {
  const { Endpoints, Entities, CIDR, CIDRSet, toPorts = [] } = entry;
  const identity = identityOf(probe, probe.other);
  // CIL-28: what is managed has no address.
  const address = typeof probe.other === 'string' ? probe.other : null;
  const isIn = (cidr: string) => address !== null && inCidr(address, cidr);
  if ([Endpoints, Entities, CIDR, CIDRSet].every((list) => list === undefined))
    return toPorts.length > 0;
  return (
    (Endpoints ?? []).some((each) => endpointMatches(each, namespace, identity)) ||
    (Entities ?? []).some((each) => entityMatches(each, identity)) ||
    (CIDR ?? []).some(isIn) ||
    (CIDRSet ?? []).some(({ cidr, except = [] }) => isIn(cidr) && !except.some(isIn))
  );
}

/** CIL-38 */
function portMatches(written: RawCiliumPort, { direction, own, other, protocol, port }: Probe) {
  const { port: text, endPort = 0, protocol: wanted = 'ANY' } = written;
  if (wanted !== 'ANY' && wanted !== protocol) return false;
  if (text === '0') return true;
  const first = Number(text);
  if (!Number.isNaN(first)) return first <= port && port <= Math.max(first, endPort);
  const target = direction === 'Ingress' ? own : other;
  return (
    typeof target !== 'string' &&
    target.ports.some(
      (each) =>
        each.name === text.toLowerCase() && each.protocol === protocol && each.port === port,
    )
  );
}

function entryMatches(probe: Probe, entry: RawCiliumEntry, namespace: string | null): boolean {
  const { toPorts = [] } = entry;
  return (
    peerMatches(probe, entry, namespace) &&
    (toPorts.length === 0 ||
      toPorts.some(({ ports }) => ports.some((each) => portMatches(each, probe))))
  );
}

/** CIL-4, CIL-5 */
function selectsOwn(
  probe: Probe,
  { endpointSelector }: RawCiliumRule,
  namespace: string | null,
): boolean {
  const { own } = probe;
  if (typeof own === 'string' || own.hostNetwork) return false;
  return (
    (namespace === null || own.namespace === namespace) &&
    selectorMatches(withSources(endpointSelector), identityOf(probe, own))
  );
}

interface Said {
  readonly denies: boolean;
  readonly permits: boolean;
  readonly isolates: boolean;
}

function ruleSays(probe: Probe, rule: RawCiliumRule, namespace: string | null): Said {
  const isIngress = probe.direction === 'Ingress';
  const permitting = (isIngress ? rule.ingress : rule.egress) ?? [];
  const denying = (isIngress ? rule.ingressDeny : rule.egressDeny) ?? [];
  const closes = rule.enableDefaultDeny?.[isIngress ? 'ingress' : 'egress'];
  return {
    denies: denying.some((entry) => entryMatches(probe, entry, namespace)),
    permits: permitting.some((entry) => entryMatches(probe, entry, namespace)),
    // CIL-8 … CIL-10
    isolates: permitting.length + denying.length > 0 && closes !== false,
  };
}

/** CIL-15, CIL-47 */
function sideAllows(cluster: RawCiliumCluster, probe: Probe): boolean {
  const { own } = probe;
  if (typeof own === 'string' || own.hostNetwork || isLocalNode(probe)) return true;
  const said = [
    ...cluster.cilium.flatMap(({ specs, namespace }) =>
      specs
        .filter((rule) => selectsOwn(probe, rule, namespace))
        .map((rule) => ruleSays(probe, rule, namespace)),
    ),
    ...cluster.policies.map((policy): Said => {
      const answer = networkPolicySays(probe, policy);
      return { denies: false, permits: answer === 'yes', isolates: answer !== 'nothing' };
    }),
  ];
  if (said.some(({ denies }) => denies)) return false;
  return said.some(({ permits }) => permits) || !said.some(({ isolates }) => isolates);
}

/** Whether a new connection is let through by both sides (GEN-2); a pod reaches itself (GEN-16). */
export function ciliumAllows(
  cluster: RawCiliumCluster,
  from: RawEnd,
  to: RawEnd,
  protocol: Protocol,
  port: number,
): boolean {
  if (from === to) return true;
  const question = { cluster, protocol, port, blocksAreOutside: true };
  return (
    sideAllows(cluster, { ...question, direction: 'Egress', own: from, other: to }) &&
    sideAllows(cluster, { ...question, direction: 'Ingress', own: to, other: from })
  );
}

function entryBody(entry: RawCiliumEntry, prefix: 'from' | 'to') {
  const { toPorts, ...peers } = entry;
  const fields = Object.entries(peers).map(([field, list]) => [`${prefix}${field}`, list]);
  return { ...Object.fromEntries(fields), toPorts };
}

function ruleBody(rule: RawCiliumRule) {
  const entries = (list: readonly RawCiliumEntry[] | undefined, prefix: 'from' | 'to') =>
    list?.map((entry) => entryBody(entry, prefix));
  return {
    ...rule,
    ingress: entries(rule.ingress, 'from'),
    ingressDeny: entries(rule.ingressDeny, 'from'),
    egress: entries(rule.egress, 'to'),
    egressDeny: entries(rule.egressDeny, 'to'),
  };
}

/** Cilium's objects of the cluster, as its API serves them: of one rule as `spec`, of more as `specs`. */
export function ciliumBodies({ cilium }: RawCiliumCluster): readonly JsonObject[] {
  const objects = cilium.map(({ namespace, name, specs }) => {
    const [only, ...others] = specs.map(ruleBody);
    return {
      apiVersion: 'cilium.io/v2',
      kind: namespace === null ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
      metadata: namespace === null ? { name } : { namespace, name },
      ...(others.length === 0 ? { spec: only } : { specs: [only, ...others] }),
    };
  });
  return JSON.parse(JSON.stringify(objects));
}
