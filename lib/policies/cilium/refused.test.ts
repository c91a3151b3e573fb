import { describe, expect, test } from 'vitest';
import { readManifest } from '#lib/manifests/yaml-documents.ts';
import { formatPath } from '#lib/model/problem.ts';
import type { Compilation } from '#lib/policies/policy-kind.ts';
import { ciliumScenario } from '#lib/testing/cilium-scenario.ts';
import { ciliumClusterwideNetworkPolicy, ciliumNetworkPolicy } from './cilium-network-policy.ts';

/** Policies that Cilium does not load, or may not: where, what a person is told, and what becomes of them. */

function compile(rest: string, kind = ciliumNetworkPolicy): Compilation {
  const { objects } = readManifest(
    `apiVersion: cilium.io/v2\nkind: ${kind.resource.kind}\nmetadata: {name: a, namespace: shop}\n${rest}\n`,
    'policy.yaml',
  );
  return kind.compile(objects[0]?.body);
}

function problemsOf({ problems }: Compilation) {
  return problems.map(({ code, path, message }) => `${code} ${formatPath(path)}: ${message}`);
}

function ofSpec(spec: string, kind = ciliumNetworkPolicy) {
  return problemsOf(compile(`spec: ${spec}`, kind));
}

const ALL = 'endpointSelector: {}';
const NEEDS_ONE = 'one of endpointSelector and nodeSelector is needed';
const NEEDS_ENTRY = 'an entry is needed in ingress, ingressDeny, egress or egressDeny';
const BOTH = 'endpointSelector: {}, nodeSelector: {}';
const TCP = 'ports: [{port: "80", protocol: TCP}]';

