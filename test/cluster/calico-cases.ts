import type { Json, JsonObject } from '#lib/model/json.ts';
import { named, type ValidationCase } from './validation-case.ts';

/** Calico's policies at the edge of what their definitions take (CAL-2 … CAL-36). */

/** Refused here, a policy that is in force would be taken for one that says nothing certain. */
const OLDER = {
  types:
    'CAL-9, CAL-10: older definitions say that empty is absent; what they stored is in force, and finding PIT-DIR-15 is about it',
  repeated:
    'CAL-27, CAL-30: older definitions let a list say a thing twice; what they stored is in force, and means it once',
};
const LATER = 'the definition lets it through; Calico refuses it when it reads the policy';

const spec = (fields: Json): JsonObject => ({ selector: 'all()', ...(fields as JsonObject) });
const rule = (fields: Json) => spec({ ingress: [{ action: 'Allow', ...(fields as JsonObject) }] });
const source = (fields: Json) => rule({ source: fields });
const towards = (fields: Json) =>
  spec({ egress: [{ action: 'Allow', protocol: 'TCP', destination: fields }] });

const SHARED: readonly ValidationCase[] = [
  ...named(
    'the spec',
    [
      {},
      { selector: '' },
      { selector: 'all()' },
      { selector: "app == 'web' && !has(legacy)" },
      { selector: "app in {'a', 'b'} || app not in {}" },
      { order: null },
      { order: 0 },
      { order: -1.5 },
      { order: '1' },
      { tier: 'default' },
      { tier: 1 },
      { types: ['Ingress'] },
      { types: ['Ingress', 'Egress'] },
      { types: ['Ingress', 'Ingress'] },
      { types: ['ingress'] },
      { types: 'Ingress' },
      { types: null },
      { ingress: [], egress: [] },
      { ingress: null },
      { ingress: {} },
      { rules: [] },
      { serviceAccountSelector: "a == 'b'" },
    ],
    (fields) => fields,
  ),
  ...named(
    'the selector',
    ['app = 1', 'app == web', 'has()', "app in ['a']", 'all() &&'],
    (selector) => ({ selector }),
    LATER,
  ),
  ...named(
    'the rule',
    [
      { action: 'Deny' },
      { action: 'Pass' },
      { action: 'Log' },
      { action: 'allow' },
      { action: 'Reject' },
      { action: null },
      { protocol: 'TCP' },
      { protocol: 'ICMP' },
      { protocol: 'UDPLite' },
      { protocol: 6 },
      { protocol: 255 },
      { notProtocol: 'SCTP' },
      { protocol: {} },
      { ipVersion: 4 },
      { ipVersion: 6 },
      { ipVersion: 5 },
      { ipVersion: '4' },
      { protocol: 'ICMP', icmp: { type: 8 } },
      { protocol: 'ICMP', icmp: { type: 8, code: 0 } },
      { protocol: 'ICMP', icmp: { code: 0 } },
      { protocol: 'ICMP', icmp: { type: 255 } },
      { protocol: 'ICMPv6', notICMP: { type: 128 } },
      { http: { methods: ['GET'] } },
      { protocol: 'UDP', http: { methods: ['GET'] } },
      { action: 'Deny', http: { methods: ['GET'] } },
      { http: { paths: [{ exact: '/' }] } },
      { metadata: { annotations: { a: 'b' } } },
      { from: [] },
    ],
    rule,
  ),
  ...named(
    'the source',
    [
      {},
      null,
      { selector: "app == 'web'" },
      { notSelector: 'has(app)' },
      { namespaceSelector: 'all()' },
      { namespaceSelector: 'global()' },
      { nets: ['10.0.0.0/8', '10.0.0.1', '2001:db8::/32'] },
      { nets: [] },
      { nets: '10.0.0.0/8' },
      { notNets: ['10.0.0.0/8'] },
      { serviceAccounts: { names: ['a'] } },
      { serviceAccounts: { selector: 'has(a)' } },
      { services: { name: 'api' } },
      { ipBlock: {} },
    ],
    source,
  ),
  ...named(
    'the source',
    [{ selector: 'app = 1' }, { selector: 'global()' }, { nets: ['10.0.0.0/33'] }],
    source,
    LATER,
  ),
  ...named('the spec', [{ types: [] }], spec, OLDER.types),
  ...named(
    'the source',
    [{ nets: ['10.0.0.0/8', '10.0.0.0/8'] }, { serviceAccounts: { names: ['a', 'a'] } }],
    source,
    OLDER.repeated,
  ),
  ...named(
    'the source',
    [
      { services: { name: 'api' }, selector: 'all()' },
      { services: { name: 'api' }, nets: ['10.0.0.0/8'] },
    ],
    source,
    LATER,
  ),
  ...named(
    'the rule',
    [
      { protocol: 'TCP', icmp: { type: 8 } },
      { ipVersion: 6, protocol: 'ICMP' },
    ],
    rule,
    LATER,
  ),
  ...named(
    'the destination',
    [
      { ports: [80, '8080', '8000:8100', 'http', '-80'] },
      { ports: [] },
      { ports: 80 },
      { ports: [80.5] },
      { ports: [null] },
      { notPorts: [80] },
      { services: { name: 'api', namespace: 'shop' } },
      { services: { name: 'api' }, ports: [80] },
      { services: { name: 'api' }, notPorts: [80] },
    ],
    towards,
  ),
  ...named(
    'the destination',
    [{ ports: ['90:80'] }, { ports: [65536] }, { ports: [-1] }, { domains: ['a.example'] }],
    towards,
    LATER,
  ),
];

/** Of both groups. */
export const CALICO_CASES = {
  namespaced: SHARED,
  global: [
    ...SHARED,
    ...named(
      'the spec',
      [
        { namespaceSelector: "a == 'b'" },
        { applyOnForward: true },
        { preDNAT: true, applyOnForward: true, ingress: [] },
        { doNotTrack: true, applyOnForward: true },
        { doNotTrack: true, preDNAT: true, applyOnForward: true },
        { preDNAT: true, applyOnForward: true, egress: [{ action: 'Allow' }] },
        { preDNAT: true, applyOnForward: true, types: ['Egress'] },
        { preDNAT: true, applyOnForward: false },
        { preDNAT: true },
        { doNotTrack: true },
      ],
      spec,
    ),
  ],
} as const;
