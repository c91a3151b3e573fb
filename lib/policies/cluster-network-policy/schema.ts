import { z } from 'zod';
import type { PortMatch } from '#lib/engine/compiled-policy.ts';
import { orAbsent } from '#lib/manifests/metadata.ts';
import { portNumber } from '#lib/manifests/ports.ts';
import type { Protocol } from '#lib/model/port-set.ts';
import { namedPort, onlyField } from '#lib/policies/admin-ports.ts';
import { type AdminRule, type AdminSpec, adminSchemas } from '#lib/policies/admin-rules.ts';

/** `policy.networking.k8s.io/v1alpha2` ClusterNetworkPolicy as its definition validates it (CNP-12 … CNP-24). */

const { subject, source, destination } = adminSchemas({ isNamespaceSelectorNeeded: false });

const range = z
  .strictObject({ start: portNumber, end: portNumber })
  .refine(
    ({ start, end }) => start < end,
    'a range starts below its end: write number for one port',
  );

const destinationPort = z
  .strictObject({ number: orAbsent(portNumber), range: orAbsent(range) })
  .refine(
    ({ number, range: ports }) => (number === undefined) !== (ports === undefined),
    'destinationPort is either number or range',
  );

/** CNP-23; without a port every one of the protocol (AMB-5). */
function portsOf(protocol: Protocol) {
  return z
    .strictObject({ destinationPort: orAbsent(destinationPort) })
    .transform(({ destinationPort: port }): PortMatch => {
      const number = port?.number;
      if (number !== undefined) return { kind: 'range', protocol, first: number, last: number };
      return port?.range === undefined
        ? { kind: 'all-of-protocol', protocol }
        : { kind: 'range', protocol, first: port.range.start, last: port.range.end };
    });
}

const protocols = z
  .strictObject({
    tcp: orAbsent(portsOf('TCP')),
    udp: orAbsent(portsOf('UDP')),
    sctp: orAbsent(portsOf('SCTP')),
    destinationNamedPort: orAbsent(namedPort),
  })
  .transform(onlyField('an entry of protocols is one of tcp, udp, sctp and destinationNamedPort'));

const ACTIONS = { Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const;
const LAYERS = { Admin: 'admin', Baseline: 'baseline' } as const;

function ruleFields<Peer extends z.ZodType>(peer: Peer) {
  return {
    name: orAbsent(z.string().max(100, 'the name of a rule has at most 100 characters')),
    action: z.enum(['Accept', 'Deny', 'Pass']).transform((written) => ACTIONS[written]),
    peers: z.array(peer).min(1, 'a rule names at least one peer').max(25),
    protocols: orAbsent(z.array(protocols).min(1).max(25)),
  };
}

const { peers: from, ...ingressFields } = ruleFields(source);
const { peers: to, ...egressFields } = ruleFields(destination);

const ingressRule = z.strictObject({ ...ingressFields, from }).transform(
  ({ name, action, from: peers, protocols: ports }): AdminRule => ({
    name,
    action,
    peers,
    ports,
  }),
);

const egressRule = z
  .strictObject({ ...egressFields, to })
  .refine(
    ({ action, to: peers }) =>
      action === 'allow' || peers.every(({ domainNames }) => domainNames === undefined),
    'domainNames go with Accept only',
  )
  .transform(
    ({ name, action, to: peers, protocols: ports }): AdminRule => ({ name, action, peers, ports }),
  );

export const tierField = z.enum(['Admin', 'Baseline']).transform((written) => LAYERS[written]);

export { subject };

export const clusterNetworkPolicySpec = z
  .strictObject({
    tier: tierField,
    priority: z.int().min(0).max(1000, 'a priority is 0 to 1000'),
    subject,
    ingress: orAbsent(z.array(ingressRule).max(25)),
    egress: orAbsent(z.array(egressRule).max(25)),
  })
  .transform(
    ({ tier, ingress = [], egress = [], ...rest }): AdminSpec => ({
      ...rest,
      layer: tier,
      rules: { ingress, egress },
    }),
  );