describe('what agents do not load', () => {
  test.each([
    ['CIL-1', '', 'policy-not-loaded : spec or specs is needed'],
    ['CIL-2', 'spec: {ingress: [{}]}', `policy-not-loaded spec: ${NEEDS_ONE}`],
    [
      'CIL-2',
      'spec: {nodeSelector: {}, ingress: [{}]}',
      'policy-not-loaded spec.nodeSelector: nodeSelector is for CiliumClusterwideNetworkPolicy only',
    ],
    ['CIL-3', `spec: {${ALL}}`, `policy-not-loaded spec: ${NEEDS_ENTRY}`],
    ['CIL-3', `spec: {${ALL}, ingress: []}`, `policy-not-loaded spec: ${NEEDS_ENTRY}`],
    [
      'CIL-3',
      `specs: [{${ALL}, ingress: [{}]}, {${ALL}}]`,
      `policy-not-loaded specs[1]: ${NEEDS_ENTRY}`,
    ],
    [
      'CIL-50',
      `spec: {${ALL}, ingress: [{}]}\nstatus: {conditions: [{type: Valid, status: "False", message: port is bad}]}`,
      'policy-not-loaded status.conditions: Cilium has not loaded it: port is bad',
    ],
  ])('%s %s', (_, written, problem) => {
    expect(problemsOf(compile(written))).toEqual([problem]);
  });

  test('CIL-2 both selectors', () => {
    expect(ofSpec(`{${BOTH}, ingress: [{}]}`, ciliumClusterwideNetworkPolicy)).toEqual([
      `policy-not-loaded spec: ${NEEDS_ONE}`,
    ]);
  });

  test.each([
    [
      'CIL-19',
      '{fromEndpoints: [{}], fromEntities: [world]}',
      ': combining fromEndpoints and fromEntities is not supported: write an entry for each',
    ],
    [
      'CIL-39',
      '{icmps: [{fields: [{type: 8}]}], toPorts: [{ports: [{port: "1"}]}]}',
      '.icmps: icmps and toPorts go in entries of their own',
    ],
    ['CIL-39', `{icmps: [{fields: [${'{type: 8},'.repeat(41)}]}]}`, '.icmps[0]: at most 40 types'],
    [
      'CIL-29',
      '{fromCIDRSet: [{cidr: 10.0.0.0/8, cidrGroupRef: a}]}',
      '.fromCIDRSet[0]: one of cidr, cidrGroupRef and cidrGroupSelector is needed',
    ],
    [
      'CIL-29',
      '{fromCIDRSet: [{except: [10.0.0.0/8]}]}',
      '.fromCIDRSet[0]: one of cidr, cidrGroupRef and cidrGroupSelector is needed',
    ],
    [
      'CIL-28',
      '{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}]}',
      '.fromCIDRSet[0]: 11.0.0.0/16 does not lie inside 10.0.0.0/8',
    ],
    [
      'CIL-28',
      '{fromCIDRSet: [{cidr: 0.0.0.0/0, except: ["fd00::/8"]}]}',
      '.fromCIDRSet[0]: fd00::/8 does not lie inside 0.0.0.0/0',
    ],
  ])('%s the entry %s', (_, entry, problem) => {
    expect(ofSpec(`{${ALL}, ingress: [${entry}]}`)).toEqual([
      `policy-not-loaded spec.ingress[0]${problem}`,
    ]);
  });

  test.each([
    ['{}', '.port: a port is needed; "0" is every port'],
    ['{port: ""}', '.port: a port is needed; "0" is every port'],
    ['{port: "70000"}', '.port: "70000" is neither a port nor the name of one'],
    ['{port: "-1"}', '.port: "-1" is neither a port nor the name of one'],
    ['{port: a--b}', '.port: "a--b" is neither a port nor the name of one'],
    ['{port: sixteen-letters-}', '.port: "sixteen-letters-" is neither a port nor the name of one'],
    ['{port: "1", protocol: GRE}', '.port: GRE has no ports: leave it out or write "0"'],
  ])('CIL-38 the port %s', (port, problem) => {
    expect(ofSpec(`{${ALL}, ingress: [{toPorts: [{ports: [${port}]}]}]}`)).toEqual([
      `policy-not-loaded spec.ingress[0].toPorts[0].ports[0]${problem}`,
    ]);
  });

  test('CIL-38 more than forty ports', () => {
    const ports = '{port: "1"},'.repeat(41);
    expect(ofSpec(`{${ALL}, ingress: [{toPorts: [{ports: [${ports}]}]}]}`)).toEqual([
      'policy-not-loaded spec.ingress[0].toPorts[0].ports: at most 40 ports',
    ]);
  });

  test.each([
    [
      'CIL-40',
      'egress',
      `${TCP}, rules: {http: [{}], dns: [{matchName: a}]}`,
      'rules are for one protocol only',
    ],
    [
      'CIL-40',
      'egress',
      'ports: [{port: "80"}], rules: {http: [{}]}',
      'rules need protocol: TCP on each port',
    ],
    [
      'CIL-40',
      'egress',
      'ports: [{port: "0", protocol: TCP}], rules: {http: [{}]}',
      'rules need a port other than "0"',
    ],
    ['CIL-40', 'egress', 'rules: {dns: [{matchName: a}]}', 'dns rules need a port'],
    [
      'CIL-40',
      'egress',
      'ports: [{port: "53", endPort: 54}], rules: {dns: [{matchName: a}]}',
      'dns rules take no range of ports',
    ],
    ['CIL-40', 'egress', `${TCP}, rules: {l7: [{}]}`, 'l7 needs an l7proto'],
    [
      'CIL-40',
      'ingress',
      'ports: [{port: "53"}], rules: {dns: [{matchName: a}]}',
      'dns rules are for egress only',
    ],
    [
      'CIL-43',
      'egress',
      `${TCP}, rules: {http: [{}]}, serverNames: [a]`,
      'serverNames go with rules only where TLS is terminated',
    ],
    [
      'CIL-43',
      'ingress',
      `${TCP}, listener: {name: a, envoyConfig: {name: b}}`,
      'a listener is for egress only',
    ],
    [
      'CIL-43',
      'egress',
      `${TCP}, rules: {http: [{}]}, listener: {name: a, envoyConfig: {name: b}}`,
      'a listener goes without rules',
    ],
  ])('%s toPorts of %s: %s', (_, direction, entry, message) => {
    expect(ofSpec(`{${ALL}, ${direction}: [{toPorts: [{${entry}}]}]}`)).toEqual([
      `policy-not-loaded spec.${direction}[0].toPorts[0]: ${message}`,
    ]);
  });

  test.each([
    [`ingress: [{toPorts: [{${TCP}, rules: {http: [{}]}}]}]`, 1],
    [`egress: [{toPorts: [{${TCP}, rules: {http: [{}]}}]}]`, 1],
    ['egress: [{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchName: a}]}}]}]', 0],
  ])('CIL-45 of nodes: %s', (entries, count) => {
    expect(ofSpec(`{nodeSelector: {}, ${entries}}`, ciliumClusterwideNetworkPolicy)).toHaveLength(
      count,
    );
  });

  test('what Cilium calls valid is not taken for refused', () => {
    const written = `spec: {${ALL}, ingress: [{fromEndpoints: [{}], fromEntities: [world]}]}\nstatus: {conditions: [{type: Valid, status: "True"}]}`;
    const { policies, problems } = compile(written);
    expect(problems).toMatchObject([{ code: 'policy-invalid' }]);
    expect(policies).toMatchObject([{ isolation: { ingress: { isolates: 'unknown' } } }]);
  });
});

