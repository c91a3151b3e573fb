import { z } from 'zod';
import type { PortMatch } from '#lib/engine/compiled-policy.ts';
import type { Family } from '#lib/model/ip-address.ts';
import { MAX_PORT, MIN_PORT, PROTOCOLS, type Protocol } from '#lib/model/port-set.ts';

/** Protocols and ports as Calico writes them (CAL-28, CAL-31). */

export type CalicoProtocol =
  | { readonly kind: 'ports'; readonly name: Protocol }
  | { readonly kind: 'icmp'; readonly name: 'ICMP' | 'ICMPv6'; readonly family: Family }
  | { readonly kind: 'other'; readonly name: string };

const NAMES = ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 'UDPLite'] as const;
const NUMBERS = new Map<number, (typeof NAMES)[number]>([
  [1, 'ICMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [58, 'ICMPv6'],
  [132, 'SCTP'],
  [136, 'UDPLite'],
]);

function protocolNamed(name: (typeof NAMES)[number]): CalicoProtocol {
  const withPorts = PROTOCOLS.find((each) => each === name);
  if (withPorts !== undefined) return { kind: 'ports', name: withPorts };
  return name === 'ICMP' || name === 'ICMPv6'
    ? { kind: 'icmp', name, family: name === 'ICMP' ? 4 : 6 }
    : { kind: 'other', name };
}

/** A name in any case, for the data plane does not mind, or a number, perhaps in quotes. */
export const protocolField = z
  .union([z.string(), z.number()])
  .transform((written, context): CalicoProtocol => {
    const text = String(written);
    const name = NAMES.find((each) => each.toLowerCase() === text.toLowerCase());
    if (name !== undefined) return protocolNamed(name);
    const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    const numbered = NUMBERS.get(number);
    if (numbered !== undefined) return protocolNamed(numbered);
    if (number >= 1 && number <= 255) return { kind: 'other', name: `protocol ${number}` };
    const message = `${JSON.stringify(written)} is not a protocol: ${NAMES.join(', ')}, or 1 to 255`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** What of a protocol is meant, whatever its ports. */
export function wholeProtocol(protocol: CalicoProtocol): PortMatch {
  switch (protocol.kind) {
    case 'ports':
      return { kind: 'all-of-protocol', protocol: protocol.name };
    case 'icmp':
      return { kind: 'icmp', types: 'all' };
    case 'other':
      return { kind: 'other-protocol', name: protocol.name };
  }
}

/** A range of ports, a single one being both its ends, or the name of one. */
export type CalicoPort =
  | { readonly first: number; readonly last: number }
  | { readonly name: string };

/** `8080`, `"8080"`, `"8000:8100"`, `"http"`. */
export const portEntry = z
  .union([z.string(), z.number()], { error: 'a port is a number, "first:last" or a name' })
  .transform((written, context): CalicoPort => {
    const [, from, to] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(String(written)) ?? [];
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (from === undefined)
      return typeof written === 'string' &&
        /^[A-Za-z0-9_.-]{1,128}$/.test(written) &&
        !/^\d+$/.test(written)
        ? { name: written }
        : refuse(`${JSON.stringify(written)} is not a port: a number, "first:last" or a name`);
    const first = Number(from);
    const last = Number(to ?? from);
    if (first < MIN_PORT || last > MAX_PORT) return refuse('a port is 1 to 65535');
    return first <= last ? { first, last } : refuse(`${written} ends before it begins`);
  });

export function portMatch(port: CalicoPort, protocol: Protocol): PortMatch {
  return 'name' in port
    ? { kind: 'named', protocol, name: port.name }
    : { kind: 'range', protocol, first: port.first, last: port.last };
}
