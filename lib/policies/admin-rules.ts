import { z } from 'zod';
import type { CniFlag } from '#lib/engine/cni-profile.ts';
import {
  type Action,
  type CompiledPeer,
  type CompiledPolicy,
  type CompiledPort,
  type CompiledRule,
  DIRECTIONS,
  type Direction,
  type Isolation,
  type LabelledMatch,
  type PeerMatch,
  type PodMatch,
  type PolicyNote,
  type PortMatch,
} from '#lib/engine/compiled-policy.ts';
import { labelSelector } from '#lib/manifests/label-selector.ts';
import { orAbsent } from '#lib/manifests/metadata.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { EVERYTHING, type Selector } from '#lib/model/selector.ts';
import { addressBlock, cidr, hostBitNote } from './address-block.ts';
import type { FieldIssue } from './issues.ts';
import type { Compilation } from './policy-kind.ts';

/** What the kinds of the administrators' tiers share: whom they select, and the shape of their rules. */

/** The key has to be there, if only with null, which is everything (CNP-12). */
const selectorOrNull = labelSelector.nullable().transform((selector) => selector ?? EVERYTHING);

function hasOne(fields: object): boolean {
  return Object.values(fields).filter((value) => value !== undefined).length === 1;
}

/** Pods by their labels and those of their namespaces; whether the latter may be left out differs. */
function podsSchema(namespaceSelector: z.ZodType<Selector | undefined>) {
  return z.strictObject({ namespaceSelector, podSelector: selectorOrNull }).transform(
    ({ namespaceSelector: selector = EVERYTHING, podSelector }): LabelledMatch => ({
      kind: 'labelled',
      namespaces: { kind: 'labelled', selector },
      pods: podSelector,
    }),
  );
}

const namespacesSchema = labelSelector.transform(
  (selector): LabelledMatch => ({
    kind: 'labelled',
    namespaces: { kind: 'labelled', selector },
    pods: EVERYTHING,
  }),
);

