import { z } from 'zod';
import { CNI_FLAGS } from '#lib/engine/cni-profile.ts';
import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import { PROTOCOLS } from '#lib/model/port-set.ts';
import { pluginSchema } from './plugin-schema.ts';

/**
 * What the API answers, for its description (openapi.ts). Views are typed by hand in lib/view; a
 * type test holds the two equal, and another test holds real answers to these.
 */

/** Named schemas, which the description refers to instead of repeating them. */
export const responses = z.registry<{ id: string }>();

export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  responses.add(schema, { id });
  return schema;
}

export const text = z.string();
export const count = z.int().min(0);
export const instant = z.iso.datetime();
export const direction = z.enum(DIRECTIONS);
export const protocol = z.enum(PROTOCOLS);
export const fieldPath = z.array(z.union([text, z.int()]));
export const nonEmpty = <Item extends z.ZodType>(item: Item) => z.tuple([item], item);
export const kind = <Kind extends string, Shape extends z.ZodRawShape>(name: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(name), ...shape });

export const objectRef = named(
  'ObjectRef',
  z.strictObject({ kind: text, namespace: text.nullable(), name: text }),
);
export const policyRef = named(
  'PolicyRef',
  z.strictObject({ kind: text, namespace: text.nullable(), name: text, group: text }),
);
const problem = named(
  'Problem',
  z.strictObject({
    code: text,
    severity: z.enum(['error', 'warning']),
    message: text,
    hint: text.nullable(),
    object: objectRef.nullable(),
    path: fieldPath,
    origin: z.strictObject({ file: text, line: z.int(), text }).nullable(),
  }),
);
export const coverage = z.strictObject({ pods: count, ingress: count, egress: count, both: count });
export const isolation = z.enum(['isolated', 'open', 'mixed', 'unknown']);

export const problemDocument = named(
  'ProblemDocument',
  z.strictObject({
    type: z.literal('about:blank'),
    title: text,
    status: z.int(),
    code: text,
    detail: text,
    parameter: text.exactOptional(),
    problems: z.array(problem).exactOptional(),
  }),
);

const freshness = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('syncing'),
    phase: z.enum(['reading', 'analysing']),
    objects: count,
    expected: count.nullable(),
  }),
  z.strictObject({ status: z.literal('live') }),
  z.strictObject({ status: z.literal('stale'), since: instant, cause: text }),
  z.strictObject({ status: z.literal('unreachable'), cause: text, attempt: count }),
]);

export const clusterSummary = named(
  'ClusterSummary',
  z.strictObject({
    name: text,
    origin: z.discriminatedUnion('kind', [
      kind('kubernetes-api', { context: text, server: text }),
      kind('manifests', { path: text }),
      kind('demo', {}),
    ]),
    freshness,
    revision: count,
    readAt: instant.nullable(),
    counts: z.strictObject({ namespaces: count, workloads: count, pods: count, policies: count }),
    coverage,
    plugin: pluginSchema.nullable(),
    resources: z.array(
      z.strictObject({
        resource: text,
        status: z.enum(['syncing', 'live', 'stale', 'forbidden', 'not-installed', 'failed']),
        objects: count,
        expected: count.nullable(),
        message: text.nullable(),
      }),
    ),
    gaps: z.array(
      z.strictObject({
        resource: text,
        cause: z.enum(['forbidden', 'failed', 'syncing', 'not-evaluated']),
        message: text,
        affects: z.enum([
          'policies',
          'further-policies',
          'further-egress',
          'pods',
          'namespaces',
          'context',
        ]),
      }),
    ),
    problems: z.array(problem),
  }),
);
export const clusterSummaries = named('ClusterSummaries', z.array(clusterSummary));

/** Where a view is from. */
export const context = { cluster: text, revision: count, readAt: instant.nullable() };
const drawn = { id: text, label: text, parent: text.nullable() };

export const graphView = named(
  'GraphView',
  z.strictObject({
    ...context,
    namespace: text.nullable(),
    nodes: z.array(
      z.discriminatedUnion('kind', [
        kind('namespace', {
          ...drawn,
          namespace: text,
          collapsed: z.boolean(),
          workloads: count,
          pods: count,
          inside: count,
          ingress: isolation,
          egress: isolation,
        }),
        kind('workload', {
          ...drawn,
          ref: objectRef,
          namespace: text,
          pods: count,
          ingress: isolation,
          egress: isolation,
          hostNetwork: z.boolean(),
          openTo: text.nullable(),
        }),
        kind('workloads', {
          ...drawn,
          key: text,
          namespace: text,
          count,
          pods: count,
          examples: z.array(text),
          inside: count,
          ingress: isolation,
          egress: isolation,
          hostNetwork: z.boolean(),
          openTo: text.nullable(),
        }),
        kind('outside', { ...drawn, ranges: z.array(text) }),
        kind('rest', {
          ...drawn,
          of: z.enum(['namespaces', 'workloads', 'outside']),
          namespace: text.nullable(),
          count,
          workloads: count,
          pods: count,
          inside: count,
        }),
      ]),
    ),
    edges: z.array(
      z.strictObject({
        id: text,
        source: text,
        target: text,
        verdict: z.enum(['allowed', 'unknown']),
        ports: text,
        connections: count,
        basis: z.enum(['rules', 'open', 'dns']),
      }),
    ),
    leftOut: z.strictObject({ open: count, dns: count }),
    coverage,
    namespaces: z.array(z.strictObject({ name: text, expanded: z.boolean() })),
    totals: z.strictObject({ namespaces: count, workloads: count, pods: count }),
  }),
);