describe('what is not well formed', () => {
  test.each([
    ['5', 'spec: Invalid input: expected object, received number'],
    [`{${ALL}, ingress: [{}], ingres: [{}]}`, 'spec: unknown field "ingres"'],
    [
      `{${ALL}, ingress: [{toPorts: [{ports: [{port: 80}]}]}]}`,
      'spec.ingress[0].toPorts[0].ports[0].port: a port is text: write it in quotes',
    ],
    [
      `{${ALL}, ingress: [{toPorts: [{ports: [{port: "80", protocol: tcp}]}]}]}`,
      'spec.ingress[0].toPorts[0].ports[0].protocol: protocol is TCP, UDP, SCTP or ANY, in capitals, or one of the protocols without ports',
    ],
    [
      `{${ALL}, ingress: [{toPorts: [{ports: [{port: "80", endPort: 70}]}]}]}`,
      'spec.ingress[0].toPorts[0].ports[0].endPort: endPort 70 is below port 80',
    ],
    [
      `{${ALL}, ingress: [{toPorts: [{ports: [{port: http, endPort: 70}]}]}]}`,
      'spec.ingress[0].toPorts[0].ports[0].endPort: endPort needs a port in digits',
    ],
    [
      `{${ALL}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.1}]}]}`,
      'spec.ingress[0].fromCIDRSet[0].cidr: "10.0.0.1" is not a CIDR such as 10.0.0.0/8',
    ],
    [
      `{${ALL}, egress: [{toFQDNs: [{matchName: a, matchPattern: b}]}]}`,
      'spec.egress[0].toFQDNs[0]: a domain name is either matchName or matchPattern',
    ],
    [
      `{${ALL}, ingress: [{fromEndpoints: [{matchLabels: {app: no}}]}]}`,
      'spec.ingress[0].fromEndpoints[0].matchLabels.app: expected text, got false: quote it',
    ],
    // CIL-17: denied is a whole connection, whatever is said in it.
    [
      `{${ALL}, ingressDeny: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{}]}}]}]}`,
      'spec.ingressDeny[0].toPorts[0]: unknown field "rules"',
    ],
    // CIL-37
    [
      `{${ALL}, ingress: [{fromRequires: [{}]}]}`,
      'spec.ingress[0].fromRequires: fromRequires is refused from Cilium 1.19 on, and narrows other policies before',
    ],
    [
      `{${ALL}, egress: [{toNodes: [{}]}]}`,
      'spec.egress[0].toNodes: toNodes is refused unless agents run with enable-node-selector-labels',
    ],
    [
      `{${ALL}, ingress: [{toPorts: [{ports: [{port: "010"}]}]}]}`,
      'spec.ingress[0].toPorts[0].ports[0].port: "010" is an octal number to Cilium: write it without the zero',
    ],
    [
      `{${ALL}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.0.0.0/4]}]}]}`,
      'spec.ingress[0].fromCIDRSet[0].except: older versions of Cilium let an exception be wider than its cidr',
    ],
  ])('%s leaves open what it touches', (spec, problem) => {
    expect(ofSpec(spec)).toEqual([`policy-invalid ${problem}`]);
  });

  const ENTITIES =
    'all, world, cluster, cluster-mesh, host, init, ingress, unmanaged, remote-node, health, none, kube-apiserver';
  test.each([
    [
      'CIL-24',
      'ingress: [{fromEndpoints: [{matchLabels: {app: b c}}]}]',
      'ingress[0].fromEndpoints[0].matchLabels.app: "b c" is not the value of a label',
    ],
    [
      'CIL-24',
      'egress: [{toEndpoints: [{matchLabels: {app: b-}}]}]',
      'egress[0].toEndpoints[0].matchLabels.app: "b-" is not the value of a label',
    ],
    [
      'CIL-28',
      'ingress: [{fromCIDR: [nowhere]}]',
      'ingress[0].fromCIDR[0]: "nowhere" is not a CIDR such as 10.0.0.0/8',
    ],
    [
      'CIL-28',
      'ingress: [{fromCIDR: [10.0.0.1]}]',
      'ingress[0].fromCIDR[0]: "10.0.0.1" is not a CIDR such as 10.0.0.0/8',
    ],
    [
      'CIL-28',
      'egressDeny: [{toCIDR: ["2001:db8::1"]}]',
      'egressDeny[0].toCIDR[0]: "2001:db8::1" is not a CIDR such as 10.0.0.0/8',
    ],
    [
      'CIL-29',
      'ingress: [{fromCIDRSet: [{cidrGroupRef: Office}]}]',
      'ingress[0].fromCIDRSet[0].cidrGroupRef: "Office" is not the name of a group of CIDRs',
    ],
    [
      'CIL-29',
      'ingress: [{fromCIDRSet: [{cidrGroupSelector: {matchLabels: {site: b c}}}]}]',
      'ingress[0].fromCIDRSet[0].cidrGroupSelector.matchLabels.site: "b c" is not the value of a label',
    ],
    [
      'CIL-30',
      'ingress: [{fromEntities: [World]}]',
      `ingress[0].fromEntities[0]: "World" is no entity: ${ENTITIES}`,
    ],
    [
      'CIL-30',
      'egress: [{toEntities: [all, world-ipv4]}]',
      `egress[0].toEntities[1]: "world-ipv4" is no entity: ${ENTITIES}`,
    ],
    [
      'CIL-36',
      'egress: [{toFQDNs: [{matchName: a b}]}]',
      'egress[0].toFQDNs[0].matchName: "a b" is not a domain name',
    ],
    [
      'CIL-36',
      'egress: [{toFQDNs: [{matchName: "*.example"}]}]',
      'egress[0].toFQDNs[0].matchName: "*.example" is not a domain name',
    ],
    [
      'CIL-36',
      'egress: [{toFQDNs: [{matchPattern: a..b}]}]',
      'egress[0].toFQDNs[0].matchPattern: "a..b" is not a domain name, nor a pattern of names',
    ],
    [
      'CIL-40',
      `egress: [{toPorts: [{${TCP}, rules: {}}]}]`,
      'egress[0].toPorts[0].rules: rules need http or dns',
    ],
    [
      'CIL-43',
      `egress: [{toPorts: [{${TCP}, serverNames: []}]}]`,
      'egress[0].toPorts[0].serverNames: serverNames need one name at least',
    ],
    [
      'CIL-43',
      `egress: [{toPorts: [{${TCP}, serverNames: [""]}]}]`,
      'egress[0].toPorts[0].serverNames[0]: "" is not a domain name, nor a pattern of names',
    ],
    [
      'CIL-43',
      `egress: [{toPorts: [{${TCP}, serverNames: [a, a]}]}]`,
      'egress[0].toPorts[0].serverNames: each name at most once',
    ],
    [
      'CIL-43',
      `egress: [{toPorts: [{${TCP}, listener: {name: a}}]}]`,
      'egress[0].toPorts[0].listener.envoyConfig: a listener needs an envoyConfig',
    ],
    [
      'CIL-43',
      `egress: [{toPorts: [{${TCP}, listener: {name: "", envoyConfig: {name: b}}}]}]`,
      'egress[0].toPorts[0].listener.name: a listener needs a name',
    ],
  ])('%s {%s} is refused by the definition', (_, entries, problem) => {
    expect(ofSpec(`{${ALL}, ${entries}}`)).toEqual([`policy-invalid spec.${problem}`]);
  });

  test.each([
    ['CIL-36', 'egress: [{toFQDNs: [{matchName: a_b.example.}, {matchPattern: "**.ex*mple"}]}]'],
    ['CIL-24', `ingress: [{fromEndpoints: [{matchLabels: {app: "", tier: ${'a'.repeat(63)}}}]}]`],
    ['CIL-29', 'ingress: [{fromCIDRSet: [{cidrGroupRef: site-1.office}]}]'],
  ])('%s {%s} is taken', (_, entries) => {
    expect(ofSpec(`{${ALL}, ${entries}}`)).toEqual([]);
  });

  test('CIL-36 a text that nearly is a name is looked through once', () => {
    const name = `${'a'.repeat(254)}!`;
    expect(ofSpec(`{${ALL}, egress: [{toFQDNs: [{matchName: "${name}"}]}]}`)).toEqual([
      `policy-invalid spec.egress[0].toFQDNs[0].matchName: "${name}" is not a domain name`,
    ]);
  });

  test('CIL-37 empty requirements ask for nothing', () => {
    expect(ofSpec(`{${ALL}, ingress: [{fromEndpoints: [{}], fromRequires: []}]}`)).toEqual([]);
  });

  test('specs that are no list', () => {
    expect(problemsOf(compile('specs: {}'))).toEqual([
      'policy-invalid specs: expected a list of rules',
    ]);
  });

  test('CIL-17, CIL-50 a field that is not known leaves its entry open', () => {
    expect(ofSpec(`{${ALL}, egressDeny: [{toFQDNs: [{matchName: a}]}]}`)).toEqual([
      'policy-field-unknown spec.egressDeny[0]: unknown field "toFQDNs"',
    ]);
    expect(ofSpec(`{${ALL}, ingressDeny: [{authentication: {mode: required}}]}`)).toEqual([
      'policy-field-unknown spec.ingressDeny[0]: unknown field "authentication"',
    ]);
  });
});

