import { z } from 'zod';
import type { CompiledPort, PortMatch } from '#lib/engine/compiled-policy.ts';
import { orAbsent } from '#lib/manifests/metadata.ts';
import { MAX_PORT, PROTOCOLS, type Protocol } from '#lib/model/port-set.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/** Ports as Cilium writes them, in text (CIL-38), and types of ICMP (CIL-39). */

const WITHOUT_PORTS = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] as const;

/** Letters, digits and single inner hyphens, one letter at least: a name, even where it looks like `0x10`. */
const PORT_NAME = /^(?=.*[a-z])[a-z0-9](-?[a-z0-9])*$/i;
const DIGITS = /^(0|[1-9]\d*)$/;

export const port = z
  .strictObject({
    port: orAbsent(z.string({ error: 'a port is text: write it in quotes' })),
    endPort: orAbsent(z.int().min(0).max(MAX_PORT, 'a port is 0 to 65535')),
    protocol: orAbsent(
      z.enum([...PROTOCOLS, ...WITHOUT_PORTS, 'ANY'], {
        error:
          'protocol is TCP, UDP, SCTP or ANY, in capitals, or one of the protocols without ports',
      }),
    ),
  })
  .superRefine(({ port: written = '', endPort = 0 }, context) => {
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', path: ['endPort'], message });
    if (endPort === 0) return;
    if (!DIGITS.test(written)) refuse('endPort needs a port in digits');
    else if (endPort < Number(written)) refuse(`endPort ${endPort} is below port ${written}`);
    else if (written === '0') refuse('port "0" is every port, and has no endPort');
  });

export type Port = z.output<typeof port>;

export const icmp = z.strictObject({
  fields: orAbsent(
    z.array(
      z.strictObject({
        family: orAbsent(z.enum(['IPv4', 'IPv6'], { error: 'the family of ICMP is IPv4 or IPv6' })),
        type: z.union([z.int().min(0).max(255), z.string()], {
          error: 'a type of ICMP is 0 to 255, or its name',
        }),
      }),
    ),
  ),
});

export type Icmp = z.output<typeof icmp>;

function isNamed({ port: written = '' }: Port): boolean {
  return written.length <= 15 && PORT_NAME.test(written);
}

/** `"0"` stands for every port. */
export function isEveryPort({ port: written }: Port): boolean {
  return written === '0';
}

function isWithoutPorts(protocol: string): boolean {
  return WITHOUT_PORTS.some((each) => each === protocol);
}

/** Why an agent refuses a port, or null. */
export function portRefusal(item: Port): string | null {
  const { port: written = '', protocol = 'ANY' } = item;
  if (isWithoutPorts(protocol))
    return ['', '0'].includes(written) || isNamed(item)
      ? null
      : `${protocol} has no ports: leave it out or write "0"`;
  if (written === '') return 'a port is needed; "0" is every port';
  if (isNamed(item)) return null;
  return /^\d+$/.test(written) && Number(written) <= MAX_PORT
    ? null
    : `${JSON.stringify(written)} is neither a port nor the name of one`;
}

/** Digits that agents read as octal, `"010"`: they would be another port than a reader takes them for. */
export function isOctal({ port: written = '' }: Port): boolean {
  return /^0\d/.test(written);
}

function portMatches(item: Port): readonly PortMatch[] {
  const { port: written = '0', endPort = 0, protocol = 'ANY' } = item;
  if (isWithoutPorts(protocol)) return [{ kind: 'other-protocol', name: protocol }];
  const protocols = PROTOCOLS.filter((each) => protocol === 'ANY' || each === protocol);
  if (isNamed(item)) {
    const [first = 'TCP', ...others] = protocols;
    // Names are compared without regard to case, and those of containers have none.
    const name = written.toLowerCase();
    return [{ kind: 'named', protocol: others.length > 0 ? 'any' : first, name }];
  }
  const first = Number(written);
  return protocols.map((each: Protocol) =>
    isEveryPort(item)
      ? { kind: 'all-of-protocol', protocol: each }
      : { kind: 'range', protocol: each, first, last: Math.max(first, endPort) },
  );
}

/** The ports of one entry of `toPorts`, at `path`. */
export function compilePorts(ports: readonly Port[], path: FieldPath): readonly CompiledPort[] {
  return ports.flatMap((item, i) =>
    portMatches(item).map((match) => ({ path: [...path, 'ports', i], match })),
  );
}

/** `icmps` at `path`; of one type or another, which a connection is not asked about. */
export function compileIcmps(icmps: readonly Icmp[], path: FieldPath): readonly CompiledPort[] {
  return icmps.flatMap(({ fields }, i) =>
    (fields ?? []).map((_, j) => ({
      path: [...path, i, 'fields', j],
      match: { kind: 'icmp', types: 'some' },
    })),
  );
}
