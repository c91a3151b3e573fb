import { z } from 'zod';
import type { PortMatch } from '#lib/engine/compiled-policy.ts';
import { orAbsent } from '#lib/manifests/metadata.ts';
import { portNumber, protocol } from '#lib/manifests/ports.ts';
import { isJsonObject } from '#lib/model/json.ts';
import { namedPort, onlyField } from '#lib/policies/admin-ports.ts';
import {
  type AdminLayer,
  type AdminRule,
  type AdminSpec,
  adminSchemas,
} from '#lib/policies/admin-rules.ts';

/**
 * `policy.networking.k8s.io/v1alpha1` AdminNetworkPolicy and BaselineAdminNetworkPolicy as their
 * definitions validate them (ANP-1 … ANP-6).
 */

const { subject, source, destination } = adminSchemas({ isNamespaceSelectorNeeded: true });

export { subject };

/**
 * ANP-6: a peer as the first releases wrote it, in today's words. What is gone, namespaces with the
 * same labels as the subject's, comes out as a field that is not known.
 */
function inTodaysWords(peer: unknown): unknown {
  if (!isJsonObject(peer)) return peer;
  const { namespaces, pods } = peer;
  if (isJsonObject(namespaces) && isOldNamespaces(namespaces)) {
    const { namespaceSelector, ...gone } = namespaces;
    return namespaceSelector === undefined ? gone : { ...gone, namespaces: namespaceSelector };
  }
  if (isJsonObject(pods) && isJsonObject(pods.namespaces)) {
    const { namespaces: old, ...rest } = pods;
    const { namespaceSelector, ...gone } = pods.namespaces;
    return namespaceSelector === undefined ? gone : { pods: { ...rest, namespaceSelector } };
  }
  return peer;
}

function isOldNamespaces(fields: object): boolean {
  return ['namespaceSelector', 'sameLabels', 'notSameLabels'].some((field) => field in fields);
}

const ports = z
  .strictObject({
    portNumber: orAbsent(
      z
        .strictObject({ protocol, port: portNumber })
        .transform(
          ({ port, ...rest }): PortMatch => ({ kind: 'range', first: port, last: port, ...rest }),
        ),
    ),
    portRange: orAbsent(
      z
        .strictObject({ protocol, start: portNumber, end: portNumber })
        // Its definition lets a range end below its start: it holds no port then.
        .transform(
          ({ start, end, ...rest }): PortMatch => ({
            kind: 'range',
            first: start,
            last: end,
            ...rest,
          }),
        ),
    ),
    namedPort: orAbsent(namedPort),
  })
  .transform(onlyField('an entry of ports is one of portNumber, portRange and namedPort'));

const ACTIONS = { Allow: 'allow', Deny: 'deny', Pass: 'pass' } as const;

function specSchema(
  layer: AdminLayer,
  priority: z.ZodType<number | undefined>,
  actions: readonly (keyof typeof ACTIONS)[],
) {
  const fields = {
    name: orAbsent(z.string().max(100, 'the name of a rule has at most 100 characters')),
    action: z.enum(actions).transform((written) => ACTIONS[written]),
    ports: orAbsent(z.array(ports).min(1).max(100)),
  };
  const peers = <Peer extends z.ZodType>(peer: Peer) =>
    z.array(z.preprocess(inTodaysWords, peer)).min(1, 'a rule names at least one peer').max(100);
  const ingress = z.strictObject({ ...fields, from: peers(source) }).transform(
    ({ name, from, action, ports: some }): AdminRule => ({
      name,
      action,
      peers: from,
      ports: some,
    }),
  );
  const egress = z
    .strictObject({ ...fields, to: peers(destination) })
    .refine(
      ({ action, to }) =>
        (action === 'allow' && layer === 'admin') ||
        to.every(({ domainNames }) => domainNames === undefined),
      'domainNames go with Allow of an AdminNetworkPolicy only',
    )
    .transform(
      ({ name, to, action, ports: some }): AdminRule => ({ name, action, peers: to, ports: some }),
    );
  return z
    .strictObject({
      priority,
      subject,
      ingress: orAbsent(z.array(ingress).max(100)),
      egress: orAbsent(z.array(egress).max(100)),
    })
    .transform(
      ({
        priority: rank,
        subject: selected,
        ingress: into = [],
        egress: outOf = [],
      }): AdminSpec => ({
        layer,
        priority: rank ?? null,
        subject: selected,
        rules: { ingress: into, egress: outOf },
      }),
    );
}

export const adminNetworkPolicySpec = specSchema(
  'admin',
  z.int().min(0).max(1000, 'a priority is 0 to 1000'),
  ['Allow', 'Deny', 'Pass'],
);

/** ANP-1, ANP-2: without a priority, and without Pass. */
export const baselineAdminNetworkPolicySpec = specSchema(
  'baseline',
  z.never('a BaselineAdminNetworkPolicy has no priority').optional(),
  ['Allow', 'Deny'],
);
