/**
 * NetworkPolicy and the tiers around it, pod by pod and straight from the JSON, written for comparison only: no groups, no
 * compiled form, no port sets, nothing shared with the engine. Follows Kubernetes' e2e tests where
 * plugins differ. Rule numbers are those of the semantics reference.
 */

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface RawSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface RawPeer {
  readonly podSelector?: RawSelector;
  readonly namespaceSelector?: RawSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface RawPort {
  readonly protocol?: Protocol;
  readonly port?: number | string;
  readonly endPort?: number;
}

export interface RawRule {
  readonly from?: readonly RawPeer[];
  readonly to?: readonly RawPeer[];
  readonly ports?: readonly RawPort[];
}

export interface RawPolicy {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly podSelector?: RawSelector;
    readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly RawRule[];
    readonly egress?: readonly RawRule[];
  };
}

/** A rule of the administrators' tiers: peers are namespaces or pods by labels, or a network. */
export interface RawAdminRule {
  readonly action: 'Accept' | 'Deny' | 'Pass';
  readonly peers: readonly (
    | {
        readonly pods: {
          readonly namespaceSelector: RawSelector;
          readonly podSelector: RawSelector;
        };
      }
    | { readonly networks: readonly string[] }
  )[];
  /** Absent for every port. */
  readonly ports?: readonly (
    | { readonly protocol: Protocol; readonly start: number; readonly end: number }
    | { readonly name: string }
  )[];
}

/** Of whichever kind; policies of one tier have priorities of their own. */
export interface RawAdminPolicy {
  readonly kind: 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy';
  readonly name: string;
  readonly tier: 'Admin' | 'Baseline';
  readonly priority: number;
  readonly subject: { readonly namespaceSelector: RawSelector; readonly podSelector: RawSelector };
  readonly ingress: readonly RawAdminRule[];
  readonly egress: readonly RawAdminRule[];
}

export interface RawPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** IPv4. */
  readonly ip: string;
  readonly node: string;
  readonly hostNetwork: boolean;
  readonly phase: string;
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: Protocol;
    readonly port: number;
  }[];
}

export interface RawCluster {
  readonly namespaces: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly pods: readonly RawPod[];
  readonly policies: readonly RawPolicy[];
  readonly admin?: readonly RawAdminPolicy[];
}

/** A pod, or an IPv4 address outside the cluster. */
export type RawEnd = RawPod | string;

function expressionHolds(
  { key, operator, values = [] }: NonNullable<RawSelector['matchExpressions']>[number],
  labels: Readonly<Record<string, string>>,
): boolean {
  const present = Object.hasOwn(labels, key);
  const listed = present && values.includes(labels[key] ?? '');
  if (operator === 'In') return listed;
  if (operator === 'NotIn') return !listed;
  return operator === 'Exists' ? present : !present;
}

export function selectorMatches(
  selector: RawSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  return (selector.matchExpressions ?? []).every((each) => expressionHolds(each, labels));
}

