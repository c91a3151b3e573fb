import type { Json, JsonObject } from '#lib/model/json.ts';
import { CALICO_CASES } from './calico-cases.ts';
import { CILIUM_CASES } from './cilium-cases.ts';
import { NETWORK_POLICY_CASES } from './network-policy-cases.ts';
import type { ValidationCase } from './validation-case.ts';

/** Specs at the edge of what each kind may say, by resource: a list of what to put where. */

const ALL_PODS = { namespaceSelector: {}, podSelector: {} };
/** CNP-12 */
const AUTHORS = 'the authors of the API write null for everything, and clients make {} of it';
const STANDARD = 'the standard channel of the definition does not have it';
const LATER = 'a definition says nothing of what selectors hold; the plugin refuses it later';
const many = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item);

interface Words {
  /** The fields beside subject and rules. */
  readonly rank: JsonObject;
  readonly allow: string;
  /** The field of a rule that lists ports. */
  readonly ports: string;
  /** The most rules, and the most peers of a rule. */
  readonly most: number;
}

/** What the kinds of the administrators' tiers have in common. */
function adminCases({ rank, allow, ports, most }: Words): readonly ValidationCase[] {
  const subject = { namespaces: {} };
  const from = [{ namespaces: {} }];
  const spec = (fields: JsonObject): JsonObject => ({ ...rank, subject, ...fields });
  const ingress = (rule: JsonObject) => spec({ ingress: [{ action: allow, from, ...rule }] });
  const egress = (...to: readonly JsonObject[]) => spec({ egress: [{ action: allow, to }] });
  const selecting = (selector: Json) => spec({ subject: { namespaces: selector } });
  const network = (...networks: readonly string[]) => egress({ networks });
  return [
    { says: 'no rules', spec: spec({}) },
    { says: 'empty rules', spec: spec({ ingress: [], egress: [] }) },
    { says: 'null rules', spec: spec({ ingress: null }) },
    { says: 'no subject', spec: { ...rank } },
    { says: 'an empty subject', spec: spec({ subject: {} }) },
    { says: 'two subjects', spec: spec({ subject: { namespaces: {}, pods: ALL_PODS } }) },
    { says: 'pods as subject', spec: spec({ subject: { pods: ALL_PODS } }) },
    {
      says: 'null as podSelector',
      spec: spec({ subject: { pods: { namespaceSelector: {}, podSelector: null } } }),
      differs: AUTHORS,
    },
    { says: 'no podSelector', spec: spec({ subject: { pods: { namespaceSelector: {} } } }) },
    { says: 'no namespaceSelector', spec: spec({ subject: { pods: { podSelector: {} } } }) },
    { says: 'null as namespaces', spec: spec({ subject: { namespaces: null } }) },
    { says: 'a field that is not known', spec: spec({ more: 1 }) },
    { says: 'an action that is not known', spec: ingress({ action: 'Log' }) },
    { says: 'an action in small letters', spec: ingress({ action: allow.toLowerCase() }) },
    { says: 'Pass', spec: ingress({ action: 'Pass' }) },
    { says: 'no action', spec: spec({ ingress: [{ from }] }) },
    { says: 'no peers', spec: spec({ ingress: [{ action: allow }] }) },
    { says: 'an empty list of peers', spec: ingress({ from: [] }) },
    { says: 'an empty peer', spec: ingress({ from: [{}] }) },
    { says: 'a peer of two kinds', spec: ingress({ from: [{ namespaces: {}, pods: ALL_PODS }] }) },
    { says: 'a peer that is not known', spec: ingress({ from: [{ things: {} }] }) },
    { says: 'pods as peers', spec: ingress({ from: [{ pods: ALL_PODS }] }) },
    {
      says: 'pods without namespaceSelector as peers',
      spec: ingress({ from: [{ pods: { podSelector: {} } }] }),
    },
    { says: 'networks as sources', spec: ingress({ from: [{ networks: ['10.0.0.0/8'] }] }) },
    { says: 'networks', spec: network('10.0.0.0/8', '2001:db8::/32') },
    { says: 'no network', spec: network() },
    { says: 'an address', spec: network('10.0.0.1') },
    { says: 'a network with host bits', spec: network('10.0.0.1/8') },
    { says: 'a network with leading zeros', spec: network('010.0.0.0/8') },
    { says: 'a network with a prefix that is too long', spec: network('10.0.0.0/33') },
    { says: 'a network mapped into IPv6', spec: network('::ffff:10.0.0.0/104') },
    { says: 'a network twice', spec: network('10.0.0.0/8', '10.0.0.0/8') },
    {
      says: '26 networks',
      spec: egress({ networks: Array.from({ length: 26 }, (_, i) => `10.${i}.0.0/16`) }),
    },
    { says: 'a name of 100 characters', spec: ingress({ name: 'n'.repeat(100) }) },
    { says: 'a name of 101 characters', spec: ingress({ name: 'n'.repeat(101) }) },
    { says: 'an empty name', spec: ingress({ name: '' }) },
    {
      says: 'as many rules as may be',
      spec: spec({ ingress: many(most, { action: allow, from }) }),
    },
    { says: 'one rule too many', spec: spec({ ingress: many(most + 1, { action: allow, from }) }) },
    { says: 'one peer too many', spec: ingress({ from: many(most + 1, { namespaces: {} }) }) },
    { says: 'an empty list of ports', spec: ingress({ [ports]: [] }) },
    { says: 'null as ports', spec: ingress({ [ports]: null }) },
    { says: 'an empty port', spec: ingress({ [ports]: [{}] }) },
    { says: 'labels', spec: selecting({ matchLabels: { a: 'b' } }) },
    { says: 'a label that is no text', spec: selecting({ matchLabels: { a: 1 } }) },
    {
      says: 'expressions',
      spec: selecting({ matchExpressions: [{ key: 'a', operator: 'Exists' }] }),
    },
    {
      says: 'an expression without operator',
      spec: selecting({ matchExpressions: [{ key: 'a' }] }),
    },
    {
      says: 'an operator that is not known',
      spec: selecting({ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }),
      differs: LATER,
    },
    {
      says: 'In without values',
      spec: selecting({ matchExpressions: [{ key: 'a', operator: 'In' }] }),
      differs: LATER,
    },
    {
      says: 'Exists with values',
      spec: selecting({ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }),
      differs: LATER,
    },
    {
      says: 'a label with a space',
      spec: selecting({ matchLabels: { a: 'b c' } }),
    },
    { says: 'nodes', spec: egress({ nodes: {} }), differs: STANDARD },
    { says: 'a spec that is a list', spec: [] },
    { says: 'a spec that is null', spec: null },
  ];
}