export const verdict = z.enum(['allowed', 'blocked', 'unknown']);
export const ruleRef = named(
  'RuleRef',
  z.strictObject({ policy: policyRef, direction, index: count }),
);
export const unknownCause = named(
  'UnknownCause',
  z.discriminatedUnion('kind', [
    kind('cni-flag', { flag: z.enum(CNI_FLAGS) }),
    kind('not-understood', { policy: policyRef, path: fieldPath, message: text }),
    kind('condition', { policy: policyRef, path: fieldPath, message: text }),
    kind('domain-names', { policy: policyRef, path: fieldPath, names: z.array(text) }),
    kind('not-readable', { resource: text, message: text }),
    kind('not-evaluated', { resource: text, message: text }),
    kind('equal-priority', { policies: nonEmpty(policyRef) }),
    kind('address-family', {}),
    kind('node-of-pod', {}),
  ]),
);
export const action = z.enum(['allow', 'deny', 'pass', 'log']);
export const policyNote = named(
  'PolicyNote',
  z.discriminatedUnion('kind', [
    kind('policy-types-defaulted', {
      directions: z.array(direction),
      emptyEgressIgnored: z.boolean(),
    }),
    kind('rules-ignored', { direction, path: fieldPath }),
    kind('host-bits-dropped', { path: fieldPath, written: text, meant: text }),
    kind('remark', { path: fieldPath, message: text }),
  ]),
);
export const endpoint = named(
  'Endpoint',
  z.discriminatedUnion('kind', [
    kind('workload', { ref: objectRef, pods: count }),
    kind('pod', { ref: objectRef, workload: objectRef }),
    kind('node', { name: text, address: text }),
    kind('addresses', { label: text, first: text }),
  ]),
);
export const rule = named(
  'Rule',
  z.strictObject({
    rule: ruleRef,
    name: text.nullable(),
    path: fieldPath,
    action,
    peers: z.array(
      z.strictObject({
        path: fieldPath,
        match: z.discriminatedUnion('kind', [
          kind('anyone', {}),
          kind('pods', {
            pods: text,
            namespaces: z.discriminatedUnion('kind', [
              kind('named', { name: text }),
              kind('labelled', { selector: text }),
            ]),
            workloads: z.array(objectRef),
            count,
          }),
          kind('pods-like', { words: text, workloads: z.array(objectRef), count }),
          kind('addresses', { block: text, except: z.array(text) }),
          kind('nodes', { selector: text }),
          kind('words', { words: text }),
          kind('not-understood', { message: text }),
        ]),
      }),
    ),
    own: z.array(text),
    ports: z.union([z.literal('all'), z.array(text)]),
    conditions: z.array(text),
    requests: z.array(text),
  }),
);

const peerLine = named(
  'PeerLine',
  z.strictObject({
    peer: endpoint,
    verdict,
    allowed: text,
    unknown: text,
    causes: z.array(unknownCause),
    blockedByOtherSide: text,
    basis: z.enum(['rules', 'open', 'same-node']),
  }),
);
const peerCounts = z.strictObject({ all: count, allowed: count, unknown: count, lost: count });

const side = named(
  'WorkloadSide',
  z.strictObject({
    direction,
    isolation,
    policies: z.array(
      z.strictObject({ policy: policyRef, rules: z.array(rule), notes: z.array(policyNote) }),
    ),
    peers: z.array(peerLine),
    peerCounts,
    nextPeers: text.nullable(),
  }),
);

const letIn = z.enum(['everybody', 'any-pod', 'some', 'nobody']);

const entryLine = named(
  'EntryLine',
  z.strictObject({
    entry: policyRef,
    requests: z.array(text),
    through: z.discriminatedUnion('kind', [
      kind('ingress-class', { name: text.nullable() }),
      kind('gateway', { namespace: text, name: text }),
      kind('openshift-router', {}),
    ]),
    service: z.strictObject({ namespace: text, name: text, port: text }),
    target: text,
    controller: z.union([
      kind('workloads', { refs: z.array(objectRef) }),
      z.strictObject({ kind: z.enum(['outside', 'not-known']), letIn }),
    ]),
    refused: text.nullable(),
    verdict: z.enum(['allowed', 'blocked', 'unknown', 'mixed']),
    causes: z.array(unknownCause),
  }),
);

export const workloadView = named(
  'WorkloadView',
  z.strictObject({
    ...context,
    ref: objectRef,
    owner: objectRef.nullable(),
    labels: z.array(z.strictObject({ key: text, value: text })),
    pods: z.array(
      z.strictObject({
        namespace: text,
        name: text,
        phase: text,
        addresses: z.array(text),
        node: text.nullable(),
        hostNetwork: z.boolean(),
        finished: z.boolean(),
        replicas: count,
      }),
    ),
    mixed: z.boolean(),
    services: z.array(z.strictObject({ namespace: text, name: text, ports: text })),
    entries: z.array(entryLine),
    ingress: side,
    egress: side,
  }),
);

export const peersView = named(
  'PeersView',
  z.strictObject({
    ...context,
    direction,
    peers: z.array(peerLine),
    counts: peerCounts,
    next: text.nullable(),
  }),
);

export const searchView = named(
  'SearchView',
  z.strictObject({
    query: text,
    hits: z.array(
      z.strictObject({
        kind: z.enum(['namespace', 'workload', 'pod', 'service', 'node', 'policy']),
        ref: z.union([policyRef, objectRef]),
        workload: objectRef.nullable(),
      }),
    ),
    total: count,
  }),
);
