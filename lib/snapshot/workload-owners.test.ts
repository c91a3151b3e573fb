import { expect, test } from 'vitest';
import { refKey } from '#lib/model/object-ref.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { manifestStore } from '#lib/testing/fixture-cluster.ts';

/** The workload that people know, for pods of every controller. */

const FORBIDDEN: ListState = { status: 'forbidden', message: '' };

function pod(name: string, kind: string, owner: string, labels = '{}'): string {
  const reference = `{kind: ${kind}, name: ${owner}, controller: true}`;
  return `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: ${labels}, ownerReferences: [${reference}]}}`;
}

function owned(kind: string, name: string, ownerKind: string, owner: string): string {
  return `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: ${name}, namespace: shop, ownerReferences: [{kind: ${ownerKind}, name: ${owner}, controller: true}]}}`;
}

/** The workloads of the pods among these objects. */
function workloads(objects: readonly string[], forbidden: readonly string[] = []) {
  const states = Object.fromEntries(forbidden.map((resource) => [resource, FORBIDDEN]));
  const { pods, problems } = manifestStore(objects.join('\n---\n'), { states }).snapshot();
  expect(problems).toEqual([]);
  return pods.map(({ workload }) => refKey(workload));
}

test('the Deployment above a ReplicaSet', () => {
  const replicaSet = owned('ReplicaSet', 'web-7d4f', 'Deployment', 'web');
  expect(workloads([pod('web-7d4f-x', 'ReplicaSet', 'web-7d4f'), replicaSet])).toEqual([
    'shop/web[Deployment]',
  ]);
});

test('the CronJob above a Job', () => {
  const job = owned('Job', 'backup-29384756', 'CronJob', 'backup');
  expect(workloads([pod('backup-x', 'Job', 'backup-29384756'), job])).toEqual([
    'shop/backup[CronJob]',
  ]);
});

test('the owner of a custom kind, above a ReplicaSet too', () => {
  const replicaSet = owned('ReplicaSet', 'web-7d4f', 'Rollout', 'web');
  expect(
    workloads([pod('a', 'ReplicaSet', 'web-7d4f'), replicaSet, pod('b', 'StatefulSet', 'db')]),
  ).toEqual(['shop/web[Rollout]', 'shop/db[StatefulSet]']);
});

test('a ReplicaSet or Job that nobody owns, and a bare pod', () => {
  const bare = '{apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: shop}}';
  const replicaSet =
    '{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: rs-1, namespace: shop}}';
  expect(
    workloads([pod('a', 'ReplicaSet', 'rs-1', '{pod-template-hash: "1"}'), replicaSet, bare]),
  ).toEqual(['shop/rs-1[ReplicaSet]', 'shop/bare[Pod]']);
});

test('owners of another namespace are not meant', () => {
  const elsewhere = owned('ReplicaSet', 'web-7d4f', 'Deployment', 'web').replace('shop', 'ops');
  expect(workloads([pod('a', 'ReplicaSet', 'web-7d4f'), elsewhere])).toEqual([
    'shop/web-7d4f[ReplicaSet]',
  ]);
});

test.each([
  ['web-7d4f', '{pod-template-hash: 7d4f}', 'shop/web[Deployment]'],
  ['my-web-7d4f', '{pod-template-hash: 7d4f}', 'shop/my-web[Deployment]'],
  ['web-7d4f', '{pod-template-hash: "9999"}', 'shop/web-7d4f[ReplicaSet]'],
  ['web7d4f', '{pod-template-hash: 7d4f}', 'shop/web7d4f[ReplicaSet]'],
  ['web-7d4f', '{}', 'shop/web-7d4f[ReplicaSet]'],
])('ReplicaSets that may not be read: %s with %s', (name, labels, workload) => {
  const objects = [pod('a', 'ReplicaSet', name, labels)];
  expect(workloads(objects, ['replicasets.apps'])).toEqual([workload]);
});

test('where they may be read, a missing one is not guessed', () => {
  expect(workloads([pod('a', 'ReplicaSet', 'web-7d4f', '{pod-template-hash: 7d4f}')])).toEqual([
    'shop/web-7d4f[ReplicaSet]',
  ]);
});

test.each([
  ['backup-29384756', 'shop/backup[CronJob]'],
  ['nightly-backup-29384756', 'shop/nightly-backup[CronJob]'],
  ['backup-2938', 'shop/backup-2938[Job]'],
  ['backup', 'shop/backup[Job]'],
])('Jobs that may not be read: %s', (name, workload) => {
  expect(workloads([pod('a', 'Job', name)], ['jobs.batch'])).toEqual([workload]);
});