function bits(ip: string): string {
  return ip
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

export function inCidr(ip: string, cidr: string): boolean {
  const [base = '', length = '32'] = cidr.split('/');
  return bits(ip).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}

export function namespaceLabels(cluster: RawCluster, name: string) {
  const namespace = cluster.namespaces.find((each) => each.name === name);
  return { ...namespace?.labels, 'kubernetes.io/metadata.name': name };
}

function peerMatches(
  { cluster, other: end, blocksAreOutside }: Probe,
  policy: RawPolicy,
  peer: RawPeer,
): boolean {
  const ip = typeof end === 'string' ? end : end.ip;
  if (peer.ipBlock) {
    if (blocksAreOutside && typeof end !== 'string') return false;
    const { cidr, except = [] } = peer.ipBlock;
    return inCidr(ip, cidr) && !except.some((each) => inCidr(ip, each));
  }
  if (typeof end === 'string' || end.hostNetwork) return false; // GEN-13, NP-26
  if (peer.namespaceSelector) {
    const labels = namespaceLabels(cluster, end.namespace);
    if (!selectorMatches(peer.namespaceSelector, labels)) return false;
  } else if (end.namespace !== policy.metadata.namespace) return false;
  return selectorMatches(peer.podSelector ?? {}, end.labels);
}

function portMatches(entry: RawPort, target: RawEnd, protocol: Protocol, port: number): boolean {
  if ((entry.protocol ?? 'TCP') !== protocol) return false;
  if (entry.port === undefined) return true;
  if (typeof entry.port === 'number')
    return entry.port <= port && port <= (entry.endPort ?? entry.port);
  if (typeof target === 'string') return false; // NP-41
  return target.ports.some(
    (each) => each.name === entry.port && each.protocol === protocol && each.port === port,
  );
}

/** NP-3: what the API server fills in. */
function typesOf({ spec }: RawPolicy): readonly string[] {
  if (spec.policyTypes && spec.policyTypes.length > 0) return spec.policyTypes;
  return (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

export interface Probe {
  readonly cluster: RawCluster;
  readonly direction: 'Ingress' | 'Egress';
  readonly own: RawEnd;
  readonly other: RawEnd;
  readonly protocol: Protocol;
  readonly port: number;
  /** NP-32, NP-33: an ipBlock is never for pods and nodes. */
  readonly blocksAreOutside?: boolean;
}

function rulePermits(probe: Probe, policy: RawPolicy, rule: RawRule): boolean {
  const { direction, own, other, protocol, port } = probe;
  const peers = (direction === 'Ingress' ? rule.from : rule.to) ?? [];
  const ports = rule.ports ?? [];
  const target = direction === 'Ingress' ? own : other;
  if (peers.length > 0 && !peers.some((peer) => peerMatches(probe, policy, peer))) return false;
  return ports.length === 0 || ports.some((entry) => portMatches(entry, target, protocol, port));
}

/** GEN-14: what runs on a pod's own node reaches it. */
export function isLocalNode({ direction, own, other }: Probe): boolean {
  if (direction === 'Egress' || typeof own === 'string' || typeof other === 'string') return false;
  return other.hostNetwork && other.node === own.node;
}

/** Whether a NetworkPolicy isolates the probe's own end; then, whether it permits the connection. */
export function networkPolicySays(probe: Probe, policy: RawPolicy): 'nothing' | 'no' | 'yes' {
  const { direction, own } = probe;
  const { metadata, spec } = policy;
  if (typeof own === 'string' || own.hostNetwork || metadata.namespace !== own.namespace)
    return 'nothing';
  const isolates =
    selectorMatches(spec.podSelector ?? {}, own.labels) && typesOf(policy).includes(direction);
  if (!isolates) return 'nothing';
  const rules = (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [];
  return rules.some((rule) => rulePermits(probe, policy, rule)) ? 'yes' : 'no';
}

type Selected = RawAdminPolicy['subject'];

function selectsPod(cluster: RawCluster, by: Selected, end: RawEnd): boolean {
  if (typeof end === 'string' || end.hostNetwork) return false; // CNP-13
  return (
    selectorMatches(by.namespaceSelector, namespaceLabels(cluster, end.namespace)) &&
    selectorMatches(by.podSelector, end.labels)
  );
}

function adminRuleMatches(probe: Probe, { peers, ports }: RawAdminRule): boolean {
  const { cluster, direction, own, other, protocol, port } = probe;
  const ip = typeof other === 'string' ? other : other.ip;
  const peer = peers.some((each) =>
    'pods' in each
      ? selectsPod(cluster, each.pods, other)
      : each.networks.some((network) => inCidr(ip, network)),
  );
  if (!peer || ports === undefined) return peer;
  const target = direction === 'Ingress' ? own : other;
  return ports.some((each) =>
    'name' in each
      ? typeof target !== 'string' &&
        target.ports.some(
          (mine) => mine.name === each.name && mine.protocol === protocol && mine.port === port,
        )
      : each.protocol === protocol && each.start <= port && port <= each.end,
  );
}

/** What the first rule that matches says (CNP-2, CNP-4). */
function tierSays(probe: Probe, tier: RawAdminPolicy['tier']): RawAdminRule['action'] | null {
  const { cluster, direction, own } = probe;
  const policies = (cluster.admin ?? [])
    .filter((policy) => policy.tier === tier && selectsPod(cluster, policy.subject, own))
    .toSorted((a, b) => a.priority - b.priority);
  for (const policy of policies)
    for (const rule of direction === 'Ingress' ? policy.ingress : policy.egress)
      if (adminRuleMatches(probe, rule)) return rule.action;
  return null;
}

function sideAllows(probe: Probe): boolean {
  const { cluster, own } = probe;
  if (typeof own === 'string' || own.hostNetwork || isLocalNode(probe)) return true;
  const first = tierSays(probe, 'Admin');
  if (first === 'Accept' || first === 'Deny') return first === 'Accept';
  const said = cluster.policies.map((policy) => networkPolicySays(probe, policy));
  return said.every((each) => each === 'nothing')
    ? tierSays(probe, 'Baseline') !== 'Deny'
    : said.includes('yes');
}

/** Whether a new connection is let through by both sides (GEN-2); a pod reaches itself (GEN-16). */
export function referenceAllows(
  cluster: RawCluster,
  from: RawEnd,
  to: RawEnd,
  protocol: Protocol,
  port: number,
): boolean {
  if (from === to) return true;
  const question = { cluster, protocol, port };
  return (
    sideAllows({ ...question, direction: 'Egress', own: from, other: to }) &&
    sideAllows({ ...question, direction: 'Ingress', own: to, other: from })
  );
}