const domainName = z
  .string()
  .regex(
    /^(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.?$/,
    'a domain name is lower-case labels with dots between, with *. before it for all names below',
  );

const networks = z
  .array(cidr)
  .min(1)
  .max(25)
  .refine((all) => new Set(all).size === all.length, 'each network is named once');

/** The schemas of one API version; `isNamespaceSelectorNeeded` by the fields its definition requires. */
export function adminSchemas({
  isNamespaceSelectorNeeded,
}: {
  readonly isNamespaceSelectorNeeded: boolean;
}) {
  const pods = podsSchema(isNamespaceSelectorNeeded ? selectorOrNull : orAbsent(labelSelector));
  const subject = z
    .strictObject({ namespaces: orAbsent(namespacesSchema), pods: orAbsent(pods) })
    .refine(hasOne, 'the subject is either namespaces or pods')
    .transform(({ namespaces, pods: some }, context): PodMatch => {
      const match = namespaces ?? some;
      if (match !== undefined) return match;
      context.addIssue({ code: 'custom', message: 'the subject is empty' });
      return z.NEVER;
    });
  /** Loose: a field of a newer API is kept, and makes of the peer one that is not understood (CNP-15). */
  const source = z
    .looseObject({ namespaces: orAbsent(namespacesSchema), pods: orAbsent(pods) })
    .refine(hasOne, 'a peer has exactly one field')
    .refine(
      (peer) => !['networks', 'nodes', 'domainNames'].some((field) => field in peer),
      // CNP-14
      'sources are pods: an ingress rule names namespaces or pods',
    );
  const destination = z
    .looseObject({
      namespaces: orAbsent(namespacesSchema),
      pods: orAbsent(pods),
      networks: orAbsent(networks),
      nodes: orAbsent(labelSelector),
      domainNames: orAbsent(z.array(domainName).min(1).max(25)),
    })
    .refine(hasOne, 'a peer has exactly one field');
  return { subject, source, destination };
}

type Schemas = ReturnType<typeof adminSchemas>;
export type AdminPeer = z.output<Schemas['source']> | z.output<Schemas['destination']>;

/** A rule of any of the kinds. */
export interface AdminRule {
  readonly name: string | undefined;
  readonly action: Action;
  readonly peers: readonly AdminPeer[];
  readonly ports: readonly PortMatch[] | undefined;
}

/** Before NetworkPolicy, or after it (CNP-1). */
export type AdminLayer = 'admin' | 'baseline';

export interface AdminSpec {
  readonly layer: AdminLayer;
  readonly priority: number | null;
  readonly subject: PodMatch;
  readonly rules: Readonly<Record<Direction, readonly AdminRule[]>>;
}

const KNOWN = new Set(['namespaces', 'pods', 'networks', 'nodes', 'domainNames']);
const PEER_FIELD = { ingress: 'from', egress: 'to' } as const;

function unknownField(peer: AdminPeer): string | undefined {
  return Object.keys(peer).find((key) => !KNOWN.has(key));
}

function compilePeer(peer: AdminPeer, path: FieldPath): readonly CompiledPeer[] {
  const { namespaces, pods } = peer;
  const one = (match: PeerMatch): readonly CompiledPeer[] => [{ path, match }];
  const field = unknownField(peer);
  if (field !== undefined)
    return one({ kind: 'not-understood', message: `unknown field "${field}"` });
  const some = namespaces ?? pods;
  if (some !== undefined) return one({ kind: 'pods', match: some });
  const { networks, nodes, domainNames } = peer as z.output<Schemas['destination']>;
  if (nodes !== undefined) return one({ kind: 'nodes', selector: nodes });
  if (networks !== undefined)
    return networks.map((text, i) => ({
      path: [...path, 'networks', i],
      match: { kind: 'addresses', block: addressBlock(text), except: [] },
    }));
  return one({ kind: 'domain-names', names: domainNames ?? [] });
}

/** A port name means nothing at an address (AMB-6). */
function portsTowards(peers: readonly CompiledPeer[], ports: readonly CompiledPort[]) {
  const toPods = peers.some(
    ({ match }) => match.kind === 'pods' || match.kind === 'not-understood',
  );
  return toPods ? ports : ports.filter(({ match }) => match.kind !== 'named');
}

function compileRule(
  { name, action, peers, ports }: AdminRule,
  index: number,
  direction: Direction,
  portField: string,
): CompiledRule {
  const path: FieldPath = ['spec', direction, index];
  const compiled = peers.flatMap((peer, i) =>
    compilePeer(peer, [...path, PEER_FIELD[direction], i]),
  );
  return {
    index,
    ...(name === undefined ? {} : { name }),
    path,
    action,
    peers: compiled,
    ports:
      ports === undefined
        ? 'all'
        : portsTowards(
            compiled,
            ports.map((match, i) => ({ path: [...path, portField, i], match })),
          ),
  };
}

function notesOf(rules: readonly CompiledRule[], specs: readonly AdminRule[]) {
  return rules.flatMap(({ path }, i): readonly PolicyNote[] =>
    (specs[i]?.peers ?? []).flatMap((peer, j) => {
      const networks = 'networks' in peer && Array.isArray(peer.networks) ? peer.networks : [];
      return networks.flatMap((text, k) => hostBitNote([...path, 'to', j, 'networks', k], text));
    }),
  );
}

const LEAVES_OPEN: Isolation = { isolates: 'no' };
const ANY_POD: PodMatch = {
  kind: 'labelled',
  namespaces: { kind: 'labelled', selector: EVERYTHING },
  pods: EVERYTHING,
};

/** What the kinds differ in: the flag by which plugins enforce them, and what they call a rule's list of ports. */
export interface AdminWords {
  readonly enforcedIf: CniFlag;
  readonly portField: string;
}

type Problems = Compilation['problems'];

function unknownPeers({ peers }: AdminRule, path: FieldPath): Problems {
  return peers.flatMap((peer, i) => {
    const field = unknownField(peer);
    if (field === undefined) return [];
    return [
      {
        code: 'policy-field-unknown',
        severity: 'error' as const,
        message: `unknown field "${field}"`,
        hint: 'Whom this peer matches is unknown. Check the spelling, or the version of the API.',
        path: [...path, i],
      },
    ];
  });
}

function emptyRanges({ ports = [] }: AdminRule, path: FieldPath): Problems {
  return ports.flatMap((match, i) => {
    if (match.kind !== 'range' || match.first <= match.last) return [];
    return [
      {
        code: 'port-range-empty',
        severity: 'warning' as const,
        message: `a range from ${match.first} to ${match.last} holds no port`,
        hint: 'A range starts at or below its end.',
        path: [...path, i],
      },
    ];
  });
}

/** A policy that validates. */
export function compileAdmin(
  ref: PolicyRef,
  spec: AdminSpec,
  { enforcedIf, portField }: AdminWords,
): Compilation {
  const { layer, priority, subject } = spec;
  const rulesOf = (direction: Direction) =>
    spec.rules[direction].map((rule, i) => compileRule(rule, i, direction, portField));
  const rules = { ingress: rulesOf('ingress'), egress: rulesOf('egress') };
  const problems = DIRECTIONS.flatMap((direction) =>
    spec.rules[direction].flatMap((rule, i) => [
      ...unknownPeers(rule, ['spec', direction, i, PEER_FIELD[direction]]),
      ...emptyRanges(rule, ['spec', direction, i, portField]),
    ]),
  );
  return {
    policies: [
      {
        ref,
        layer,
        enforcedIf,
        priority,
        subject: { kind: 'pods', match: subject },
        isolation: { ingress: LEAVES_OPEN, egress: LEAVES_OPEN },
        rules,
        notes: notesOf(rules.egress, spec.rules.egress),
      },
    ],
    problems,
  };
}

/**
 * A policy that does not validate: what it says where it has rules is unknown, for the pods that it
 * selects, or for all when even that cannot be read (AMB-20).
 */
export function compileInvalidAdmin(
  ref: PolicyRef,
  layer: AdminLayer,
  { enforcedIf }: AdminWords,
  subject: Schemas['subject'],
  spec: unknown,
  issues: readonly FieldIssue[],
): Compilation {
  const fields = isJsonObject(spec) ? spec : {};
  const selected = subject.safeParse(fields.subject);
  const unknown: Isolation = { isolates: 'unknown', message: issues[0]?.message ?? 'invalid' };
  const isolation = (direction: Direction) => {
    const rules = fields[direction];
    const isAbsent = rules === undefined || rules === null;
    // CNP-10: a direction without rules is left alone whatever else is wrong.
    const isEmpty = isAbsent || (Array.isArray(rules) && rules.length === 0);
    return isJsonObject(spec) && isEmpty ? LEAVES_OPEN : unknown;
  };
  const policy: CompiledPolicy = {
    ref,
    layer,
    enforcedIf,
    priority: null,
    subject: { kind: 'pods', match: selected.success ? selected.data : ANY_POD },
    isolation: { ingress: isolation('ingress'), egress: isolation('egress') },
    rules: { ingress: [], egress: [] },
    notes: [],
  };
  return {
    policies: [policy],
    problems: issues.map(({ path, message }) => ({
      code: 'policy-invalid',
      severity: 'error',
      message,
      hint: 'An API server refuses this policy. Verdicts that it touches are unknown until it is mended.',
      path,
    })),
  };
}

/** The name that a policy is told by. */
export const adminObject = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.unknown().optional(),
});
