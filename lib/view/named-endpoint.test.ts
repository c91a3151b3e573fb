import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';
import { findEndpoint } from './named-endpoint.ts';
import type { EndpointView } from './workload-view.ts';

/** Two pods of a Deployment, a workload of the same name, and an address that a finished pod had. */
const OBJECTS = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: app-1, namespace: front, ownerReferences: [{kind: Deployment, name: app, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: app-1-a, namespace: front, ownerReferences: [{kind: ReplicaSet, name: app-1, controller: true}]}
status: {phase: Running, podIPs: [{ip: 10.0.5.1}, {ip: "fd00::5:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: app-1-b, namespace: front, ownerReferences: [{kind: ReplicaSet, name: app-1, controller: true}]}
status: {phase: Running, podIPs: [{ip: 10.0.5.2}, {ip: "fd00::5:2"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: twice-0, namespace: front, ownerReferences: [{kind: StatefulSet, name: twice, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: twice, namespace: front}
status: {phase: Running}
---
{apiVersion: v1, kind: Service, metadata: {name: app, namespace: front}, spec: {selector: {none: here}}}
---
{apiVersion: v1, kind: Service, metadata: {name: manual, namespace: front}}
`;
const { connectivity } = scenario(
  { 'shop/web': 'egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]' },
  { objects: OBJECTS },
);

function name(view: EndpointView): string {
  switch (view.kind) {
    case 'workload':
      return `${view.ref.kind} ${view.ref.namespace}/${view.ref.name} of ${view.pods}`;
    case 'pod':
      return `Pod ${view.ref.namespace}/${view.ref.name} of ${view.workload.name}`;
    case 'node':
      return `node ${view.name} at ${view.address}`;
    case 'addresses':
      return view.label;
  }
}

function find(
  text: string,
  direction: 'ingress' | 'egress' = 'ingress',
): readonly string[] | string {
  const found = findEndpoint(connectivity, text, direction);
  return found.ok ? found.ends.map(({ view }) => name(view)) : found.message;
}

describe('by name', () => {
  test.each([
    ['front/app', ['Deployment front/app of 2']],
    ['front/deployment/app', ['Deployment front/app of 2']],
    ['front/Deployment/app', ['Deployment front/app of 2']],
    ['front/app-1-a', ['Pod front/app-1-a of app']],
    ['front/pod/app-1-b', ['Pod front/app-1-b of app']],
    ['shop/web', ['Pod shop/web of 1']],
    ['front/pod/twice', ['Pod front/twice of 1']],
    ['front/statefulset/twice', ['StatefulSet front/twice of 1']],
  ])('%s', (text, ends) => {
    expect(find(text)).toEqual(ends);
  });

  test.each([
    ['nowhere/app', 'there is no namespace nowhere'],
    ['front/nobody', 'there is no workload or pod front/nobody'],
    ['front/job/app', 'there is no job front/app'],
    [
      'front/twice',
      'front/twice is front/twice[Pod] and front/twice[StatefulSet]: write front/kind/twice',
    ],
  ])('%s is not found', (text, message) => {
    expect(find(text)).toBe(message);
  });

  test.each([[''], ['web'], ['/web'], ['front/'], ['a/b/c/d'], ['front//app'], ['10.0.0.256']])(
    '"%s" is no way to write one',
    (text) => {
      expect(find(text)).toMatch(/^write namespace\/name/);
    },
  );
});

describe('by address', () => {
  test.each([
    ['10.0.5.1', ['Pod front/app-1-a of app']],
    ['fd00::5:1', ['Pod front/app-1-a of app']],
    ['::ffff:10.0.5.2', ['Pod front/app-1-b of app']],
    ['192.168.0.1', ['node n1 at 192.168.0.1']],
    ['203.0.113.5', ['203.0.113.5']],
    ['2001:db8::1', ['2001:db8::1']],
    // A cluster IP is a Service's: policies see whom it leads to (GEN-7).
    ['10.96.0.11', ['Pod shop/api of api']],
  ])('%s', (text, ends) => {
    expect(find(text)).toEqual(ends);
  });
});

describe('by block', () => {
  test('is cut as the rules of the other end’s direction cut it, with the pods in it', () => {
    expect(find('203.0.112.0/23')).toEqual(['203.0.112.0/24', '203.0.113.0/24']);
    expect(find('203.0.112.0/23', 'egress')).toEqual(['203.0.112.0/23']);
    expect(find('10.0.5.0/24')).toEqual([
      '10.0.5.0/24',
      'Pod front/app-1-a of app',
      'Pod front/app-1-b of app',
    ]);
    expect(find('192.168.0.0/24')).toEqual(['192.168.0.0/24']);
  });
});

describe('by service', () => {
  test.each([
    ['svc/shop/api', ['Pod shop/api of api']],
    ['service/shop/api', ['Pod shop/api of api']],
    ['svc/default/kubernetes', ['node n1 at 192.168.0.1']],
  ])('%s', (text, ends) => {
    expect(find(text)).toEqual(ends);
  });

  test.each([
    ['svc/shop/nothing', 'there is no service shop/nothing'],
    ['svc/front/app', 'service front/app has no endpoints'],
    ['svc/front/manual', 'service front/manual has no endpoints'],
  ])('%s is not found', (text, message) => {
    expect(find(text)).toBe(message);
  });
});
