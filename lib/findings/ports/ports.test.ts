import { describe, expect, test } from 'vitest';
import { applied, findingsOf } from '#lib/testing/findings.ts';

/** Ports (PIT-PORT): each mistake, and what nearly is one. */

const INTO = (app: string, ports: string) =>
  `{podSelector: {matchLabels: {app: ${app}}}, ingress: [{ports: [${ports}]}]}`;
const OUT = (peers: string, ports: string) =>
  `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{${peers}ports: [${ports}]}]}`;

describe('named ports', () => {
  test('PIT-PORT-1 nobody exposes the name', () => {
    const found = findingsOf('PIT-PORT-1', {
      'shop/db': INTO('db', '{port: https}'),
      'shop/web': INTO('web', '{port: http}'),
    });
    expect(found).toMatchObject([
      {
        object: { name: 'db' },
        path: ['spec', 'ingress', 0, 'ports', 0],
        message:
          'Of 1 pod that it leads to (shop/db) none declares a TCP port https: it permits nothing.',
      },
    ]);
  });

  test('PIT-PORT-1 the protocol is another, or the name is nearly right', () => {
    expect(findingsOf('PIT-PORT-1', { 'kube-system/dns': INTO2('{port: dns}') })).toMatchObject([
      { message: expect.stringContaining('They declare it with UDP.') },
    ]);
    expect(findingsOf('PIT-PORT-1', { 'shop/api': INTO('api', '{port: metrcis}') })).toMatchObject([
      { message: expect.stringContaining('The nearest is metrics (9090).') },
    ]);
  });

  test('PIT-PORT-1 for egress the peers declare it', () => {
    const to = 'to: [{podSelector: {matchLabels: {app: api}}}], ';
    expect(findingsOf('PIT-PORT-1', { 'shop/web': OUT(to, '{port: pg}') })).toHaveLength(1);
    expect(findingsOf('PIT-PORT-1', { 'shop/web': OUT(to, '{port: metrics}') })).toEqual([]);
    expect(findingsOf('PIT-PORT-1', { 'shop/web': OUT('', '{port: pg}') })).toEqual([]);
  });

  test('PIT-PORT-2 only some expose the name', () => {
    const two =
      'podSelector: {matchExpressions: [{key: app, operator: In, values: [web, db]}]}, ingress: [{ports: [{port: http}]}]';
    expect(findingsOf('PIT-PORT-2', { 'shop/two': `{${two}}` })).toMatchObject([
      { message: '1 of the 2 pods that it leads to declare no port http: shop/db.' },
    ]);
    const few = '{podSelector: {}, ingress: [{ports: [{port: metrics}]}]}';
    expect(findingsOf('PIT-PORT-2', { 'shop/few': few })).toEqual([]);
    const most = '{podSelector: {}, ingress: [{ports: [{port: http}]}]}';
    expect(findingsOf('PIT-PORT-2', { 'shop/most': most })).toMatchObject([
      { severity: 'info', message: expect.stringContaining('1 of the 3 pods') },
    ]);
    const both =
      '{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}, ingress: [{ports: [{port: http}]}]}';
    expect(findingsOf('PIT-PORT-2', { 'shop/both': both })).toEqual([]);
  });

  const POD = (containers: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: two, namespace: shop, labels: {app: two}}
spec: {${containers}}
status: {phase: Running, podIPs: [{ip: 10.0.1.99}]}
`;
  const A = '{name: a, ports: [{name: http, containerPort: 8080}]}';
  const B = '{name: b, ports: [{name: http, containerPort: 9090}]}';

  test.each([
    [`containers: [${A}, ${B}]`, 1],
    [`containers: [${A}]`, 0],
  ])('PIT-PORT-7 the name stands for several numbers: %s: %i', (containers, count) => {
    const policies = { 'shop/two': INTO('two', '{port: http}') };
    expect(findingsOf('PIT-PORT-7', policies, { objects: POD(containers) })).toHaveLength(count);
  });

  test.each([
    [`containers: [{name: c}], initContainers: [${A}]`, 1],
    [`containers: [${A}], initContainers: [${B}]`, 0],
    [
      'containers: [{name: c}], initContainers: [{name: s, restartPolicy: Always, ports: [{name: http, containerPort: 1}]}]',
      0,
    ],
  ])('PIT-PORT-8 the name is on an init container only: %s: %i', (containers, count) => {
    const policies = { 'shop/two': INTO('two', '{port: http}') };
    expect(findingsOf('PIT-PORT-8', policies, { objects: POD(containers) })).toHaveLength(count);
  });
});

const INTO2 = (ports: string) => `{podSelector: {}, ingress: [{ports: [${ports}]}]}`;

test('PIT-PORT-3 no selected pod declares the number', () => {
  const found = findingsOf('PIT-PORT-3', {
    'shop/db': INTO('db', '{port: 5433}, {port: 5432}'),
    // It declares no ports at all.
    'ops/prom': INTO('prom', '{port: 9090}'),
    // PIT-PORT-4 says it.
    'shop/api': INTO('api', '{port: 80}'),
  });
  expect(found).toMatchObject([
    {
      object: { name: 'db' },
      path: ['spec', 'ingress', 0, 'ports', 0, 'port'],
      message: 'shop/db declares 5432, not 5433.',
    },
  ]);
});

describe('the Service api leads from 80 to http, which is 8081', () => {
  test('PIT-PORT-4 a rule for the Service’s port', () => {
    expect(findingsOf('PIT-PORT-4', { 'shop/api': INTO('api', '{port: 80}') })).toMatchObject([
      {
        message:
          '80 is the port of the Service shop/api, which leads to 8081 of shop/api; no rule of the policy permits 8081.',
        patch: 'ports:\n- {protocol: TCP, port: 8081}',
      },
    ]);
    const to = 'to: [{podSelector: {matchLabels: {app: api}}}], ';
    expect(findingsOf('PIT-PORT-4', { 'shop/web': OUT(to, '{port: 80}') })).toHaveLength(1);
  });

  test.each([
    '{port: 8081}',
    '{port: 80}, {port: 8081}',
    '{port: 80}, {port: http}',
    '{port: 443}',
  ])('PIT-PORT-4 not for the ports %s', (ports) => {
    expect(findingsOf('PIT-PORT-4', { 'shop/api': INTO('api', ports) })).toEqual([]);
  });

  test('PIT-PORT-5 on AWS the Service’s port is what counts', () => {
    const to = 'to: [{podSelector: {matchLabels: {app: api}}}], ';
    const aws = { cni: 'aws' };
    const policies = { 'shop/web': OUT(to, '{port: 8081}') };
    expect(findingsOf('PIT-PORT-5', policies, aws)).toMatchObject([
      { message: expect.stringContaining('The Service shop/api leads from 80 to 8081') },
    ]);
    expect(findingsOf('PIT-PORT-5', policies)).toEqual([]);
    const both = { 'shop/web': OUT(to, '{port: 8081}, {port: 80}') };
    expect(findingsOf('PIT-PORT-5', both, aws)).toEqual([]);
  });
});

test.each([
  ['{}', 1],
  ['{protocol: TCP}', 0],
  ['{port: 80}', 0],
])('PIT-PORT-6 the entry %s: %i', (ports, count) => {
  const objects = applied('shop/web', INTO('web', ports));
  expect(findingsOf('PIT-PORT-6', {}, { objects })).toHaveLength(count);
});

test.each([
  ['{port: 1, endPort: 65535}', 1],
  ['{port: 8000, endPort: 9000}', 1],
  ['{port: 8000, endPort: 8999}', 0],
  ['{protocol: TCP}', 0],
])('PIT-PORT-9 the range %s: %i', (ports, count) => {
  expect(findingsOf('PIT-PORT-9', { 'shop/web': INTO('web', ports) })).toHaveLength(count);
});

test('PIT-PORT-10 a number in quotes', () => {
  const found = findingsOf('PIT-PORT-10', {
    'shop/quoted': INTO('web', '{port: 80}, {port: "80"}'),
    'shop/name': INTO('web', '{port: "p80"}'),
  });
  expect(found).toMatchObject([
    {
      object: { name: 'quoted' },
      path: ['spec', 'ingress', 0, 'ports', 1, 'port'],
      patch: 'port: 80',
    },
  ]);
});

const MESH = `---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a, istio.io/dataplane-mode: ambient}}
`;

test('PIT-PORT-11 the tunnel of the ambient mesh is closed', () => {
  const from = (ports: string) =>
    `{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [${ports}]}]}`;
  const policies = { 'shop/api': from('{port: 8081}') };
  expect(findingsOf('PIT-PORT-11', policies, { objects: MESH })).toMatchObject([
    { object: { name: 'api' }, path: ['spec', 'ingress', 0, 'ports'] },
  ]);
  expect(findingsOf('PIT-PORT-11', policies)).toEqual([]);
  const open = { 'shop/api': from('{port: 8081}, {port: 15008}') };
  expect(findingsOf('PIT-PORT-11', open, { objects: MESH })).toEqual([]);
});
