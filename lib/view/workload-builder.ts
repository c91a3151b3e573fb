import type {
  CompiledPeer,
  CompiledPort,
  CompiledRule,
  Direction,
  PeerMatch,
  PortMatch,
} from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt, workloadsOf } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import type { Pod, Service } from '#lib/model/cluster.ts';
import { formatIp, formatRangeShort } from '#lib/model/ip-address.ts';
import { compareText, type ObjectRef, policyKey, refKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import { formatSelector, selects } from '#lib/model/selector.ts';
import { isolationBadge } from './cluster-facts.ts';
import { entryLines } from './entry-lines.ts';
import type { ViewContext } from './graph-builder.ts';

import { partsOf } from './namespace-parts.ts';
import { peerPage } from './peer-pages.ts';
import { peerText, podsText } from './peer-text.ts';
import { DEFAULT_PEERS } from './query.ts';
import { endpointsOf } from './workload-pairs.ts';
import type {
  PeersQuery,
  PeersView,
  PodLine,
  RulePeerView,
  RuleView,
  SelectingPolicyView,
  WorkloadSideView,
  WorkloadView,
} from './workload-view.ts';

/** At most so many matched workloads are named with a peer; all are counted. */
const NAMED_WORKLOADS = 10;

interface MatchedNow {
  readonly workloads: readonly ObjectRef[];
  readonly count: number;
}

const matched = new WeakMap<Connectivity, WeakMap<PeerMatch, MatchedNow>>();

/** Whom a peer surely matches; found once, for many policies are looked at through their workloads. */
function matchedNow(connectivity: Connectivity, match: PeerMatch): MatchedNow {
  const all = matched.get(connectivity) ?? new WeakMap<PeerMatch, MatchedNow>();
  matched.set(connectivity, all);
  const known = all.get(match);
  if (known !== undefined) return known;
  const found = new Set<Workload>();
  for (const group of connectivity.peers.pods(match))
    if (connectivity.peers.match(match, group, group) === 'yes')
      for (const workload of workloadsOf(connectivity, group)) found.add(workload);
  const named = [...found].slice(0, NAMED_WORKLOADS);
  const now = { workloads: named.map(({ ref }) => ref), count: found.size };
  all.set(match, now);
  return now;
}

function peerView(connectivity: Connectivity, match: PeerMatch): RulePeerView['match'] {
  switch (match.kind) {
    case 'anyone':
      return { kind: 'anyone' };
    case 'nodes':
      return match.locality === undefined
        ? { kind: 'nodes', selector: formatSelector(match.selector) }
        : { kind: 'words', words: peerText(match) };
    case 'not-understood':
      return { kind: 'not-understood', message: match.message };
    case 'addresses':
      return {
        kind: 'addresses',
        block: formatRangeShort(match.block),
        except: match.except.map(formatRangeShort),
      };
    case 'pods':
      return podsView(connectivity, match);
    default:
      return { kind: 'words', words: peerText(match) };
  }
}

function podsView(
  connectivity: Connectivity,
  peer: Extract<PeerMatch, { kind: 'pods' }>,
): RulePeerView['match'] {
  const { match } = peer;
  const matched = matchedNow(connectivity, peer);
  const inWords = { kind: 'pods-like', words: podsText(match), ...matched } as const;
  if (match.kind !== 'labelled' || match.serviceAccounts !== undefined) return inWords;
  const plain = { kind: 'pods', pods: formatSelector(match.pods), ...matched } as const;
  const { namespaces } = match;
  switch (namespaces.kind) {
    case 'named':
      return { ...plain, namespaces };
    case 'labelled': {
      const selector = formatSelector(namespaces.selector);
      return { ...plain, namespaces: { kind: 'labelled', selector } };
    }
    default:
      return inWords;
  }
}

/** `TCP 8080`, `UDP 30000-30100`, `TCP http`, `SCTP`. */
function formatPortEntry(match: PortMatch): string {
  switch (match.kind) {
    case 'all-of-protocol':
      return match.protocol;
    case 'named':
      return match.protocol === 'any' ? match.name : `${match.protocol} ${match.name}`;
    case 'range':
      return match.first === match.last
        ? `${match.protocol} ${match.first}`
        : `${match.protocol} ${match.first}-${match.last}`;
    case 'icmp':
      return match.types === 'all' ? 'ICMP' : 'ICMP of some types';
    case 'other-protocol':
      return match.name;
    case 'service-ports':
      return `the ports of ${match.namespace}/${match.name}`;
  }
}

/** `TCP 80`, `everything but TCP 22`; null where nothing is said about ports. */
function portsView({ ports, exceptPorts = [] }: CompiledRule): RuleView['ports'] {
  const listed = (entries: readonly CompiledPort[]) =>
    entries.map(({ match }) => formatPortEntry(match));
  const except = listed(exceptPorts).map((entry) => `not ${entry}`);
  if (ports === 'all') return except.length === 0 ? 'all' : except;
  return [...listed(ports), ...except];
}

/** A peer that matches nobody as things are says nothing beside others of the same field (CAL-22). */
function shownPeers({ peers }: CompiledRule): readonly CompiledPeer[] {
  const isNobody = ({ match }: CompiledPeer) => match.kind === 'any-of' && match.of.length === 0;
  const said = new Set(peers.filter((peer) => !isNobody(peer)).map(({ path }) => formatPath(path)));
  return peers.filter((peer) => !isNobody(peer) || !said.has(formatPath(peer.path)));
}

/** One rule in words-to-be: its peers with whom they match now, its ports. */
export function ruleView(
  connectivity: Connectivity,
  policy: SelectingPolicyView['policy'],
  direction: Direction,
  rule: CompiledRule,
): RuleView {
  return {
    rule: { policy, direction, index: rule.index },
    name: rule.name ?? null,
    path: rule.path,
    action: rule.action,
    peers: shownPeers(rule).map(({ path, match }) => ({
      path,
      match: peerView(connectivity, match),
    })),
    own: (rule.own ?? []).map(({ match }) => peerText(match)),
    ports: portsView(rule),
    conditions: (rule.conditions ?? []).map(({ message }) => message),
    requests: (rule.qualifiers ?? []).map(({ message }) => message),
  };
}

function policiesOf(
  connectivity: Connectivity,
  groups: readonly PodGroup[],
  direction: Direction,
): readonly SelectingPolicyView[] {
  // An object may hold several policies (CIL-1): they are shown as the one that was written.
  const policies = Map.groupBy(
    new Set(groups.flatMap((group) => sideAt(connectivity, group, direction).policies)),
    ({ ref }) => policyKey(ref),
  );
  return [...policies.values()]
    .flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ first, all: [first, ...others] }],
    )
    .sort((a, b) => compareText(policyKey(a.first.ref), policyKey(b.first.ref)))
    .map(({ first: { ref }, all }) => ({
      policy: ref,
      rules: all
        .flatMap(({ rules }) => rules[direction])
        .map((rule) => ruleView(connectivity, ref, direction, rule)),
      notes: all.flatMap(({ notes }) => notes),
    }));
}

