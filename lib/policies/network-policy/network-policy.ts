import { z } from 'zod';
import {
  type CompiledPeer,
  type CompiledPolicy,
  type CompiledPort,
  type CompiledRule,
  DIRECTIONS,
  type Direction,
  type Isolation,
  type PeerMatch,
  type PolicyNote,
  type PortMatch,
  type SubjectMatch,
} from '#lib/engine/compiled-policy.ts';
import { labelSelector } from '#lib/manifests/label-selector.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { Resource } from '#lib/model/resource.ts';
import { EVERYTHING, type Selector } from '#lib/model/selector.ts';
import { addressBlock, hostBitNote } from '#lib/policies/address-block.ts';
import { issuesUnder } from '#lib/policies/issues.ts';
import { namespacedPolicyObject } from '#lib/policies/namespaced-object.ts';
import type { Compilation, PolicyKind } from '#lib/policies/policy-kind.ts';
import {
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type NetworkPolicySpec,
  networkPolicyNames,
  networkPolicySpec,
  unknownFields,
} from './schema.ts';

const RESOURCE: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'networkpolicies',
  kind: 'NetworkPolicy',
  namespaced: true,
};

function peerMatch(peer: NetworkPolicyPeer, namespace: string): PeerMatch {
  const unknown = unknownFields(peer);
  if (unknown.length > 0)
    return { kind: 'not-understood', message: `unknown field "${unknown.join('", "')}"` };
  if (peer.ipBlock !== undefined)
    return {
      kind: 'addresses',
      block: addressBlock(peer.ipBlock.cidr),
      except: (peer.ipBlock.except ?? []).map(addressBlock),
    };
  return {
    kind: 'pods',
    match: {
      kind: 'labelled',
      // Without namespaceSelector the policy's own namespace (NP-22), else every matching one (NP-23, NP-24).
      namespaces:
        peer.namespaceSelector === undefined
          ? { kind: 'named', name: namespace }
          : { kind: 'labelled', selector: peer.namespaceSelector },
      pods: peer.podSelector ?? EVERYTHING,
    },
  };
}

