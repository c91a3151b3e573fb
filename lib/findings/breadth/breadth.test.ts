import { describe, expect, test } from 'vitest';
import { findingsOf } from '#lib/testing/findings.ts';

/** Breadth and blocks of addresses (PIT-WIDE, PIT-IP): each mistake, and what nearly is one. */

const WEB = 'podSelector: {matchLabels: {app: web}}';
const DB = 'podSelector: {matchLabels: {app: db}}';
const from = (cidr: string, more = '') => `from: [{ipBlock: {cidr: ${cidr}${more}}}]`;
const into = (subject: string, rule: string) => `{${subject}, ingress: [{${rule}}]}`;
const out = (rule: string, subject = WEB) =>
  `{${subject}, policyTypes: [Egress], egress: [{${rule}}]}`;
const block = (cidr: string, more = '') => `to: [{ipBlock: {cidr: '${cidr}'${more}}}]`;

describe('wide rules', () => {
  test.each([
    ['web', into(WEB, ''), 'Anybody may connect to 1 pod on every port.'],
    [
      'web',
      into(WEB, 'from: [{namespaceSelector: {}}]'),
      'Every pod of every namespace may connect to 1 pod on every port.',
    ],
  ])('PIT-WIDE-1 %s %s', (name, spec, message) => {
    expect(findingsOf('PIT-WIDE-1', { [`shop/${name}`]: spec })).toMatchObject([
      { object: { name }, message },
    ]);
  });

  test.each([
    ['web', into(WEB, 'ports: [{port: 8080}]')],
    ['web', into(WEB, 'from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: prom}}}]')],
    ['web', out('')],
    ['allow-all', into(WEB, '')],
    ['nobody', into('podSelector: {matchLabels: {app: gone}}', '')],
  ])('PIT-WIDE-1 not for %s %s', (name, spec) => {
    expect(findingsOf('PIT-WIDE-1', { [`shop/${name}`]: spec })).toEqual([]);
  });

  test.each([
    [into(DB, `${from('0.0.0.0/0')}, ports: [{port: 5432}]`), 'error', '5432 is PostgreSQL'],
    [into(DB, from('0.0.0.0/0')), 'error', '5432 is PostgreSQL'],
    [into(WEB, `${from('0.0.0.0/0')}, ports: [{port: 9000}]`), 'warning', '1 pod on TCP 9000'],
    [into(WEB, `${from('0.0.0.0/0')}, ports: [{port: http}]`), 'info', '1 pod on TCP 8080'],
    [
      into(
        WEB,
        'from: [{ipBlock: {cidr: 128.0.0.0/1}}, {ipBlock: {cidr: 0.0.0.0/1}}], ports: [{port: 9000}]',
      ),
      'warning',
      '0.0.0.0/0, in parts',
    ],
  ])('PIT-WIDE-2 %s is an %s: %s', (spec, severity, message) => {
    expect(findingsOf('PIT-WIDE-2', { 'shop/p': spec })).toMatchObject([
      { severity, message: expect.stringContaining(message) },
    ]);
  });

  test.each([
    into(WEB, from('0.0.0.0/1')),
    into(WEB, `${from('203.0.113.0/24')}, ports: [{port: 22}]`),
    out(block('0.0.0.0/0')),
  ])('PIT-WIDE-2 not for %s', (spec) => {
    expect(findingsOf('PIT-WIDE-2', { 'shop/p': spec })).toEqual([]);
  });

  test('PIT-WIDE-3 the metadata service is in a block', () => {
    expect(findingsOf('PIT-WIDE-3', { 'shop/p': out(block('0.0.0.0/0')) })).toMatchObject([
      {
        path: ['spec', 'egress', 0, 'to', 0],
        message: expect.stringContaining('shop/web may fetch'),
        patch: 'ipBlock:\n  cidr: 0.0.0.0/0\n  except: [169.254.169.254/32]',
      },
    ]);
  });

  test.each([
    out(block('0.0.0.0/0', ', except: [169.254.169.254/32]')),
    out(`${block('0.0.0.0/0')}, ports: [{port: 443}]`),
    out(block('169.254.169.254/32')),
    out(block('10.0.0.0/8')),
  ])('PIT-WIDE-3 not for %s', (spec) => {
    expect(findingsOf('PIT-WIDE-3', { 'shop/p': spec })).toEqual([]);
  });

  const ENVIRONMENTS = (ops: string) => `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {env: prod}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ops, labels: {env: ${ops}}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: spare, labels: {env: test}}}
`;
  test.each([
    ['namespaceSelector: {}', 'dev', 1],
    ['namespaceSelector: {}', 'prod', 0],
    ['namespaceSelector: {}, podSelector: {matchLabels: {app: web}}', 'dev', 0],
    ['namespaceSelector: {matchLabels: {env: dev}}', 'dev', 0],
  ])('PIT-WIDE-4 the peer {%s}, ops being %s: %i', (peer, ops, count) => {
    const policies = { 'shop/p': into(WEB, `from: [{${peer}}]`) };
    const found = findingsOf('PIT-WIDE-4', policies, { objects: ENVIRONMENTS(ops) });
    expect(found).toHaveLength(count);
    for (const { message } of found)
      expect(message).toBe(
        'Its pods are of env=prod, and the peer means pods of env=dev too: ops/prom.',
      );
  });
});

