import type { ContainerPort, Namespace } from '#lib/model/cluster.ts';
import {
  type AddressRange,
  type IpAddress,
  rangeContains,
  rangeCovers,
} from '#lib/model/ip-address.ts';
import { type Labels, NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import {
  ALL_PORTS,
  intersectPorts,
  NO_PORTS,
  type PortSet,
  portRange,
  subtractPorts,
  unitePorts,
} from '#lib/model/port-set.ts';
import { type Selector, selects } from '#lib/model/selector.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CniFlag, CniFlags, Tri } from './cni-profile.ts';
import type { CompiledPort, NamespaceMatch, PeerMatch, PortMatch } from './compiled-policy.ts';
import type { Endpoint } from './endpoint.ts';
import type { Match, UnknownCause } from './explanation.ts';

/** Tests one peer or one port entry of a rule against one endpoint, in three values. */

export interface PeerResult {
  readonly match: Match;
  /** Set when the match is unknown; `not-understood` lacks the policy, which the caller knows. */
  readonly cause: CniFlag | 'namespace-labels' | 'nodes' | 'not-understood' | null;
}

/** What peers are tested against beside the endpoint. */
export type Surroundings = Pick<ClusterSnapshot, 'profile' | 'nodes'>;

const YES: PeerResult = { match: 'yes', cause: null };
const NO: PeerResult = { match: 'no', cause: null };

function ifFlag(flags: CniFlags, flag: CniFlag): PeerResult {
  const value: Tri = flags[flag];
  return value === 'unknown' ? { match: 'unknown', cause: flag } : value === 'yes' ? YES : NO;
}

/** Whether a namespace is among those meant; unknown where only labels that may not be read could tell. */
export function matchNamespace(match: NamespaceMatch, namespace: Namespace): PeerResult {
  if (match.kind === 'named') return match.name === namespace.name ? YES : NO;
  if (namespace.labelsKnown) return selects(match.selector, namespace.labels) ? YES : NO;
  // Only the name label is sure; a requirement on it can still refuse.
  const byName = match.selector.filter(({ key }) => key === NAMESPACE_NAME_LABEL);
  if (!selects(byName, namespace.labels)) return NO;
  return byName.length === match.selector.length
    ? YES
    : { match: 'unknown', cause: 'namespace-labels' };
}

/** Whether a namespace and labels are among those a pod match selects; hostNetwork is the caller's affair. */
export function matchPods(
  namespaces: NamespaceMatch,
  pods: Selector,
  namespace: Namespace,
  labels: Labels,
): PeerResult {
  return selects(pods, labels) ? matchNamespace(namespaces, namespace) : NO;
}

function blockHas(
  block: AddressRange,
  except: readonly AddressRange[],
  part: AddressRange | IpAddress,
): boolean {
  const inside = (range: AddressRange) =>
    'value' in part ? rangeContains(range, part) : rangeCovers(range, part);
  return inside(block) && !except.some(inside);
}

/** Which node a pod runs on, and with which labels, may not be known. */
function matchNode(selector: Selector, name: string | null, { nodes }: Surroundings): PeerResult {
  const node = name === null ? undefined : nodes.get(name);
  if (node === undefined) return { match: 'unknown', cause: 'nodes' };
  return selects(selector, node.labels) ? YES : NO;
}

/** CNP-20: nodes, and what shares their network. */
function matchNodes(
  selector: Selector,
  endpoint: Endpoint,
  surroundings: Surroundings,
): PeerResult {
  switch (endpoint.kind) {
    case 'addresses':
      return NO;
    case 'node':
      return matchNode(selector, endpoint.node, surroundings);
    case 'pods':
      return endpoint.hostNetwork ? matchNode(selector, endpoint.pods[0].node, surroundings) : NO;
  }
}

/**
 * NP-22 … NP-36, CNP-17 … CNP-20. A range of addresses must lie wholly inside or outside of every
 * block, as an AddressGroup does.
 */
export function matchPeer(
  match: PeerMatch,
  endpoint: Endpoint,
  surroundings: Surroundings,
): PeerResult {
  const { flags } = surroundings.profile;
  switch (match.kind) {
    case 'anyone':
      return YES;
    case 'pods':
      // hostNetwork pods, nodes and addresses are never matched by selectors (GEN-13, NP-26).
      return endpoint.kind === 'pods' && !endpoint.hostNetwork
        ? matchPods(match.match.namespaces, match.match.pods, endpoint.namespace, endpoint.labels)
        : NO;
    case 'addresses': {
      const inBlock = (part: AddressRange | IpAddress) => blockHas(match.block, match.except, part);
      switch (endpoint.kind) {
        case 'addresses':
          return inBlock(endpoint.range) ? YES : NO;
        case 'node':
          return inBlock(endpoint.address) ? ifFlag(flags, 'ipBlockMatchesNodes') : NO;
        case 'pods':
          return endpoint.pods[0].addresses.some(inBlock)
            ? ifFlag(flags, endpoint.hostNetwork ? 'ipBlockMatchesNodes' : 'ipBlockMatchesPods')
            : NO;
      }
      break;
    }
    case 'nodes':
      return matchNodes(match.selector, endpoint, surroundings);
    case 'not-understood':
      return { match: 'unknown', cause: 'not-understood' };
  }
}

/** Ports that surely pass, and ports that pass at most. */
export interface PortBounds {
  readonly sure: PortSet;
  readonly atMost: PortSet;
}

export const EVERYTHING_PASSES: PortBounds = { sure: ALL_PORTS, atMost: ALL_PORTS };
export const NOTHING_PASSES: PortBounds = { sure: NO_PORTS, atMost: NO_PORTS };
export const ANYTHING_MAY_PASS: PortBounds = { sure: NO_PORTS, atMost: ALL_PORTS };

export function uniteBounds(a: PortBounds, b: PortBounds): PortBounds {
  if (a === b || b === NOTHING_PASSES) return a;
  if (a === NOTHING_PASSES) return b;
  return { sure: unitePorts(a.sure, b.sure), atMost: unitePorts(a.atMost, b.atMost) };
}

export function intersectBounds(a: PortBounds, b: PortBounds): PortBounds {
  if (a === EVERYTHING_PASSES) return b;
  if (b === EVERYTHING_PASSES) return a;
  return { sure: intersectPorts(a.sure, b.sure), atMost: intersectPorts(a.atMost, b.atMost) };
}

/** What holds of either of two, where it is not known which. */
export function eitherBounds(a: PortBounds, b: PortBounds): PortBounds {
  if (a === b) return a;
  return { sure: intersectPorts(a.sure, b.sure), atMost: unitePorts(a.atMost, b.atMost) };
}

/** The ports in doubt. */
export function unsurePorts({ sure, atMost }: PortBounds): PortSet {
  return subtractPorts(atMost, sure);
}

function exact(set: PortSet): PortBounds {
  return { sure: set, atMost: set };
}

/** The ports of a destination that some named port could mean; none outside the cluster (NP-41). */
function containerPorts(destination: Endpoint): readonly ContainerPort[] {
  return destination.kind === 'pods' ? destination.pods[0].ports : [];
}

function namedPorts(
  match: Extract<PortMatch, { kind: 'named' }>,
  destination: Endpoint,
  flags: CniFlags,
): PortBounds {
  let bounds = NOTHING_PASSES;
  for (const port of containerPorts(destination)) {
    // NP-40: the name and the protocol must both agree, where the rule gives one (CNP-24).
    if (port.name !== match.name) continue;
    if (match.protocol !== 'any' && port.protocol !== match.protocol) continue;
    const set = portRange(port.protocol, port.port, port.port);
    const counts = port.container === 'init' ? flags.initContainerPorts : 'yes';
    if (counts === 'yes') bounds = uniteBounds(bounds, exact(set));
    else if (counts === 'unknown') bounds = uniteBounds(bounds, { sure: NO_PORTS, atMost: set });
  }
  return bounds;
}

/** The ports one entry of a rule permits towards a destination (NP-15 … NP-20, NP-38 … NP-42). */
export function entryPorts(match: PortMatch, destination: Endpoint, flags: CniFlags): PortBounds {
  const bounds = entryPortsOfAnyProtocol(match, destination, flags);
  return flags.sctp !== 'yes' && bounds.sure.SCTP.length > 0
    ? { sure: { ...bounds.sure, SCTP: [] }, atMost: bounds.atMost }
    : bounds;
}

function entryPortsOfAnyProtocol(
  match: PortMatch,
  destination: Endpoint,
  flags: CniFlags,
): PortBounds {
  switch (match.kind) {
    case 'all-of-protocol':
      return exact(portRange(match.protocol));
    case 'range': {
      const whole = portRange(match.protocol, match.first, match.last);
      if (match.first === match.last || flags.endPort === 'yes') return exact(whole);
      const first = portRange(match.protocol, match.first, match.first);
      return { sure: first, atMost: flags.endPort === 'no' ? first : whole };
    }
    case 'named':
      return namedPorts(match, destination, flags);
  }
}

/** Lists without named ports permit the same towards everybody: computed once for each plugin's flags. */
const fixedPorts = new WeakMap<
  readonly CompiledPort[],
  { readonly flags: CniFlags; readonly bounds: PortBounds }
>();

/** The ports a rule's list permits towards a destination. */
export function rulePorts(
  ports: readonly CompiledPort[] | 'all',
  destination: Endpoint,
  flags: CniFlags,
): PortBounds {
  if (ports === 'all') return EVERYTHING_PASSES;
  const known = fixedPorts.get(ports);
  if (known?.flags === flags) return known.bounds;
  const bounds = ports.reduce(
    (all, port) => uniteBounds(all, entryPorts(port.match, destination, flags)),
    NOTHING_PASSES,
  );
  if (ports.every((port) => port.match.kind !== 'named')) fixedPorts.set(ports, { flags, bounds });
  return bounds;
}

/** The flag that leaves an entry's ports in doubt, for the explanation. */
export function entryDoubt(match: PortMatch, flags: CniFlags): CniFlag {
  if (match.protocol === 'SCTP' && flags.sctp !== 'yes') return 'sctp';
  if (match.protocol === 'any' && flags.initContainerPorts !== 'unknown') return 'sctp';
  return match.kind === 'named' ? 'initContainerPorts' : 'endPort';
}

/** The cause as the explanation carries it. */
export function unknownCause(cause: CniFlag | 'namespace-labels' | 'nodes'): UnknownCause {
  switch (cause) {
    case 'namespace-labels':
      return {
        kind: 'not-readable',
        resource: 'namespaces',
        message: 'the labels of namespaces are not known',
      };
    case 'nodes':
      return {
        kind: 'not-readable',
        resource: 'nodes',
        message: 'the node of a pod, or its labels, are not known',
      };
    default:
      return { kind: 'cni-flag', flag: cause };
  }
}
