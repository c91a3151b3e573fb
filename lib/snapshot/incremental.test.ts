import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClusterSnapshot, podsByNamespace } from '#lib/engine/cluster-snapshot.ts';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { ByNamespace } from '#lib/model/by-namespace.ts';
import type { JsonObject } from '#lib/model/json.ts';
import {
  CLUSTER_RESOURCES,
  ENDPOINT_SLICES,
  JOBS,
  NAMESPACES,
  NODES,
  PODS,
  REPLICA_SETS,
  type Resource,
  SERVICES,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import type { ListState, ObjectChange } from '#lib/sources/cluster-source.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';

/** However a cluster came to be what it is: the snapshot is that of its objects, and what did not change stays. */

const POLICIES = networkPolicy.resource;
const RESOURCES = [...CLUSTER_RESOURCES, POLICIES];

const name = fc.constantFrom('a', 'b', 'c', 'constructor');
const namespace = fc.constantFrom('red', 'red-2', 'blue', '__proto__');
const owner = (kind: string, called: string) => [{ kind, name: called, controller: true }];

function meta(fields: JsonObject, more: JsonObject = {}): JsonObject {
  return { metadata: fields, ...more };
}

/** Objects of every kind that a snapshot joins; some of them cannot be read. */
const object: fc.Arbitrary<{ readonly resource: Resource; readonly body: JsonObject }> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        name,
        namespace,
        app: fc.constantFrom('x', 'y', 5),
        owner: fc.option(
          fc.record({ kind: fc.constantFrom('ReplicaSet', 'Job', 'DaemonSet'), name }),
        ),
        phase: fc.constantFrom('Running', 'Failed'),
      })
      .map((each) => ({
        resource: PODS,
        body: meta(
          {
            name: each.name,
            namespace: each.namespace,
            labels: { app: each.app, 'pod-template-hash': 'b' },
            ...(each.owner && { ownerReferences: owner(each.owner.kind, each.owner.name) }),
          },
          { status: { phase: each.phase, podIP: '10.0.0.1' } },
        ),
      })),
  },
  fc
    .record({ kind: fc.constantFrom('ReplicaSet', 'Job'), name, namespace, by: name })
    .map((each) => ({
      resource: each.kind === 'Job' ? JOBS : REPLICA_SETS,
      body: meta({
        name: each.name,
        namespace: each.namespace,
        ownerReferences: owner(each.kind === 'Job' ? 'CronJob' : 'Deployment', each.by),
      }),
    })),
  fc
    .record({
      name,
      namespace,
      spec: fc.oneof(
        name.map((app) => ({ podSelector: { matchLabels: { app } } })),
        fc.constant({ podSelectr: {} }),
      ),
    })
    .map(({ spec, ...each }) => ({ resource: POLICIES, body: meta(each, { spec }) })),
  fc
    .record({ name: namespace, team: name })
    .map((each) => ({ resource: NAMESPACES, body: meta({ name: each.name, labels: each }) })),
  fc.record({ name, namespace }).map((each) => ({
    resource: SERVICES,
    body: meta(each, { spec: { selector: { app: 'x' } } }),
  })),
  fc.record({ name, namespace, service: name, ready: fc.boolean() }).map((each) => ({
    resource: ENDPOINT_SLICES,
    body: meta(
      {
        name: each.name,
        namespace: each.namespace,
        labels: { 'kubernetes.io/service-name': each.service },
      },
      { endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: each.ready } }] },
    ),
  })),
  fc
    .record({ name, zone: name })
    .map((each) => ({ resource: NODES, body: meta({ name: each.name, labels: each }) })),
);

const state: fc.Arbitrary<ListState> = fc.constantFrom<ListState>(
  { status: 'live' },
  { status: 'live', namespaces: ['red'] },
  { status: 'stale', since: '', cause: '', attempt: 2 },
  { status: 'forbidden', message: 'no' },
  { status: 'syncing', objects: 7 },
);

type Step =
  | { readonly do: 'set'; readonly resource: Resource; readonly body: JsonObject }
  | { readonly do: 'delete'; readonly resource: Resource; readonly body: JsonObject }
  | { readonly do: 'state'; readonly resource: Resource; readonly state: ListState }
  | { readonly do: 'look' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: object.map((each) => ({ do: 'set' as const, ...each })) },
  { weight: 2, arbitrary: object.map((each) => ({ do: 'delete' as const, ...each })) },
  fc
    .record({ resource: fc.constantFrom(...RESOURCES), state })
    .map((each) => ({ do: 'state' as const, ...each })),
  { weight: 2, arbitrary: fc.constant({ do: 'look' as const }) },
);

