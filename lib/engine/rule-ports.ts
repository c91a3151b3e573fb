import type { ContainerPort } from '#lib/model/cluster.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import {
  ALL_PORTS,
  intersectPorts,
  NO_PORTS,
  type PortSet,
  portRange,
  subtractPorts,
  unitePorts,
} from '#lib/model/port-set.ts';
import type { CniFlags } from './cni-profile.ts';
import type { CompiledPort, CompiledRule, PortMatch } from './compiled-policy.ts';
import type { Endpoint } from './endpoint.ts';
import type { UnknownCause } from './explanation.ts';

/** The ports that rules permit, in three values: those that surely pass, and those that pass at most. */

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

/** What is left of some ports when others are taken away. */
export function subtractBounds(a: PortBounds, b: PortBounds): PortBounds {
  return { sure: subtractPorts(a.sure, b.atMost), atMost: subtractPorts(a.atMost, b.sure) };
}

function perhaps(set: PortSet): PortBounds {
  return { sure: NO_PORTS, atMost: set };
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
  // OVN-7: plugins that do not look names up open all of a protocol, or nothing.
  if (match.protocol !== 'any' && flags.resolvesNamedPorts !== 'yes')
    return perhaps(portRange(match.protocol));
  let bounds = NOTHING_PASSES;
  for (const port of containerPorts(destination)) {
    // NP-40: the name and the protocol must both agree, where the rule gives one (CNP-24).
    if (port.name !== match.name) continue;
    if (match.protocol !== 'any' && port.protocol !== match.protocol) continue;
    const set = portRange(port.protocol, port.port, port.port);
    const counts = port.container === 'init' ? flags.initContainerPorts : 'yes';
    if (counts === 'yes') bounds = uniteBounds(bounds, exact(set));
    else if (counts === 'unknown') bounds = uniteBounds(bounds, perhaps(set));
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
    case 'icmp': {
      const icmp = { ...NO_PORTS, icmp: true };
      return match.types === 'all' ? exact(icmp) : perhaps(icmp);
    }
    case 'other-protocol':
      return perhaps({ ...NO_PORTS, other: true });
    case 'service-ports':
      throw new TypeError('service-ports was not linked');
  }
}

/** Lists without named ports permit the same towards everybody: computed once for each plugin's flags. */
const fixedPorts = new WeakMap<
  readonly CompiledPort[],
  { readonly flags: CniFlags; readonly bounds: PortBounds }
>();

function listedPorts(
  ports: readonly CompiledPort[],
  destination: Endpoint,
  flags: CniFlags,
): PortBounds {
  const known = fixedPorts.get(ports);
  if (known?.flags === flags) return known.bounds;
  const bounds = ports.reduce(
    (all, port) => uniteBounds(all, entryPorts(port.match, destination, flags)),
    NOTHING_PASSES,
  );
  if (ports.every((port) => port.match.kind !== 'named')) fixedPorts.set(ports, { flags, bounds });
  return bounds;
}

/** The ports a rule permits towards a destination, whoever its peers are. */
export function rulePorts(
  { ports, exceptPorts = [] }: Pick<CompiledRule, 'ports' | 'exceptPorts'>,
  destination: Endpoint,
  flags: CniFlags,
): PortBounds {
  const listed = ports === 'all' ? EVERYTHING_PASSES : listedPorts(ports, destination, flags);
  return exceptPorts.length === 0
    ? listed
    : subtractBounds(listed, listedPorts(exceptPorts, destination, flags));
}

/** What leaves an entry's ports in doubt. */
export function entryDoubt(
  { match, path }: CompiledPort,
  policy: PolicyRef,
  flags: CniFlags,
): UnknownCause {
  const condition = (message: string): UnknownCause => ({
    kind: 'condition',
    policy,
    path,
    message,
  });
  switch (match.kind) {
    case 'icmp':
      return condition('only some types of ICMP are meant');
    case 'other-protocol':
      return condition(`only ${match.name} is meant, of all protocols without ports`);
    case 'service-ports':
      throw new TypeError('service-ports was not linked');
    case 'all-of-protocol':
      return { kind: 'cni-flag', flag: 'sctp' };
    case 'range':
      return {
        kind: 'cni-flag',
        flag: match.protocol === 'SCTP' && flags.sctp !== 'yes' ? 'sctp' : 'endPort',
      };
    case 'named':
      return { kind: 'cni-flag', flag: namedDoubt(match, flags) };
  }
}

function namedDoubt({ protocol }: Extract<PortMatch, { kind: 'named' }>, flags: CniFlags) {
  if (protocol === 'SCTP' && flags.sctp !== 'yes') return 'sctp';
  if (protocol !== 'any' && flags.resolvesNamedPorts !== 'yes') return 'resolvesNamedPorts';
  return protocol === 'any' && flags.initContainerPorts !== 'unknown'
    ? 'sctp'
    : 'initContainerPorts';
}