describe('blocks', () => {
  test.each([
    ['10.0.0.0/16', 'kubernetes', 'warning', 'it permits all of them'],
    ['10.0.0.0/16', 'cilium', 'error', 'they are not permitted'],
    ['0.0.0.0/0', 'kubernetes', 'warning', 'the addresses of 5 pods'],
    ['192.168.0.0/24', 'cilium', 'error', '2 nodes (n1 and n2)'],
    ['10.0.0.0/16', 'antrea', 'warning', 'it permits all of them'],
    ['10.0.0.0/16', 'undetected', 'warning', 'differs from one network plugin'],
  ])('PIT-IP-1 %s with %s: %s', (cidr, cni, severity, message) => {
    expect(findingsOf('PIT-IP-1', { 'shop/p': out(block(cidr)) }, { cni })).toMatchObject([
      { severity, message: expect.stringContaining(message) },
    ]);
  });

  test.each([
    ['0.0.0.0/0', 'cilium'],
    ['192.168.0.0/24', 'kubernetes'],
    ['203.0.113.0/24', 'kubernetes'],
    ['10.0.1.10/32', 'kubernetes'],
  ])('PIT-IP-1 not for %s with %s', (cidr, cni) => {
    expect(findingsOf('PIT-IP-1', { 'shop/p': out(block(cidr)) }, { cni })).toEqual([]);
  });

  test.each([
    ['10.0.1.11/32', 'shop/api'],
    ['192.168.0.1/32', null],
    ['10.0.1.99/32', null],
    ['10.0.1.10/31', null],
  ])('PIT-IP-2 %s is the pod %s', (cidr, pod) => {
    const found = findingsOf('PIT-IP-2', { 'shop/p': out(block(cidr)) });
    expect(found.map(({ message }) => message)).toEqual(
      pod === null ? [] : [`${cidr.slice(0, -3)} is at present the address of the pod ${pod}.`],
    );
  });

  test.each([
    ['10.96.0.11/32', 'kubernetes', 'is the cluster address of the Service shop/api'],
    ['10.96.0.0/12', 'kubernetes', 'holds the cluster addresses of 3 Services'],
    ['10.96.0.11/32', 'aws', null],
    ['10.0.0.0/8', 'kubernetes', null],
    ['10.96.1.0/24', 'kubernetes', null],
  ])('PIT-IP-3 %s with %s %s', (cidr, cni, message) => {
    const found = findingsOf('PIT-IP-3', { 'shop/p': out(block(cidr)) }, { cni });
    expect(found).toHaveLength(message === null ? 0 : 1);
    if (message !== null) expect(found[0]?.message).toContain(message);
  });

  const EXCEPT = block('0.0.0.0/0', ', except: [203.0.113.0/24]');
  test.each([
    [out(block('0.0.0.0/0')), 'permitted by shop/q on all'],
    [out(`${block('203.0.113.0/24')}, ports: [{port: 443}]`), 'permitted by shop/q on TCP 443'],
    // An exception to the exception, another direction, other pods.
    [out(block('203.0.113.7/32')), null],
    [into(WEB, from('0.0.0.0/0')), null],
    [out(block('0.0.0.0/0'), DB), null],
  ])('PIT-IP-4 beside %s it is %s', (other, message) => {
    const found = findingsOf('PIT-IP-4', { 'shop/p': out(EXCEPT), 'shop/q': other });
    expect(found).toHaveLength(message === null ? 0 : 1);
    if (message !== null) expect(found[0]?.message).toContain(message);
  });

  test.each([
    ['10.9.1.9/24', ['10.9.1.9/24 means 10.9.1.0/24.']],
    ['10.9.1.0/24', []],
  ])('PIT-IP-5 %s', (cidr, messages) => {
    const found = findingsOf('PIT-IP-5', { 'shop/p': out(block(cidr)) });
    expect(found.map(({ message }) => message)).toEqual(messages);
  });

  const DUAL = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.10}, {ip: 'fd00::10'}]}
`;
  test.each([
    [block('0.0.0.0/0'), DUAL, 1],
    [block('::/0'), DUAL, 1],
    [block('0.0.0.0/0'), '', 0],
    ["to: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]", DUAL, 0],
    [block('203.0.113.0/24'), DUAL, 0],
  ])('PIT-IP-6 %s', (rule, objects, count) => {
    expect(findingsOf('PIT-IP-6', { 'shop/p': out(rule) }, { objects })).toHaveLength(count);
  });

  const ADMIN = (rules: string) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: internet}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {matchLabels: {team: a}}}
  egress: [${rules}]
`;
  const DENY = '{action: Deny, to: [{networks: [0.0.0.0/0]}]}';
  test.each([
    [DENY, 1],
    [`{action: Pass, to: [{namespaces: {}}]}, ${DENY}`, 0],
    ['{action: Deny, to: [{networks: [203.0.113.0/24]}]}', 0],
    ['{action: Accept, to: [{networks: [0.0.0.0/0]}]}', 0],
  ])('PIT-IP-7 %s: %i', (rules, count) => {
    const found = findingsOf('PIT-IP-7', {}, { objects: ADMIN(rules) });
    expect(found).toHaveLength(count);
    for (const { message } of found) expect(message).toContain('holds 5 pods of this cluster');
  });

  const SERVICE = (spec: string) => `
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}], ${spec}}}
`;
  test.each([
    ['203.0.113.0/24', 'type: LoadBalancer', 1],
    ['203.0.113.0/24', 'type: LoadBalancer, externalTrafficPolicy: Local', 0],
    ['203.0.113.0/24', 'type: ClusterIP', 0],
    ['192.168.0.0/24', 'type: NodePort', 0],
  ])('PIT-IP-8 %s and a Service with %s: %i', (cidr, spec, count) => {
    const policies = { 'shop/p': into(WEB, from(cidr)) };
    const found = findingsOf('PIT-IP-8', policies, { objects: SERVICE(spec) });
    expect(found).toHaveLength(count);
    for (const { message } of found) expect(message).toContain('(shop/web)');
  });
});