function portCases(
  { rank, allow, ports }: Words,
  entries: readonly (readonly [entry: Json, differs?: string])[],
): readonly ValidationCase[] {
  return entries.map(([entry, differs]) => ({
    says: `the port ${JSON.stringify(entry)}`,
    spec: {
      ...rank,
      subject: { namespaces: {} },
      egress: [{ action: allow, to: [{ namespaces: {} }], [ports]: [entry] }],
    },
    ...(differs === undefined ? {} : { differs }),
  }));
}

const NEW: Words = {
  rank: { tier: 'Admin', priority: 1 },
  allow: 'Accept',
  ports: 'protocols',
  most: 25,
};
const OLD: Words = { rank: { priority: 1 }, allow: 'Allow', ports: 'ports', most: 100 };
const BASELINE: Words = { ...OLD, rank: {} };

const ranks = (...all: readonly JsonObject[]): readonly ValidationCase[] =>
  all.map((rank) => ({
    says: `the rank ${JSON.stringify(rank)}`,
    spec: { ...rank, subject: { namespaces: {} } },
  }));

const OLD_PORTS = [
  [{ portNumber: { protocol: 'TCP', port: 80 } }],
  [{ portNumber: { port: 80 } }],
  [{ portNumber: { protocol: 'UDP' } }],
  [{ portNumber: { protocol: 'tcp', port: 80 } }, LATER],
  [{ portNumber: { protocol: 'TCP', port: 0 } }],
  [{ portNumber: { protocol: 'TCP', port: 65536 } }],
  [{ portNumber: { protocol: 'TCP', port: '80' } }],
  [{ portNumber: null }],
  [{ portRange: { protocol: 'SCTP', start: 80, end: 90 } }],
  [{ portRange: { start: 80, end: 80 } }],
  [{ portRange: { start: 90, end: 80 } }],
  [{ portRange: { start: 80 } }],
  [{ namedPort: 'http' }, STANDARD],
  [{ namedPort: '' }],
  [{ namedPort: 80 }],
  [{ namedPort: 'http', portNumber: { port: 80 } }],
  [{ port: 80 }],
] as const;

