import { describe, expect, test } from 'vitest';
import { formatPath } from '#lib/model/problem.ts';
import { calicoCluster, calicoObject, gnp, storedObject } from '#lib/testing/calico-cluster.ts';

/** What an API server refuses, and where it says so; verdicts that it touches are unknown. */

const WEB = `selector: "app == 'web'"`;
const inRule = (fields: string) => `${WEB}, ingress: [{action: Allow, ${fields}}]`;

test.each([
  [
    `selector: "app = 'web'"`,
    'spec.selector',
    `expected an operator after the label app at character 5, found "= 'web'"`,
  ],
  [
    'selector: global()',
    'spec.selector',
    'global() belongs in the namespaceSelector of a source or a destination',
  ],
  [
    'namespaceSelector: "global() || has(a)"',
    'spec.namespaceSelector',
    'global() belongs in the namespaceSelector of a source or a destination',
  ],
  [`${WEB}, order: first`, 'spec.order', 'Invalid input: expected number, received string'],
  [`${WEB}, types: [Ingress, Ingress]`, 'spec.types', 'each type at most once'],
  [`${WEB}, types: [In]`, 'spec.types[0]', 'Invalid option: expected one of "Ingress"|"Egress"'],
  [`${WEB}, policyTypes: [Ingress]`, 'spec', 'unknown field "policyTypes"'],
  [
    `${WEB}, ingress: [{source: {}}]`,
    'spec.ingress[0].action',
    'Invalid option: expected one of "Allow"|"Deny"|"Log"|"Pass"',
  ],
  [
    `${WEB}, ingress: [{action: allow}]`,
    'spec.ingress[0].action',
    'Invalid option: expected one of "Allow"|"Deny"|"Log"|"Pass"',
  ],
  [
    inRule('source: {selector: "has(a"}'),
    'spec.ingress[0].source.selector',
    'expected ) at character 6, found the end',
  ],
  [
    inRule('source: {selector: "global()"}'),
    'spec.ingress[0].source.selector',
    'global() belongs in the namespaceSelector of a source or a destination',
  ],
  [
    inRule('source: {nets: [10.0.0.0/33]}'),
    'spec.ingress[0].source.nets[0]',
    '"10.0.0.0/33" is not a CIDR such as 10.0.0.0/8, nor an address',
  ],
  [
    inRule('destination: {ports: [80]}'),
    'spec.ingress[0].destination.ports',
    'ports need a protocol that has them: TCP, UDP or SCTP',
  ],
  [
    inRule('protocol: ICMP, source: {notPorts: [80]}'),
    'spec.ingress[0].source.notPorts',
    'ports need a protocol that has them: TCP, UDP or SCTP',
  ],
  [
    inRule('protocol: TCP, destination: {ports: [0]}'),
    'spec.ingress[0].destination.ports[0]',
    'a port is 1 to 65535',
  ],
  [
    inRule('protocol: TCP, destination: {ports: ["90:80"]}'),
    'spec.ingress[0].destination.ports[0]',
    '90:80 ends before it begins',
  ],
  [
    inRule('protocol: TCP, destination: {ports: ["80-90 "]}'),
    'spec.ingress[0].destination.ports[0]',
    '"80-90 " is not a port: a number, "first:last" or a name',
  ],
  [
    inRule('protocol: IPIP'),
    'spec.ingress[0].protocol',
    '"IPIP" is not a protocol: TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite, or 1 to 255',
  ],
  [
    inRule('protocol: 256'),
    'spec.ingress[0].protocol',
    '256 is not a protocol: TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite, or 1 to 255',
  ],
  [
    inRule('protocol: TCP, icmp: {type: 8}'),
    'spec.ingress[0].icmp',
    'icmp needs the protocol ICMP or ICMPv6',
  ],
  [
    inRule('protocol: ICMP, icmp: {code: 0}'),
    'spec.ingress[0].icmp',
    'a code of ICMP needs a type',
  ],
  [
    inRule('protocol: ICMPv6, ipVersion: 4'),
    'spec.ingress[0].ipVersion',
    'ICMPv6 is of IP version 6',
  ],
  [
    inRule('protocol: UDP, http: {methods: [GET]}'),
    'spec.ingress[0].http',
    'http goes with the protocol TCP',
  ],
  [
    `${WEB}, ingress: [{action: Deny, http: {methods: [GET]}}]`,
    'spec.ingress[0].http',
    'http goes with Allow only',
  ],
  [
    inRule('source: {services: {namespace: shop}}'),
    'spec.ingress[0].source.services.name',
    'services needs the name of one',
  ],
  [
    inRule('source: {services: {name: api}, nets: [10.0.0.0/8]}'),
    'spec.ingress[0].source.services',
    'services stands alone, without nets',
  ],
  [
    `${WEB}, egress: [{action: Allow, protocol: TCP, destination: {services: {name: a, namespace: b}, ports: [80]}}]`,
    'spec.egress[0].destination.services',
    'services stands alone, without ports',
  ],
  [
    `${WEB}, preDNAT: true`,
    'spec.applyOnForward',
    'preDNAT and doNotTrack need applyOnForward: true',
  ],
  [
    `${WEB}, preDNAT: true, applyOnForward: true, egress: [{action: Allow}]`,
    'spec.preDNAT',
    'preDNAT goes with ingress only',
  ],
  [
    `${WEB}, preDNAT: true, applyOnForward: true, doNotTrack: true`,
    'spec.preDNAT',
    'preDNAT and doNotTrack exclude each other',
  ],
])('CAL-31, CAL-32, CAL-36 {%s} at %s: %s', (spec, path, message) => {
  const { connectivity, verdict } = calicoCluster([gnp('bad', spec)]);
  const [problem] = connectivity.snapshot.problems;
  expect(problem).toMatchObject({
    code: 'policy-invalid',
    severity: 'error',
    object: { kind: 'GlobalNetworkPolicy', name: 'bad' },
  });
  expect([formatPath(problem?.path ?? []), problem?.message]).toEqual([path, message]);
  expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
});

