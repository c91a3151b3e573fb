import { describe, expect, test } from 'vitest';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';
import { CLUSTER_RESOURCES, ENTRY_RESOURCES, PODS, type Resource } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { resourcesOf } from '#lib/policies/policy-kind.ts';
import { explanationView } from '#lib/view/explanation-builder.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';

function resource(kind: string): Resource {
  const found = NOT_EVALUATED.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(kind);
  return found;
}

function pod(namespace: string) {
  const body = { kind: 'Pod', metadata: { name: 'a', namespace }, spec: { containers: [] } };
  return { type: 'set' as const, object: { body, origin: null } };
}

/** Two pods, and an object of a kind that is not evaluated. */
function clusterWith(
  kind: string,
  namespace: string | null,
  more: (store: SnapshotStore) => void = () => {},
) {
  const store = createSnapshotStore({
    kinds: POLICY_KINDS,
    notEvaluated: NOT_EVALUATED,
    profile: KUBERNETES_PROFILE,
  });
  const policies = resourcesOf(POLICY_KINDS);
  for (const each of [...CLUSTER_RESOURCES, ...ENTRY_RESOURCES, ...policies, ...NOT_EVALUATED])
    store.stateChanged(each, { status: 'live' });
  store.changed(PODS, [pod('shop'), pod('ops'), pod('data')]);
  const metadata = { name: 'x', ...(namespace !== null && { namespace }) };
  store.changed(resource(kind), [
    { type: 'set', object: { body: { kind, metadata }, origin: null } },
  ]);
  more(store);
  return store.snapshot();
}

function verdict(snapshot: ReturnType<typeof clusterWith>, from: string, to: string, number = 80) {
  const context = { cluster: 'test', revision: 1, readAt: null };
  const port = { protocol: 'TCP', port: number } as const;
  const answer = explanationView(analyse(snapshot), context, { from, to, port }, () => null);
  if (!answer.ok) throw new Error(answer.message);
  return answer.view;
}

test('a namespaced object leaves open what its namespace may do, and nothing else', () => {
  const snapshot = clusterWith('ApplicationNetworkPolicy', 'shop');
  const { verdict: touched, parts } = verdict(snapshot, 'ops/a', 'shop/a');
  expect(touched).toBe('unknown');
  expect(parts[0]?.answer.ingress.reason).toEqual({
    kind: 'unknown',
    causes: [
      {
        kind: 'not-evaluated',
        resource: 'applicationnetworkpolicies.networking.k8s.aws',
        message: '1 of them for shop',
      },
    ],
  });
  expect(verdict(snapshot, 'ops/a', 'data/a').verdict).toBe('allowed');
});

test('a cluster-wide object leaves everything open', () => {
  const snapshot = clusterWith('SecurityGroup', null);
  expect(verdict(snapshot, 'ops/a', 'data/a').verdict).toBe('unknown');
});

describe('layers of their own', () => {
  const isolated = [
    {
      type: 'set' as const,
      object: {
        body: {
          kind: 'NetworkPolicy',
          metadata: { name: 'a', namespace: 'shop' },
          spec: { ingress: [{ ports: [{ port: 443 }] }] },
        },
        origin: null,
      },
    },
  ];
  const clusterIsolated = (kind: string, namespace: string | null) => {
    const networkPolicies = POLICY_KINDS.map((each) => each.resource).slice(0, 1);
    return clusterWith(kind, namespace, (store) => {
      for (const each of networkPolicies) store.changed(each, isolated);
    });
  };

  test('IST-1 an AuthorizationPolicy may stop what policies let through, and opens nothing', () => {
    const snapshot = clusterIsolated('AuthorizationPolicy', 'shop');
    expect(verdict(snapshot, 'ops/a', 'shop/a').verdict).toBe('blocked');
    const { verdict: open, parts } = verdict(snapshot, 'ops/a', 'shop/a', 443);
    expect(open).toBe('unknown');
    expect(parts[0]?.answer.ingress.reason).toMatchObject({
      kind: 'unknown',
      causes: [{ kind: 'not-evaluated', resource: 'authorizationpolicies.security.istio.io' }],
    });
    expect(verdict(snapshot, 'ops/a', 'data/a').verdict).toBe('allowed');
  });

  test('OVN-2 an EgressFirewall is about addresses outside, and about egress', () => {
    const snapshot = clusterWith('EgressFirewall', 'shop');
    expect(verdict(snapshot, 'shop/a', '203.0.113.5').verdict).toBe('unknown');
    expect(verdict(snapshot, 'shop/a', 'ops/a').verdict).toBe('allowed');
    expect(verdict(snapshot, '203.0.113.5', 'shop/a').verdict).toBe('allowed');
    expect(verdict(snapshot, 'ops/a', '203.0.113.5').verdict).toBe('allowed');
  });

  test('OVN-3 networks that users define may part what policies let through', () => {
    const snapshot = clusterWith('UserDefinedNetwork', 'shop');
    expect(verdict(snapshot, 'ops/a', 'shop/a').verdict).toBe('unknown');
    expect(verdict(snapshot, 'ops/a', 'data/a').verdict).toBe('allowed');
  });
});

test('once it is gone, the verdicts are back', () => {
  const store = createSnapshotStore({
    kinds: POLICY_KINDS,
    notEvaluated: NOT_EVALUATED,
    profile: KUBERNETES_PROFILE,
  });
  const kind = resource('SecurityGroup');
  for (const each of NOT_EVALUATED) store.stateChanged(each, { status: 'not-installed' });
  const gaps = () => store.snapshot().gaps.filter(({ cause }) => cause === 'not-evaluated');
  store.changed(kind, [
    { type: 'set', object: { body: { metadata: { name: 'x' } }, origin: null } },
  ]);
  expect(gaps()).toHaveLength(1);
  store.changed(kind, [{ type: 'delete', namespace: null, name: 'x' }]);
  expect(gaps()).toHaveLength(0);
});
