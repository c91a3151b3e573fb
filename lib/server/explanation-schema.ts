import { z } from 'zod';
import {
  action,
  context,
  count,
  direction,
  endpoint,
  fieldPath,
  kind,
  named,
  nonEmpty,
  policyNote,
  policyRef,
  protocol,
  rule,
  ruleRef,
  text,
  unknownCause,
  verdict,
} from './response-schemas.ts';

/** What an explanation looks like, for the description of the API. */

const portQuery = z.strictObject({ protocol, port: z.int() });
const portRanges = z.array(z.tuple([z.int(), z.int()]));
const portSet = z.strictObject({
  TCP: portRanges,
  UDP: portRanges,
  SCTP: portRanges,
  icmp: z.boolean(),
  other: z.boolean(),
});
const ports = named('AnsweredPorts', z.strictObject({ allowed: portSet, unknown: portSet }));
const match = z.enum(['yes', 'no', 'unknown']);
const qualifier = {
  path: fieldPath,
  kind: z.enum(['http', 'dns', 'kafka', 'l7', 'tls', 'log']),
  message: text,
};
const consideredItems = z.array(z.strictObject({ path: fieldPath, match }));

const sideAnswer = named(
  'SideAnswer',
  z.strictObject({
    direction,
    verdict,
    reason: z.discriminatedUnion('kind', [
      kind('rules', { rules: nonEmpty(ruleRef) }),
      kind('denied', { by: ruleRef }),
      kind('isolated', { by: nonEmpty(policyRef), tier: text }),
      kind('isolated-by-plugin', {}),
      kind('no-policy', {}),
      kind('not-decided', {}),
      kind('same-pod', {}),
      kind('host-network', {}),
      kind('outside', {}),
      kind('local-node', {}),
      kind('unknown', { causes: nonEmpty(unknownCause) }),
    ]),
    ports,
    requests: z.array(z.strictObject({ ...qualifier, policy: policyRef })),
    considered: z.array(
      z.strictObject({
        policy: policyRef,
        tier: text,
        priority: z.int().nullable(),
        valid: z.boolean(),
        isolatedAt: z.strictObject({ path: fieldPath, defaulted: z.boolean() }).nullable(),
        rules: z.array(
          z.strictObject({
            index: count,
            name: text.nullable(),
            path: fieldPath,
            action,
            reached: z.boolean(),
            match,
            peer: match,
            port: match,
            peers: consideredItems,
            own: consideredItems,
            ports: consideredItems,
            conditions: z.array(z.strictObject({ path: fieldPath, message: text })),
            qualifiers: z.array(z.strictObject(qualifier)),
          }),
        ),
      }),
    ),
    nearMiss: z.strictObject({ rule: ruleRef, failed: z.enum(['peer', 'port']) }).nullable(),
  }),
);

export const explanationView = named(
  'ExplanationView',
  z.strictObject({
    ...context,
    asked: z.strictObject({ from: text, to: text, port: portQuery.nullable() }),
    verdict: z.enum(['allowed', 'blocked', 'unknown', 'mixed']),
    service: z
      .strictObject({
        namespace: text,
        name: text,
        port: text,
        targets: text,
        hostNames: z.array(text),
      })
      .nullable(),
    notes: z.array(
      z.discriminatedUnion('kind', [
        kind('source-address', {
          trafficPolicy: z.enum(['Cluster', 'Local']),
          nodes: z.enum(['answered', 'left-open']),
        }),
        kind('no-way-in', {}),
        kind('egress-before-translation', {}),
        kind('same-node-backends', {}),
        kind('control-plane-source', {}),
        kind('dns-cache', {}),
      ]),
    ),
    parts: z.array(
      z.strictObject({
        from: endpoint,
        to: endpoint,
        port: portQuery.nullable(),
        pairs: count,
        answer: z.strictObject({ verdict, ports, egress: sideAnswer, ingress: sideAnswer }),
      }),
    ),
    documents: z.array(
      z.strictObject({
        key: text,
        policy: policyRef,
        writtenAt: text.nullable(),
        text,
        lines: z.record(text, z.tuple([z.int(), z.int()])),
        notes: z.array(policyNote),
        rules: z.strictObject({ ingress: z.array(rule), egress: z.array(rule) }),
      }),
    ),
  }),
);