function nameOf({ metadata }: JsonObject) {
  const { namespace: own, name: called } = metadata as { namespace?: string; name: string };
  return { namespace: own ?? null, name: called };
}

function tell(store: SnapshotStore, each: Step): void {
  switch (each.do) {
    case 'set':
      store.changed(each.resource, [{ type: 'set', object: { body: each.body, origin: null } }]);
      break;
    case 'delete':
      store.changed(each.resource, [{ type: 'delete', ...nameOf(each.body) }]);
      break;
    case 'state':
      store.stateChanged(each.resource, each.state);
      break;
    case 'look':
      store.snapshot();
  }
}

/** A store that is told only how it ends, everything in one batch for each list, prepared beforehand. */
function toldAtOnce(steps: readonly Step[]): SnapshotStore {
  const store = emptyStore();
  for (const resource of RESOURCES) {
    const own = steps.filter((each) => each.do !== 'look' && each.resource === resource);
    const objects = new Map<string, ObjectChange>();
    for (const each of own) {
      if (each.do === 'set')
        objects.set(JSON.stringify(nameOf(each.body)), {
          type: 'set',
          object: store.prepare(resource, { body: each.body, origin: null }),
        });
      if (each.do === 'delete') objects.delete(JSON.stringify(nameOf(each.body)));
    }
    store.changed(resource, [...objects.values()].reverse());
    const last = own.findLast((each) => each.do === 'state');
    if (last !== undefined) tell(store, last);
  }
  return store;
}

function emptyStore(): SnapshotStore {
  const store = createSnapshotStore({ kinds: POLICY_KINDS, profile: KUBERNETES_PROFILE });
  for (const resource of RESOURCES) store.stateChanged(resource, { status: 'live' });
  return store;
}

/** All there is in a snapshot, orders included. */
function written(snapshot: ClusterSnapshot): string {
  const { podsByNamespace: pods, ...rest } = snapshot;
  return JSON.stringify({ ...rest, byNamespace: [...pods] }, (_, value: unknown) => {
    if (value instanceof Map || value instanceof Set || value instanceof ByNamespace)
      return [...value];
    return typeof value === 'bigint' ? String(value) : value;
  });
}

/** What a change of a pod leaves alone. */
function expectKept(before: ClusterSnapshot, after: ClusterSnapshot, touched: string | null): void {
  for (const [own, pods] of after.podsByNamespace)
    if (own !== touched) expect(pods).toBe(before.podsByNamespace.get(own));
  for (const [own, each] of before.namespaces)
    if (own !== touched) expect(after.namespaces.get(own)).toBe(each);
  expect(after.policies).toBe(before.policies);
  expect(after.nodes).toBe(before.nodes);
}

const history = fc.array(step, { maxLength: 40 });

describe('a history with looks in between', () => {
  test('ends as when its last objects were told at once', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const store = emptyStore();
        for (const each of steps) tell(store, each);
        expect(written(store.snapshot())).toBe(written(toldAtOnce(steps).snapshot()));
      }),
      { numRuns: 500 },
    );
  });

  test('never changes a snapshot that was given, and tells of pods twice the same', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const store = emptyStore();
        const given = steps.map((each) => {
          tell(store, each);
          const snapshot = store.snapshot();
          return { snapshot, text: written(snapshot) };
        });
        for (const { snapshot, text } of given) {
          expect(written(snapshot)).toBe(text);
          expect([...podsByNamespace(snapshot.pods)]).toEqual([...snapshot.podsByNamespace]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('keeps what a step did not change, and makes nothing new of what says the same', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const store = emptyStore();
        let before = store.snapshot();
        for (const each of steps) {
          tell(store, each);
          const after = store.snapshot();
          if (each.do === 'set' && each.resource === PODS)
            expectKept(before, after, nameOf(each.body).namespace);
          tell(store, each);
          expect(store.snapshot()).toBe(after);
          before = after;
        }
      }),
      { numRuns: 200 },
    );
  });
});

test('an event that changes nothing that is read leaves the snapshot as it was', () => {
  const store = emptyStore();
  const pod = (resourceVersion: string): JsonObject => ({
    metadata: { name: 'a', namespace: 'shop', resourceVersion, labels: { app: 'web' } },
    status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: resourceVersion }] },
  });
  const set = (body: JsonObject) =>
    store.changed(PODS, [{ type: 'set', object: { body, origin: null } }]);
  set(pod('1'));
  const before = store.snapshot();
  set(pod('2'));
  expect(store.snapshot()).toBe(before);
});