function sideView(
  connectivity: Connectivity,
  workload: Workload,
  direction: Direction,
): WorkloadSideView {
  const groups = endpointsOf(workload);
  const first = { show: 'all', words: '', after: null, limit: DEFAULT_PEERS } as const;
  const { peers, counts, next } = peerPage(connectivity, workload, direction, first);
  return {
    direction,
    isolation: isolationBadge(connectivity, groups, direction),
    policies: policiesOf(connectivity, groups, direction),
    peers,
    peerCounts: counts,
    nextPeers: next,
  };
}

function podLine(pod: Pod): PodLine {
  return {
    namespace: pod.namespace,
    name: pod.name,
    phase: pod.phase,
    addresses: pod.addresses.map(formatIp),
    node: pod.node,
    hostNetwork: pod.hostNetwork,
    finished: pod.finished,
    // As everywhere, a template without replicas is judged as one pod.
    replicas: Math.max(1, pod.replicas),
  };
}

const services = new WeakMap<readonly Service[], ReadonlyMap<string, readonly Service[]>>();

function servicesIn({ snapshot }: Connectivity, namespace: string): readonly Service[] {
  const known =
    services.get(snapshot.services) ?? Map.groupBy(snapshot.services, (each) => each.namespace);
  services.set(snapshot.services, known);
  return known.get(namespace) ?? [];
}

