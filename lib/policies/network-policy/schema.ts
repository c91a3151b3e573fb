import { z } from 'zod';
import { labelSelector } from '#lib/manifests/label-selector.ts';
import { parseCidr, rangeCovers } from '#lib/model/ip-address.ts';
import { MAX_PORT, MIN_PORT } from '#lib/model/port-set.ts';
import { cidr } from '#lib/policies/address-block.ts';

/**
 * `networking.k8s.io/v1` NetworkPolicy as the API server validates it (NP-28, NP-29, NP-31, NP-43,
 * NP-44). Strict: a field that is not known would silently change what is permitted.
 */

/** Go decodes `null` as absent (NP-28). */
const orAbsent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** And `null` in a list, as a dash with nothing behind it is, as an empty structure. */
const listOf = <T extends z.ZodType>(item: T) =>
  orAbsent(z.array(z.preprocess((value) => value ?? {}, item)));

const portNumber = z
  .number({ error: 'expected a port number' })
  .int('expected a whole number')
  .min(MIN_PORT, 'a port is 1 to 65535')
  .max(MAX_PORT, 'a port is 1 to 65535');

/** NP-43: at most 15 of a-z, 0-9 and -, with a letter, no -- and none at the ends. */
const portName = z
  .string({ error: 'a port is a whole number from 1 to 65535, or the name of one' })
  .refine(
    (text) =>
      text.length <= 15 &&
      /^[a-z0-9-]+$/.test(text) &&
      /[a-z]/.test(text) &&
      !text.includes('--') &&
      !text.startsWith('-') &&
      !text.endsWith('-'),
    {
      error: (issue) =>
        /^\d+$/.test(String(issue.input))
          ? `"${issue.input}" in quotes is a port name, and a name needs a letter: write ${issue.input} without quotes`
          : 'a port name has at most 15 of a-z, 0-9 and -, with at least one letter, and no - at its ends',
    },
  );

const port = z
  .strictObject({
    protocol: orAbsent(
      z.enum(['TCP', 'UDP', 'SCTP'], { error: 'protocol is TCP, UDP or SCTP, in capitals' }),
    ),
    port: orAbsent(z.union([portNumber, portName])),
    endPort: orAbsent(portNumber),
  })
  .superRefine(({ port: first, endPort }, context) => {
    if (endPort === undefined) return;
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', path: ['endPort'], message });
    if (typeof first !== 'number') refuse('endPort needs a numeric port');
    else if (endPort < first) refuse(`endPort ${endPort} is below port ${first}`);
  });

const ipBlock = z
  .strictObject({ cidr, except: orAbsent(z.array(cidr)) })
  .superRefine(({ cidr: block, except }, context) => {
    const outer = parseCidr(block);
    for (const [index, text] of (except ?? []).entries()) {
      const inner = parseCidr(text);
      if (outer === null || inner === null) continue;
      const strictlyInside =
        rangeCovers(outer, inner) && !(outer.first === inner.first && outer.last === inner.last);
      if (!strictlyInside)
        context.addIssue({
          code: 'custom',
          path: ['except', index],
          message: `${text} does not lie strictly inside ${block}`,
        });
    }
  });

/**
 * A peer. Loose on purpose: a field of a newer API, if it were dropped, would widen the peer; here
 * it is kept, and the compiler makes of such a peer one that is not understood.
 */
const peer = z
  .looseObject({
    podSelector: orAbsent(labelSelector),
    namespaceSelector: orAbsent(labelSelector),
    ipBlock: orAbsent(ipBlock),
  })
  .superRefine((value, context) => {
    const selects = value.podSelector !== undefined || value.namespaceSelector !== undefined;
    if (!selects && value.ipBlock === undefined && unknownFields(value).length === 0)
      context.addIssue({
        code: 'custom',
        message: 'must specify a peer: podSelector, namespaceSelector or ipBlock',
      });
    if (selects && value.ipBlock !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['ipBlock'],
        message: 'ipBlock stands alone, without podSelector and namespaceSelector',
      });
  });

/** The fields of a peer that this version does not know. */
export function unknownFields(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(value).filter(
    (key) => key !== 'podSelector' && key !== 'namespaceSelector' && key !== 'ipBlock',
  );
}

const ports = listOf(port);
const peers = listOf(peer);

export const networkPolicySpec = z.strictObject({
  podSelector: orAbsent(labelSelector),
  policyTypes: orAbsent(z.array(z.enum(['Ingress', 'Egress'])).max(2, 'at most two entries')),
  ingress: listOf(z.strictObject({ from: peers, ports })),
  egress: listOf(z.strictObject({ to: peers, ports })),
});

export type NetworkPolicySpec = z.output<typeof networkPolicySpec>;
export type NetworkPolicyPeer = z.output<typeof peer>;
export type NetworkPolicyPort = z.output<typeof port>;

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** What names must look like; lengths first, so that no expression sees more than a line. */
export const networkPolicyNames = z.looseObject({
  name: z
    .string()
    .refine((text) => text.length <= 253 && text.split('.').every((part) => NAME.test(part)), {
      error:
        'a name has at most 253 of a-z, 0-9, - and ., and begins and ends with a letter or digit',
    }),
  namespace: z.string().refine((text) => text.length <= 63 && NAME.test(text), {
    error:
      'the name of a namespace has at most 63 of a-z, 0-9 and -, and begins and ends with a letter or digit',
  }),
});