describe('an invalid policy', () => {
  test('touches those that its selectors select, and no others', () => {
    const { verdict } = calicoCluster([
      gnp('bad', `${WEB}, namespaceSelector: all(), ingress: [{}]`),
    ]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    expect(verdict('ops/prom', 'shop/api', 80)).toBe('allowed');
  });

  test('leaves to the tiers before it what they decide', () => {
    const { verdict } = calicoCluster([
      calicoObject('Tier', 'sec', 'order: 1'),
      gnp('sec.deny', `tier: sec, ${WEB}, ingress: [{action: Deny}]`),
      gnp('bad', `${WEB}, ingress: [{}]`),
    ]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('blocked');
  });

  test('that is staged decides nothing', () => {
    const bad = calicoObject('StagedGlobalNetworkPolicy', 'bad', 'ingress: [{}]');
    const { verdict, connectivity } = calicoCluster([bad]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
    expect(connectivity.snapshot.problems).toMatchObject([{ code: 'policy-invalid' }]);
  });

  test('global fields of a namespaced policy are unknown ones', () => {
    const bad = calicoObject('NetworkPolicy', 'shop/bad', 'namespaceSelector: all()');
    const { connectivity, verdict } = calicoCluster([bad]);
    expect(connectivity.snapshot.problems).toMatchObject([
      { message: 'unknown field "namespaceSelector"' },
    ]);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('unknown');
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('unknown');
    expect(verdict('kube-system/coredns', 'ops/prom', 80)).toBe('allowed');
  });
});

describe('what older definitions stored is in force, though newer ones refuse it', () => {
  const OPEN = 'ingress: [{action: Allow}]';

  test('CAL-9 empty types are absent', () => {
    const { verdict, connectivity } = calicoCluster([
      gnp('old', `${WEB}, types: [], egress: [{action: Deny}]`),
    ]);
    expect(connectivity.snapshot.problems).toEqual([]);
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  });

  test('CAL-10 empty types past the API are both', () => {
    const { verdict, connectivity } = calicoCluster([
      storedObject('GlobalNetworkPolicy', 'default.old', `${WEB}, types: [], ${OPEN}`),
    ]);
    expect(connectivity.snapshot.problems).toEqual([]);
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('blocked');
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('allowed');
  });

  test.each([
    ['CAL-27', 'nets: [203.0.113.0/24, 203.0.113.0/24]', '203.0.113.5'],
    ['CAL-30', 'serviceAccounts: {names: [default, default]}', 'shop/api'],
  ])('%s {%s} means it once', (_, source, from) => {
    const { verdict, connectivity } = calicoCluster([gnp('old', inRule(`source: {${source}}`))]);
    expect(connectivity.snapshot.problems).toEqual([]);
    const all = ['203.0.113.5', 'shop/api'];
    expect(all.filter((end) => verdict(end, 'shop/web', 80) === 'allowed')).toEqual([from]);
  });
});

describe('a field of a rule that is not known', () => {
  const odd = (action: string, fields: string) =>
    calicoCluster([
      gnp('odd', `${WEB}, ingress: [{action: ${action}, ${fields}}, {action: Deny}]`),
    ]);

  test.each([
    ['Allow', 'newThing: {}', 'newThing', 'spec.ingress[0]'],
    ['Allow', 'source: {newThing: {}}', 'newThing', 'spec.ingress[0].source'],
    ['Pass', 'destination: {newThing: {}}', 'newThing', 'spec.ingress[0].destination'],
  ])('%s {%s} leaves open what the rule matches', (action, fields, field, path) => {
    const { verdict, causes, connectivity } = odd(action, fields);
    expect(verdict('ops/prom', 'shop/web', 80)).toBe('unknown');
    expect(causes('ops/prom', 'shop/web', 80)).toMatchObject([{ kind: 'not-understood' }]);
    expect(verdict('ops/prom', 'shop/api', 80)).toBe('allowed');
    const [problem] = connectivity.snapshot.problems;
    expect(problem).toMatchObject({
      code: 'policy-field-unknown',
      message: `unknown field "${field}"`,
    });
    expect(formatPath(problem?.path ?? [])).toBe(path);
  });
});

test('CAL-3 a tier that cannot be read is told', () => {
  const { connectivity } = calicoCluster([calicoObject('Tier', 'sec', 'order: first')]);
  expect(connectivity.snapshot.problems).toMatchObject([
    { code: 'object-invalid', path: ['spec', 'order'], object: { kind: 'Tier', name: 'sec' } },
  ]);
  expect(connectivity.snapshot.tiers).toEqual([]);
});
