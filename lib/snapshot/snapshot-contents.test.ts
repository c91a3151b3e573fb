import { describe, expect, test } from 'vitest';
import { gapsIn } from '#lib/engine/cluster-snapshot.ts';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { formatIp } from '#lib/model/ip-address.ts';
import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';
import {
  CLUSTER_RESOURCES,
  ENTRY_RESOURCES,
  NAMESPACES,
  PODS,
  type Resource,
  resourceName,
  SERVICES,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import { resourcesOf } from '#lib/policies/policy-kind.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { fixtureStore, manifestStore } from '#lib/testing/fixture-cluster.ts';
import { createSnapshotStore } from './snapshot-store.ts';

/** What a snapshot makes of the objects and lists it was told of. */

const POLICIES = networkPolicy.resource;

describe('namespaces', () => {
  const { namespaces } = manifestStore(`
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: of-pod}}
---
{apiVersion: v1, kind: Service, metadata: {name: a, namespace: of-service}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: of-policy}}
`).snapshot();

  test('are those declared, and those that others mention', () => {
    expect([...namespaces.values()].map((each) => [each.name, each.declared])).toEqual([
      ['of-pod', false],
      ['of-policy', false],
      ['of-service', false],
      ['shop', true],
    ]);
  });

  test('have their name label, mentioned or declared (SEL-12)', () => {
    for (const [own, { labels }] of namespaces)
      expect(labels.get('kubernetes.io/metadata.name')).toBe(own);
    expect(namespaces.get('shop')?.labels.get('team')).toBe('a');
  });

  test.each<[ListState, boolean]>([
    [{ status: 'live' }, true],
    [{ status: 'stale', since: '', cause: '', attempt: 1 }, true],
    [{ status: 'forbidden', message: '' }, false],
    [{ status: 'syncing', objects: 0 }, false],
    [{ status: 'failed', message: '', attempt: 1 }, false],
  ])('with the list %j: labels known %s', (state, known) => {
    const snapshot = fixtureStore({}, { states: { namespaces: state } }).snapshot();
    expect(snapshot.namespaces.get('kube-system')?.labelsKnown).toBe(known);
  });
});

describe('services', () => {
  const slice = (own: string, service: string, endpoints: string) =>
    `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${own}, namespace: shop, labels: {kubernetes.io/service-name: ${service}}}, endpoints: ${endpoints}}`;

  test('have the addresses of all their slices that are ready', () => {
    const { services } = fixtureStore(
      {},
      {
        objects: [
          slice('api-1', 'api', '[{addresses: [10.0.1.11]}]'),
          slice('api-2', 'api', '[{addresses: [10.0.1.12], conditions: {ready: true}}]'),
          slice('api-3', 'api', '[{addresses: [10.0.1.13], conditions: {ready: false}}]'),
          slice('other', 'web', '[{addresses: [10.0.1.14]}]'),
        ].join('\n---\n'),
      },
    ).snapshot();
    const endpoints = services.map((each) => [each.name, each.endpoints?.map(formatIp) ?? null]);
    expect(endpoints).toEqual([
      ['kubernetes', ['192.168.0.1']],
      ['kube-dns', null],
      ['api', ['10.0.1.11', '10.0.1.12']],
    ]);
  });
});

describe('gaps', () => {
  test.each<[Resource, ListState, object[]]>([
    [PODS, { status: 'live' }, []],
    [PODS, { status: 'stale', since: '', cause: '', attempt: 1 }, []],
    [POLICIES, { status: 'not-installed' }, []],
    [
      PODS,
      { status: 'forbidden', message: 'no' },
      [{ cause: 'forbidden', affects: 'pods', message: 'no' }],
    ],
    [
      POLICIES,
      { status: 'forbidden', message: 'no' },
      [{ cause: 'forbidden', affects: 'policies' }],
    ],
    [
      NAMESPACES,
      { status: 'failed', message: 'x', attempt: 1 },
      [{ cause: 'failed', affects: 'namespaces', message: 'x' }],
    ],
    [SERVICES, { status: 'syncing', objects: 3 }, [{ cause: 'syncing', affects: 'context' }]],
  ])('%j that is %j', (resource, state, gaps) => {
    const own = resourceName(resource);
    const snapshot = fixtureStore({}, { states: { [own]: state } }).snapshot();
    expect(snapshot.gaps).toMatchObject(gaps.map((gap) => ({ ...gap, resource: own })));
  });

  test('before the first state every list is one', () => {
    const store = createSnapshotStore({ kinds: POLICY_KINDS, profile: KUBERNETES_PROFILE });
    expect(store.snapshot().gaps.map(({ cause }) => cause)).toEqual(
      [...CLUSTER_RESOURCES, ...resourcesOf(POLICY_KINDS), ...ENTRY_RESOURCES].map(() => 'syncing'),
    );
  });

  test('a list of some namespaces is one, and decides verdicts where pods are beyond it', () => {
    const only = (...namespaces: [string, ...string[]]) =>
      fixtureStore({}, { states: { [resourceName(POLICIES)]: { status: 'live', namespaces } } })
        .snapshot()
        .gaps.map(({ affects }) => affects);
    expect(only('shop')).toEqual(['policies']);
    expect(only('kube-system', 'ops', 'shop')).toEqual(['context']);
  });
});

test('objects that are not evaluated, read in some namespaces alone, leave open both', () => {
  const [kind] = NOT_EVALUATED.filter(({ namespaced }) => namespaced);
  if (kind === undefined) throw new Error('no kind');
  const store = createSnapshotStore({
    kinds: POLICY_KINDS,
    notEvaluated: [kind],
    profile: KUBERNETES_PROFILE,
  });
  const object = (namespace: string) => ({
    type: 'set' as const,
    object: { body: { metadata: { name: 'a', namespace } }, origin: null },
  });
  store.changed(PODS, ['shop', 'ops', 'data'].map(object));
  store.changed(kind, [object('shop')]);
  for (const resource of [...CLUSTER_RESOURCES, ...ENTRY_RESOURCES, ...resourcesOf(POLICY_KINDS)])
    store.stateChanged(resource, { status: 'live' });
  store.stateChanged(kind, { status: 'live', namespaces: ['data', 'shop'] });
  const snapshot = store.snapshot();
  const isOpen = (namespace: string) => gapsIn(snapshot, namespace, ['policies']).length > 0;
  expect(['shop', 'ops', 'data'].map(isOpen)).toEqual([true, true, false]);
});

describe('policies', () => {
  const snapshot = fixtureStore({
    'shop/b': 'podSelectr: {}',
    'shop/a': 'podSelector: {}',
    'ops/z': 'ingress: [{from: [{pod: {}}]}]',
  }).snapshot();

  test('are sorted, each with the object it was made from', () => {
    const keys = ['ops/z', 'shop/a', 'shop/b'].map(
      (each) => `networking.k8s.io/${each}[NetworkPolicy]`,
    );
    expect(snapshot.policies.map(({ ref }) => `${ref.namespace}/${ref.name}`)).toEqual([
      'ops/z',
      'shop/a',
      'shop/b',
    ]);
    expect([...snapshot.documents.keys()]).toEqual(keys);
    expect(snapshot.documents.get(keys[1] ?? '')?.body).toMatchObject({
      spec: { podSelector: {} },
    });
  });

  test('have their problems named', () => {
    expect(snapshot.problems.map(({ object, code }) => [object?.name, code])).toEqual([
      ['z', 'policy-field-unknown'],
      ['b', 'policy-invalid'],
    ]);
  });
});