function servicesOf(
  connectivity: Connectivity,
  { namespace: own, pods }: Workload,
): WorkloadView['services'] {
  return servicesIn(connectivity, own)
    .filter(
      ({ selector }) =>
        selector !== null &&
        selector.length > 0 &&
        pods.some((pod) => selects(selector, pod.labels)),
    )
    .map(({ namespace, name, ports }) => ({
      namespace,
      name,
      ports: ports
        .map(({ protocol, port, targetPort }) =>
          port === targetPort ? `${protocol} ${port}` : `${protocol} ${port} → ${targetPort}`,
        )
        .join(', '),
    }));
}

/** The workload narrowed to one of its pods. */
function onlyPod(workload: Workload, pod: Pod): Workload | null {
  const group = workload.groups.find((each) => each.pods.includes(pod));
  return group === undefined
    ? null
    : { ...workload, pods: [pod], groups: [{ ...group, pods: [pod] }] };
}

/** Finds a workload, or one pod of it, by what stands in a URL; the kind in any case. */
export function findWorkload(
  connectivity: Connectivity,
  ref: ObjectRef,
): { readonly workload: Workload; readonly pod: Pod | null } | null {
  const kind = ref.kind.toLowerCase();
  const part = partsOf(connectivity).get(ref.namespace ?? '');
  for (const workload of part?.workloads ?? [])
    if (workload.ref.name === ref.name && workload.ref.kind.toLowerCase() === kind)
      return { workload, pod: null };
  if (kind !== 'pod') return null;
  for (const workload of part?.workloads ?? []) {
    const pod = workload.pods.find(({ name }) => name === ref.name);
    const narrowed = pod === undefined ? null : onlyPod(workload, pod);
    if (pod !== undefined && narrowed !== null) return { workload: narrowed, pod };
  }
  return null;
}

/** What may come in and go out of a workload or pod; null when there is none of that name. */
export function workloadView(
  connectivity: Connectivity,
  context: ViewContext,
  ref: ObjectRef,
): WorkloadView | null {
  const found = findWorkload(connectivity, ref);
  if (found === null) return null;
  const { workload, pod } = found;
  const key = refKey(workload.ref);
  const beside = pod === null ? partsOf(connectivity).get(workload.namespace)?.pods : [];
  const finished = (beside ?? []).filter((each) => each.finished && refKey(each.workload) === key);
  return {
    ...context,
    ref: pod === null ? workload.ref : { kind: 'Pod', namespace: pod.namespace, name: pod.name },
    owner: pod === null ? null : workload.ref,
    labels: [...workload.pods[0].labels]
      .map(([label, value]) => ({ key: label, value }))
      .sort((a, b) => compareText(a.key, b.key)),
    pods: [...workload.pods, ...finished].map(podLine),
    mixed: workload.groups.length > 1,
    services: servicesOf(connectivity, workload),
    entries: entryLines(connectivity, workload),
    ingress: sideView(connectivity, workload, 'ingress'),
    egress: sideView(connectivity, workload, 'egress'),
  };
}

/** One page of a workload's peers; null when there is none of that name. */
export function peersView(
  connectivity: Connectivity,
  context: ViewContext,
  ref: ObjectRef,
  { direction, ...question }: PeersQuery,
): PeersView | null {
  const found = findWorkload(connectivity, ref);
  if (found === null) return null;
  return { ...context, direction, ...peerPage(connectivity, found.workload, direction, question) };
}