function portMatch({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): PortMatch {
  if (port === undefined) return { kind: 'all-of-protocol', protocol };
  if (typeof port === 'string') return { kind: 'named', protocol, name: port };
  return { kind: 'range', protocol, first: port, last: endPort ?? port };
}

interface WrittenRule {
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly ports: readonly NetworkPolicyPort[] | undefined;
}

const PEER_FIELD = { ingress: 'from', egress: 'to' } as const;

function compileRule(
  rule: WrittenRule,
  index: number,
  direction: Direction,
  namespace: string,
): CompiledRule {
  const path: FieldPath = ['spec', direction, index];
  const field = PEER_FIELD[direction];
  const peers: CompiledPeer[] = (rule.peers ?? []).map((peer, i) => ({
    path: [...path, field, i],
    match: peerMatch(peer, namespace),
  }));
  const ports: CompiledPort[] = (rule.ports ?? []).map((port, i) => ({
    path: [...path, 'ports', i],
    match: portMatch(port),
  }));
  return {
    index,
    path,
    action: 'allow',
    // An absent or empty list is everybody (NP-13), every port of every protocol (NP-14).
    peers: peers.length === 0 ? [{ path, match: { kind: 'anyone' } }] : peers,
    ports: ports.length === 0 ? 'all' : ports,
  };
}

function writtenRules(spec: NetworkPolicySpec, direction: Direction): readonly WrittenRule[] {
  return direction === 'ingress'
    ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
}

/** NP-3: absent or empty policyTypes is Ingress, and Egress when there is an egress rule. */
function isolation(spec: NetworkPolicySpec, direction: Direction): Isolation {
  const types = spec.policyTypes ?? [];
  const wanted = direction === 'ingress' ? 'Ingress' : 'Egress';
  if (types.length > 0)
    return types.includes(wanted)
      ? { isolates: 'yes', path: ['spec', 'policyTypes', types.indexOf(wanted)], defaulted: false }
      : { isolates: 'no' };
  if (direction === 'ingress') return { isolates: 'yes', path: ['spec'], defaulted: true };
  return (spec.egress ?? []).length > 0
    ? { isolates: 'yes', path: ['spec', 'egress'], defaulted: true }
    : { isolates: 'no' };
}

function hostBitNotes(spec: NetworkPolicySpec): readonly PolicyNote[] {
  return DIRECTIONS.flatMap((direction) =>
    writtenRules(spec, direction).flatMap(({ peers }, i) =>
      (peers ?? []).flatMap(({ ipBlock }, j) => {
        if (ipBlock === undefined) return [];
        const path = ['spec', direction, i, PEER_FIELD[direction], j, 'ipBlock'];
        return [
          ...hostBitNote([...path, 'cidr'], ipBlock.cidr),
          ...(ipBlock.except ?? []).flatMap((text, k) => hostBitNote([...path, 'except', k], text)),
        ];
      }),
    ),
  );
}

function notesOf(spec: NetworkPolicySpec): readonly PolicyNote[] {
  const notes: PolicyNote[] = [];
  const defaulted = (spec.policyTypes ?? []).length === 0;
  for (const direction of DIRECTIONS)
    if (
      !defaulted &&
      isolation(spec, direction).isolates === 'no' &&
      writtenRules(spec, direction).length > 0
    )
      notes.push({ kind: 'rules-ignored', direction, path: ['spec', direction] });
  if (defaulted)
    notes.push({
      kind: 'policy-types-defaulted',
      directions: DIRECTIONS.filter((direction) => isolation(spec, direction).isolates === 'yes'),
      emptyEgressIgnored: spec.egress !== undefined && spec.egress.length === 0,
    });
  return [...notes, ...hostBitNotes(spec)];
}

/** NP-1: of its own namespace only. */
function podsOf(namespace: string, pods: Selector): SubjectMatch {
  const match = { kind: 'labelled', namespaces: { kind: 'named', name: namespace }, pods } as const;
  return { kind: 'pods', match };
}

function compileSpec(ref: PolicyRef, namespace: string, spec: NetworkPolicySpec): CompiledPolicy {
  const rulesOf = (direction: Direction) =>
    isolation(spec, direction).isolates === 'yes'
      ? writtenRules(spec, direction).map((rule, i) => compileRule(rule, i, direction, namespace))
      : []; // NP-9: rules of an unlisted direction are ignored.
  return {
    ref,
    layer: 'network-policy',
    enforcedIf: 'enforces',
    priority: null,
    subject: podsOf(namespace, spec.podSelector ?? EVERYTHING),
    isolation: { ingress: isolation(spec, 'ingress'), egress: isolation(spec, 'egress') },
    rules: { ingress: rulesOf('ingress'), egress: rulesOf('egress') },
    notes: notesOf(spec),
  };
}

/**
 * An object that does not validate: an API server of today refuses it, another may have stored it.
 * Whether it isolates the pods it selects (the whole namespace when even the selector is broken),
 * and what it permits to them, is unknown in both directions (AMB-20).
 */
function compileInvalid(
  ref: PolicyRef,
  namespace: string,
  spec: unknown,
  message: string,
): CompiledPolicy {
  const selector = z.looseObject({ podSelector: labelSelector }).safeParse(spec);
  const unknown: Isolation = { isolates: 'unknown', message };
  return {
    ref,
    layer: 'network-policy',
    enforcedIf: 'enforces',
    priority: null,
    subject: podsOf(namespace, selector.success ? selector.data.podSelector : EVERYTHING),
    isolation: { ingress: unknown, egress: unknown },
    rules: { ingress: [], egress: [] },
    notes: [],
  };
}

function problemsOfPeers(policy: CompiledPolicy): Compilation['problems'] {
  return DIRECTIONS.flatMap((direction) => policy.rules[direction])
    .flatMap((rule) => rule.peers)
    .flatMap(({ path, match }) =>
      match.kind === 'not-understood'
        ? [
            {
              code: 'policy-field-unknown',
              severity: 'error' as const,
              message: match.message,
              hint: 'Whom this peer matches is unknown. Check the spelling, or the version of the API.',
              path,
            },
          ]
        : [],
    );
}

function compile(body: unknown): Compilation {
  const object = namespacedPolicyObject.parse(body);
  const { name, namespace } = object.metadata;
  const ref: PolicyRef = { group: RESOURCE.group, kind: RESOURCE.kind, namespace, name };
  // `spec` absent is the empty spec, as for the API server.
  const parsed = networkPolicySpec.safeParse(object.spec ?? {});
  const names = issuesUnder('metadata', networkPolicyNames.safeParse(object.metadata)).map(
    ({ path, message }) => ({
      code: 'policy-name-invalid',
      // A name decides nothing: what the policy would do under a better one is what a reader wants.
      severity: 'warning' as const,
      message,
      hint: 'An API server refuses this name. The policy is evaluated as if it had a valid one.',
      path,
    }),
  );
  if (parsed.success) {
    const policy = compileSpec(ref, namespace, parsed.data);
    return { policies: [policy], problems: [...names, ...problemsOfPeers(policy)] };
  }
  const issues = issuesUnder('spec', parsed);
  const problems = issues.map(({ path, message }) => ({
    code: 'policy-invalid',
    severity: 'error' as const,
    message,
    hint: 'An API server refuses this policy. Verdicts that it touches are unknown until it is mended.',
    path,
  }));
  return {
    policies: [compileInvalid(ref, namespace, object.spec, issues[0]?.message ?? 'invalid')],
    problems: [...names, ...problems],
  };
}

/** NetworkPolicy of networking.k8s.io/v1 (semantics NP). */
export const networkPolicy: PolicyKind = { resource: RESOURCE, compile };