const NEW_PORTS = [
  [{ tcp: { destinationPort: { number: 80 } } }],
  [{ udp: { destinationPort: { range: { start: 80, end: 90 } } } }],
  [{ sctp: { destinationPort: { range: { start: 80, end: 80 } } } }],
  [{ sctp: { destinationPort: { range: { start: 90, end: 80 } } } }],
  [{ sctp: { destinationPort: { range: { start: 90 } } } }],
  [{ tcp: { destinationPort: { number: 80, range: { start: 80, end: 90 } } } }],
  [{ tcp: { destinationPort: { number: 0 } } }],
  [{ tcp: { destinationPort: { number: 65536 } } }],
  [{ tcp: { destinationPort: { number: '80' } } }],
  [{ tcp: { destinationPort: { number: 80.5 } } }],
  [{ tcp: { destinationPort: {} } }],
  // AMB-5
  [{ tcp: {} }, 'the words of the definition say all ports, its schema refuses it: all ports here'],
  [{ tcp: null }],
  [{ tcp: { destinationPort: { number: 80 } }, udp: { destinationPort: { number: 80 } } }],
  [{ icmp: {} }],
  [{ destinationNamedPort: 'http' }],
  [{ destinationNamedPort: '' }, LATER],
  [{ destinationNamedPort: 80 }],
] as const;

export const VALIDATION_CASES: Readonly<Record<string, readonly ValidationCase[]>> = {
  'networkpolicies.networking.k8s.io': NETWORK_POLICY_CASES,
  'clusternetworkpolicies.policy.networking.k8s.io': [
    ...adminCases(NEW),
    ...portCases(NEW, NEW_PORTS),
    ...ranks(
      { tier: 'Admin', priority: 0 },
      { tier: 'Baseline', priority: 1000 },
      { tier: 'Admin', priority: 1001 },
      { tier: 'Admin', priority: -1 },
      { tier: 'Admin', priority: 1.5 },
      { tier: 'Admin', priority: '1' },
      { tier: 'Admin' },
      { tier: 'admin', priority: 1 },
      { priority: 1 },
    ),
  ],
  'adminnetworkpolicies.policy.networking.k8s.io': [
    ...adminCases(OLD),
    ...portCases(OLD, OLD_PORTS),
    ...ranks({ priority: 0 }, { priority: 1000 }, { priority: 1001 }, { priority: -1 }, {}),
    ...ranks({ priority: 1, tier: 'Admin' }),
  ],
  'baselineadminnetworkpolicies.policy.networking.k8s.io': [
    ...adminCases(BASELINE),
    ...portCases(BASELINE, OLD_PORTS),
    ...ranks({ priority: 1 }),
    { says: 'another name', spec: { subject: { namespaces: {} } }, name: 'other' },
  ],
  'ciliumnetworkpolicies.cilium.io': CILIUM_CASES,
  'ciliumclusterwidenetworkpolicies.cilium.io': CILIUM_CASES,
  'networkpolicies.projectcalico.org': CALICO_CASES.namespaced,
  'networkpolicies.crd.projectcalico.org': CALICO_CASES.namespaced,
  'globalnetworkpolicies.projectcalico.org': CALICO_CASES.global,
  'globalnetworkpolicies.crd.projectcalico.org': CALICO_CASES.global,
};