describe('what becomes of it', () => {
  const DB = 'endpointSelector: {matchLabels: {app: db}}';

  test.each([
    ['CIL-3', `${DB}\ningress: []`],
    [
      'CIL-19',
      `${DB}\ningress: [{fromEndpoints: [{matchLabels: {app: api}}], fromEntities: [world]}]`,
    ],
    ['CIL-2', 'nodeSelector: {}\ningress: [{}]'],
  ])('%s a policy that is not loaded isolates nobody: %s', (_, spec) => {
    const { verdict } = ciliumScenario({ 'shop/db': spec });
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('allowed');
  });

  test('CIL-50 nor does one that Cilium calls invalid', () => {
    const objects = (status: string) => `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: db, namespace: shop}
spec: {endpointSelector: {}, ingress: [{}]}
status: {conditions: [{type: Valid, status: "${status}"}]}`;
    const said = (status: string) =>
      ciliumScenario({}, { objects: objects(status) }).verdict('ops/prom', 'shop/web', 8080);
    expect(said('False')).toBe('allowed');
    expect(said('True')).toBe('blocked');
    expect(said('Unknown')).toBe('blocked');
  });

  test('CIL-1 with one rule that is refused none is loaded', () => {
    const objects = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: db, namespace: shop}
specs: [{${DB}, ingress: [{}]}, {${DB}}]`;
    const { verdict } = ciliumScenario({}, { objects });
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('allowed');
  });

  test('what is malformed leaves open what it selects, in the directions it has entries for', () => {
    const { verdict } = ciliumScenario({ 'shop/db': `${DB}\ningress: [{toPorts: 5}]` });
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('unknown');
    expect(verdict('shop/db', '203.0.113.5', 443)).toBe('allowed');
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('allowed');
  });

  test('a field that may be for either direction leaves both open', () => {
    const { verdict } = ciliumScenario({ 'shop/db': `${DB}\ningres: [{}]` });
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('unknown');
    expect(verdict('shop/db', '203.0.113.5', 443)).toBe('unknown');
  });

  test('with a broken selector every pod of the namespace', () => {
    const { verdict } = ciliumScenario({
      'shop/db': 'endpointSelector: {matchLabels: 5}\ningress: [{}]',
    });
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('unknown');
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('allowed');
  });

  test('CIL-24 so with a value in it that no label can have', () => {
    const { verdict } = ciliumScenario({
      'shop/db': 'endpointSelector: {matchLabels: {app: "db "}}\ningress: [{}]',
    });
    expect(verdict('ops/prom', 'shop/db', 5432)).toBe('unknown');
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('unknown');
    expect(verdict('shop/web', 'ops/prom', 80)).toBe('allowed');
  });

  test('CIL-37 what narrows other policies leaves those open as well', () => {
    const { verdict } = ciliumScenario({
      'shop/db': `${DB}\ningress: [{fromEndpoints: [{matchLabels: {app: web}}]}]`,
      'shop/needs': `${DB}\ningress: [{fromRequires: [{matchLabels: {env: prod}}]}]`,
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
  });

  test('CIL-17 an entry in doubt is about everybody, the others stand', () => {
    const { verdict } = ciliumScenario({
      'shop/web':
        'endpointSelector: {matchLabels: {app: web}}\negressDeny: [{toFQDNs: [{matchName: a}]}, {toEndpoints: [{matchLabels: {app: db}}]}]\negress: [{toEntities: [all]}]',
    });
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('unknown');
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
  });
});
