import { describe, expect, test } from 'vitest';
import { readManifest } from '#lib/manifests/yaml-documents.ts';
import { formatPath } from '#lib/model/problem.ts';
import { onlyPolicy } from '#lib/testing/only-policy.ts';
import { networkPolicy } from './network-policy.ts';

/** Policies that an API server refuses: where, and what a person is told. */

function compileSpec(spec: string, metadata = '{name: a, namespace: shop}') {
  const { objects } = readManifest(
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: ${metadata}\nspec: ${spec}\n`,
    'policy.yaml',
  );
  return onlyPolicy(networkPolicy.compile(objects[0]?.body));
}

function problemOf(spec: string) {
  const { problems } = compileSpec(spec);
  return problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

const A_PORT = 'spec.ingress[0].ports[0].port: ';
const NOT_A_PORT = 'a port is a whole number from 1 to 65535, or the name of one';
const NAME_FORM =
  'a port name has at most 15 of a-z, 0-9 and -, with at least one letter, and no - at its ends';

test.each([
  ['0', 'a port is 1 to 65535'],
  ['-1', 'a port is 1 to 65535'],
  ['65536', 'a port is 1 to 65535'],
  ['80.5', NOT_A_PORT],
  ['.inf', NOT_A_PORT],
  ['true', NOT_A_PORT],
  ['"80"', '"80" in quotes is a port name, and a name needs a letter: write 80 without quotes'],
  ['a-name-too-long-', NAME_FORM],
  ['sixteen-letters-', NAME_FORM],
  ['abcdefghijklmnop', NAME_FORM],
  ['Http', NAME_FORM],
  ['ht--tp', NAME_FORM],
  ['-http', NAME_FORM],
  ['http-', NAME_FORM],
  ['8-0', NAME_FORM],
  ['""', NAME_FORM],
])('NP-43 port: %s', (port, message) => {
  expect(problemOf(`{ingress: [{ports: [{port: ${port}}]}]}`)).toEqual([A_PORT + message]);
});

test('NP-43 port: 99999999999999999999', () => {
  const problems = problemOf('{ingress: [{ports: [{port: 99999999999999999999}]}]}');
  expect(problems).toContain(`${A_PORT}a port is 1 to 65535`);
});

test.each([['1'], ['65535'], ['abcdefghijklmno'], ['h'], ['8a'], ['a-1-b']])(
  'NP-43 port: %s is accepted',
  (port) => {
    expect(problemOf(`{ingress: [{ports: [{port: ${port}}]}]}`)).toEqual([]);
  },
);

test.each([['tcp'], ['ANY'], ['ICMP'], ['""'], ['6']])('NP-44 protocol: %s', (protocol) => {
  expect(problemOf(`{ingress: [{ports: [{protocol: ${protocol}}]}]}`)).toEqual([
    'spec.ingress[0].ports[0].protocol: protocol is TCP, UDP or SCTP, in capitals',
  ]);
});

test.each([
  ['{port: 80, endPort: 79}', 'endPort 79 is below port 80'],
  ['{port: http, endPort: 90}', 'endPort needs a numeric port'],
  ['{endPort: 90}', 'endPort needs a numeric port'],
  ['{port: 80, endPort: 65536}', 'a port is 1 to 65535'],
  ['{port: 80, endPort: "90"}', 'expected a port number'],
])('NP-18 the entry %s', (entry, message) => {
  expect(problemOf(`{egress: [{ports: [${entry}]}]}`)).toEqual([
    `spec.egress[0].ports[0].endPort: ${message}`,
  ]);
});

describe('unknown fields', () => {
  test.each([
    ['{podSelectr: {}}', 'spec: unknown field "podSelectr"'],
    ['{ingress: [{form: []}]}', 'spec.ingress[0]: unknown field "form"'],
    ['{ingress: [{to: []}]}', 'spec.ingress[0]: unknown field "to"'],
    ['{ingress: [{ports: [{prot: TCP}]}]}', 'spec.ingress[0].ports[0]: unknown field "prot"'],
    ['{podSelector: {matchLabel: {}}}', 'spec.podSelector: unknown field "matchLabel"'],
    [
      '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, excepts: []}}]}]}',
      'spec.egress[0].to[0].ipBlock: unknown field "excepts"',
    ],
  ])('%s', (spec, problem) => {
    expect(problemOf(spec)).toEqual([problem]);
  });
});

test.each([
  ['{policyTypes: [Ingress, Egress, Ingress]}', 'spec.policyTypes: at most two entries'],
  [
    '{policyTypes: [ingress]}',
    'spec.policyTypes[0]: Invalid option: expected one of "Ingress"|"Egress"',
  ],
  [
    '{podSelector: {matchExpressions: [{key: a, operator: In, values: []}]}}',
    'spec.podSelector.matchExpressions[0].values: In needs at least one value',
  ],
  [
    '{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}',
    'spec.podSelector.matchExpressions[0].values: Exists takes no values',
  ],
  [
    '{ingress: [{from: [{podSelector: {matchLabels: {app: no}}}]}]}',
    'spec.ingress[0].from[0].podSelector.matchLabels.app: expected text, got false: quote it',
  ],
])('the spec %s', (spec, problem) => {
  expect(problemOf(spec)).toEqual([problem]);
});

function blockProblem(block: string): readonly string[] {
  return problemOf(`{ingress: [{from: [{ipBlock: ${block}}]}]}`);
}
const A_BLOCK = 'spec.ingress[0].from[0].ipBlock';

test.each([
  ['010.0.0.0/8'],
  ['10.0.0.0/33'],
  ['::/129'],
  ['fe80::1%eth0/64'],
  ['1.2.3.4'],
  ['0/0'],
  ['::ffff:10.0.0.0/104'],
  ['10.0.0.0/08'],
  ['10.0.0.0/'],
  [''],
])('NP-31 cidr: "%s"', (cidr) => {
  expect(blockProblem(`{cidr: "${cidr}"}`)).toEqual([
    `${A_BLOCK}.cidr: "${cidr}" is not a CIDR such as 10.0.0.0/8`,
  ]);
});

test.each([
  ['10.0.0.0/24', '10.0.1.0/25'],
  ['10.0.0.0/24', '10.0.0.0/24'],
  ['10.0.0.0/24', '10.0.0.9/24'],
  ['10.0.0.0/24', '10.0.0.0/8'],
  ['10.0.0.0/24', 'fd00::/64'],
])('NP-31 cidr: %s, except: %s', (cidr, except) => {
  expect(blockProblem(`{cidr: ${cidr}, except: ["${except}"]}`)).toEqual([
    `${A_BLOCK}.except[0]: ${except} does not lie strictly inside ${cidr}`,
  ]);
});

test.each([
  [
    '{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}',
    'spec.ingress[0].from[0].ipBlock: ipBlock stands alone, without podSelector and namespaceSelector',
  ],
  [
    '{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}',
    'spec.ingress[0].from[0].ipBlock: ipBlock stands alone, without podSelector and namespaceSelector',
  ],
  ['{}', 'spec.ingress[0].from[0]: must specify a peer: podSelector, namespaceSelector or ipBlock'],
])('NP-29 the peer %s', (peer, problem) => {
  expect(problemOf(`{ingress: [{from: [${peer}]}]}`)).toEqual([problem]);
});

describe('names', () => {
  const LONG = 'a'.repeat(64);
  test.each([
    ['{name: a, namespace: Constructor}', 'metadata.namespace'],
    ['{name: a, namespace: a..b}', 'metadata.namespace'],
    [`{name: a, namespace: ${LONG}}`, 'metadata.namespace'],
    ['{name: a, namespace: kube system}', 'metadata.namespace'],
    ['{name: a, namespace: -a}', 'metadata.namespace'],
    ['{name: a, namespace: "bücher"}', 'metadata.namespace'],
    ['{name: A, namespace: shop}', 'metadata.name'],
    ['{name: a..b, namespace: shop}', 'metadata.name'],
    ['{name: a_b, namespace: shop}', 'metadata.name'],
    [`{name: ${LONG.repeat(4)}, namespace: shop}`, 'metadata.name'],
  ])('%s', (metadata, field) => {
    const { policy, problems } = compileSpec('{}', metadata);
    expect(problems.map(({ path }) => formatPath(path))).toEqual([field]);
    expect(problems[0]?.message).toContain('a-z, 0-9');
    expect(problems[0]?.severity).toBe('warning');
    // A name decides nothing: the policy is evaluated all the same.
    expect(policy.isolation.ingress.isolates).toBe('yes');
  });

  test.each([
    ['{name: a.b-c.1, namespace: constructor}'],
    [`{name: ${LONG}, namespace: ${LONG.slice(1)}}`],
    ['{name: "0", namespace: shop}'],
  ])('%s is accepted', (metadata) => {
    expect(compileSpec('{}', metadata).problems).toEqual([]);
  });

  test('a long name that nearly fits is refused at once', () => {
    const started = performance.now();
    compileSpec('{}', `{name: "${'a'.repeat(200_000)}!", namespace: "${'a-'.repeat(100_000)}!"}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('what becomes of a policy that is refused', () => {
  test('both directions of the pods it selects are in doubt, and no rule is in force', () => {
    const { policy, problems } = compileSpec(
      '{podSelector: {matchLabels: {app: db}}, ingress: [{}, {ports: [{port: 0}]}]}',
    );
    const doubt = { isolates: 'unknown', message: 'a port is 1 to 65535' };
    expect(policy).toMatchObject({
      subject: { match: { pods: [{ key: 'app', operator: 'In', values: ['db'] }] } },
      isolation: { ingress: doubt, egress: doubt },
      rules: { ingress: [], egress: [] },
    });
    expect(problems).toMatchObject([{ code: 'policy-invalid', severity: 'error' }]);
  });

  test.each([['{podSelector: {matchLabels: []}}'], ['{podSelector: 5}'], ['[]'], ['5']])(
    'with a broken selector every pod of the namespace: %s',
    (spec) => {
      const { policy, problems } = compileSpec(spec);
      expect(policy.subject).toEqual({
        kind: 'pods',
        match: { kind: 'labelled', namespaces: { kind: 'named', name: 'shop' }, pods: [] },
      });
      expect(policy.isolation.ingress.isolates).toBe('unknown');
      expect(problems.length).toBeGreaterThan(0);
    },
  );

  test('every fault is named', () => {
    expect(
      problemOf('{ingress: [{ports: [{port: 0}, {protocol: tcp}]}], policyTypes: [x]}'),
    ).toHaveLength(3);
  });
});
