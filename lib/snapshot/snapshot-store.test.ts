import fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { ByNamespace } from '#lib/model/by-namespace.ts';
import type { JsonObject } from '#lib/model/json.ts';
import {
  CLUSTER_RESOURCES,
  NAMESPACES,
  PODS,
  type Resource,
  resourceName,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import type { ObjectChange } from '#lib/sources/cluster-source.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';

const POLICIES = networkPolicy.resource;

function emptyStore(onChange?: () => void): SnapshotStore {
  const options = { kinds: POLICY_KINDS, profile: KUBERNETES_PROFILE };
  const store = createSnapshotStore(onChange ? { ...options, onChange } : options);
  for (const resource of [...CLUSTER_RESOURCES, POLICIES])
    store.stateChanged(resource, { status: 'live' });
  return store;
}

function set(body: JsonObject): ObjectChange {
  return { type: 'set', object: { body, origin: null } };
}

function pod(name: string, fields: JsonObject = {}): JsonObject {
  return { metadata: { namespace: 'shop', name, ...fields } };
}

/** All there is in a snapshot, orders included. */
function written(snapshot: ClusterSnapshot): string {
  return JSON.stringify(snapshot, (_, value: unknown) => {
    if (value instanceof Map || value instanceof ByNamespace) return [...value];
    if (value instanceof Set) return [...value];
    return typeof value === 'bigint' ? String(value) : value;
  });
}

interface Event {
  readonly resource: Resource;
  readonly change: ObjectChange;
}

const name = fc.constantFrom('a', 'b', 'constructor');
const namespace = fc.constantFrom('red', 'red-2', 'blue');
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ name, namespace, app: fc.constantFrom('x', 'y') }).map((fields) => ({
    resource: PODS,
    change: set({
      metadata: { name: fields.name, namespace: fields.namespace, labels: { app: fields.app } },
    }),
  })),
  fc.record({ name, namespace, broken: fc.boolean() }).map((fields) => ({
    resource: POLICIES,
    change: set({
      metadata: { name: fields.name, namespace: fields.namespace },
      spec: fields.broken ? { podSelectr: {} } : { podSelector: {} },
    }),
  })),
  fc.record({ name: namespace, team: name }).map((fields) => ({
    resource: NAMESPACES,
    change: set({ metadata: { name: fields.name, labels: { team: fields.team } } }),
  })),
  fc.record({ resource: fc.constantFrom(PODS, POLICIES), name, namespace }).map((fields) => ({
    resource: fields.resource,
    change: { type: 'delete' as const, name: fields.name, namespace: fields.namespace },
  })),
);

/** The object an event speaks of. */
function keyOf({ resource, change }: Event): string {
  const { metadata } = change.type === 'set' ? change.object.body : { metadata: change };
  const { namespace: own, name: called } = metadata as { namespace?: string; name: string };
  return `${resourceName(resource)} ${own ?? ''}/${called}`;
}

describe('the same events', () => {
  it('give the same snapshot in any order that keeps each object’s own', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        (events, keys) => {
          const straight = emptyStore();
          for (const { resource, change } of events) straight.changed(resource, [change]);
          const byObject = [...Map.groupBy(events, keyOf).values()];
          const shuffled = byObject
            .map((own) => ({ own, rank: keys.next().value ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .flatMap(({ own }) => own);
          const other = emptyStore();
          for (const { resource, change } of shuffled) other.changed(resource, [change]);
          expect(written(other.snapshot())).toBe(written(straight.snapshot()));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('give the same one by one, with a look in between, and as a first list', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const stepwise = emptyStore();
        for (const { resource, change } of events) {
          stepwise.changed(resource, [change]);
          stepwise.snapshot();
        }
        const last = new Map(events.map((each) => [keyOf(each), each]));
        const rebuilt = emptyStore();
        for (const { resource, change } of last.values()) rebuilt.changed(resource, [change]);
        expect(written(stepwise.snapshot())).toBe(written(rebuilt.snapshot()));
      }),
      { numRuns: 200 },
    );
  });
});

describe('changes', () => {
  test('a snapshot stays the same object until something changes, and is never changed', () => {
    const store = emptyStore();
    store.changed(PODS, [set(pod('a'))]);
    const before = store.snapshot();
    expect(store.snapshot()).toBe(before);
    store.changed(PODS, [set(pod('b'))]);
    expect(before.pods.map((each) => each.name)).toEqual(['a']);
    expect(store.snapshot().pods.map((each) => each.name)).toEqual(['a', 'b']);
  });

  test('an object is replaced and deleted under its name', () => {
    const store = emptyStore();
    store.changed(PODS, [set(pod('a', { labels: { app: 'x' } })), set(pod('b'))]);
    store.changed(PODS, [set(pod('a', { labels: { app: 'y' } }))]);
    store.changed(PODS, [{ type: 'delete', namespace: 'shop', name: 'b' }]);
    store.changed(PODS, [{ type: 'delete', namespace: 'ops', name: 'a' }]);
    expect(store.snapshot().pods.map(({ name: own, labels }) => [own, labels.get('app')])).toEqual([
      ['a', 'y'],
    ]);
  });

  test('onChange hears of every change, at once', () => {
    const onChange = vi.fn();
    const store = emptyStore(onChange);
    const already = onChange.mock.calls.length;
    store.changed(PODS, [set(pod('a'))]);
    store.stateChanged(PODS, { status: 'live' });
    store.problemsChanged([]);
    expect(onChange.mock.calls.length - already).toBe(3);
  });

  test('resources that nobody asked for are left out', () => {
    const store = emptyStore();
    store.changed({ ...PODS, plural: 'widgets' }, [set(pod('a'))]);
    expect(store.snapshot().pods).toEqual([]);
  });

  test('states tell how many objects there are, those that cannot be read included', () => {
    const store = emptyStore();
    store.changed(PODS, [set(pod('a')), set({ metadata: { name: 'bad', labels: [] } })]);
    expect(store.states().get('pods')).toEqual({ state: { status: 'live' }, objects: 2 });
  });
});

test('objects that cannot be read are problems, and the others stand', () => {
  const store = emptyStore();
  store.problemsChanged([
    { code: 'x', severity: 'error', message: '', hint: null, object: null, path: [], origin: null },
  ]);
  store.changed(PODS, [set(pod('good')), set(pod('bad', { labels: { app: 5 } }))]);
  const { pods, problems } = store.snapshot();
  expect(pods.map((each) => each.name)).toEqual(['good']);
  expect(problems).toMatchObject([
    { code: 'x' },
    { code: 'object-invalid', object: { name: 'bad' }, path: ['metadata', 'labels', 'app'] },
  ]);
});
