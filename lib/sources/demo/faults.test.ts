import { describe, expect, test } from 'vitest';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { explainConnection } from '#lib/engine/explain.ts';
import type { ConnectionAnswer, Reason, Verdict } from '#lib/engine/explanation.ts';
import { CLUSTER_RESOURCES, ENTRY_RESOURCES, PLUGIN_RESOURCES } from '#lib/model/resource.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import { createSnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { openDemo } from './open-demo.ts';

/** The README's table of faults, and the edges around them, as the engine sees them. */

function demoConnectivity(): Connectivity {
  const store = createSnapshotStore({
    kinds: [networkPolicy],
    profile: { detectIn: 'cluster', choice: { name: null, flags: {} } },
  });
  const resources = [
    ...CLUSTER_RESOURCES,
    ...PLUGIN_RESOURCES,
    ...ENTRY_RESOURCES,
    networkPolicy.resource,
  ];
  openDemo({ churn: false }).start(resources, store);
  return analyse(store.snapshot());
}

const connectivity = demoConnectivity();
const workloads = [...connectivity.workloads.values()];

/** The pods of `namespace/name`. */
function endpoint(text: string): PodGroup {
  const found = workloads.find(({ ref }) => `${ref.namespace}/${ref.name}` === text);
  if (found === undefined) throw new Error(`no ${text}`);
  return found.groups[0];
}

function explain(from: string, to: string, port: string | number): ConnectionAnswer {
  const [number, protocol] = String(port).split('/');
  return explainConnection(connectivity, endpoint(from), endpoint(to), {
    protocol: protocol === 'UDP' ? 'UDP' : 'TCP',
    port: Number(number),
  });
}

test('everything is read and understood', () => {
  expect(connectivity.snapshot.problems).toEqual([]);
  expect(connectivity.snapshot.gaps).toEqual([]);
});

test('its network is Calico, which is seen as in any cluster', () => {
  const { plugin, profile } = connectivity.snapshot;
  expect(plugin).toMatchObject({ how: 'detected', title: 'Calico', version: '3.31.2', unread: [] });
  expect(profile).toMatchObject({ name: 'calico', flags: { policesPodToLocalNode: 'yes' } });
});

describe.each`
  fault                    | from                       | to                       | port        | egress       | ingress
  ${'label-drift'}         | ${'shop/api'}              | ${'shop/recommender'}    | ${8080}     | ${'allowed'} | ${'blocked'}
  ${'label-drift'}         | ${'shop/recommender'}      | ${'data/kafka'}          | ${9092}     | ${'blocked'} | ${'allowed'}
  ${'peer-typo'}           | ${'shop/catalog'}          | ${'orders/inventory'}    | ${8080}     | ${'allowed'} | ${'blocked'}
  ${'no-dns'}              | ${'backoffice/admin'}      | ${'kube-system/coredns'} | ${'53/UDP'} | ${'blocked'} | ${'allowed'}
  ${'no-dns'}              | ${'backoffice/reports'}    | ${'kube-system/coredns'} | ${53}       | ${'blocked'} | ${'allowed'}
  ${'too-broad'}           | ${'staging/debug-shell'}   | ${'data/redis'}          | ${6379}     | ${'allowed'} | ${'allowed'}
  ${'too-broad'}           | ${'platform/runner'}       | ${'data/redis'}          | ${22}       | ${'allowed'} | ${'allowed'}
  ${'and-or'}              | ${'backoffice/reports'}    | ${'payments/ledger'}     | ${8080}     | ${'allowed'} | ${'allowed'}
  ${'and-or'}              | ${'backoffice/admin'}      | ${'payments/ledger'}     | ${8080}     | ${'allowed'} | ${'allowed'}
  ${'and-or'}              | ${'backoffice/support'}    | ${'payments/ledger'}     | ${8080}     | ${'allowed'} | ${'allowed'}
  ${'egress-not-isolated'} | ${'platform/runner'}       | ${'staging/postgres'}    | ${5432}     | ${'allowed'} | ${'allowed'}
  ${'egress-not-isolated'} | ${'staging/debug-shell'}   | ${'platform/runner'}     | ${80}       | ${'allowed'} | ${'blocked'}
  ${'unresolved-port'}     | ${'monitoring/prometheus'} | ${'shop/images'}         | ${9090}     | ${'blocked'} | ${'blocked'}
  ${'unresolved-port'}     | ${'monitoring/prometheus'} | ${'shop/web'}            | ${9090}     | ${'allowed'} | ${'allowed'}
  ${'closed-way-in'}       | ${'ingress/ingress-nginx'} | ${'shop/search'}         | ${8080}     | ${'blocked'} | ${'blocked'}
  ${'no-policies'}         | ${'platform/runner'}       | ${'staging/web'}         | ${22}       | ${'allowed'} | ${'allowed'}
  ${'no-policies'}         | ${'staging/web'}           | ${'shop/api'}            | ${8080}     | ${'allowed'} | ${'blocked'}
  ${'one-side-only'}       | ${'orders/checkout'}       | ${'payments/fraud'}      | ${8080}     | ${'allowed'} | ${'blocked'}
  ${'none'}                | ${'orders/checkout'}       | ${'payments/gateway'}    | ${8080}     | ${'allowed'} | ${'allowed'}
  ${'none'}                | ${'shop/web'}              | ${'payments/gateway'}    | ${8080}     | ${'blocked'} | ${'blocked'}
  ${'none'}                | ${'payments/gateway'}      | ${'payments/card-vault'} | ${8443}     | ${'allowed'} | ${'allowed'}
`('$fault: $from → $to:$port', ({ from, to, port, egress, ingress }) => {
  test(`egress ${egress}, ingress ${ingress}`, () => {
    const answer = explain(from, to, port);
    expect({ egress: answer.egress.verdict, ingress: answer.ingress.verdict }).toEqual({
      egress,
      ingress,
    } satisfies Record<string, Verdict>);
  });
});

describe('the reasons', () => {
  const policiesOf = (reason: Reason): string[] => {
    switch (reason.kind) {
      case 'rules':
        return reason.rules.map(({ policy, index }) => `${policy.name}[${index}]`);
      case 'isolated':
        return reason.by.map(({ name }) => name);
      default:
        return [reason.kind];
    }
  };

  test('label-drift: only default-deny and baseline know the recommender', () => {
    const { ingress } = explain('shop/api', 'shop/recommender', 8080);
    expect(policiesOf(ingress.reason)).toEqual(['baseline', 'default-deny']);
    const drifted = connectivity.snapshot.policies.find(
      ({ ref }) => ref.name === 'recommendations',
    );
    expect(drifted?.subject).toMatchObject({
      match: {
        pods: [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['recommendations'] }],
      },
    });
  });

  test('peer-typo: the misspelt rule is the closest miss', () => {
    const { ingress } = explain('shop/catalog', 'orders/inventory', 8080);
    expect(ingress.nearMiss).toMatchObject({
      failed: 'peer',
      rule: { policy: { name: 'inventory' } },
    });
  });

  test('and-or: the second rule lets the whole backoffice in', () => {
    const { ingress } = explain('backoffice/admin', 'payments/ledger', 8080);
    expect(policiesOf(ingress.reason)).toEqual(['ledger[1]']);
  });

  test('egress-not-isolated: nothing isolates the runner outwards', () => {
    const { egress } = explain('platform/runner', 'staging/postgres', 5432);
    expect(policiesOf(egress.reason)).toEqual(['no-policy']);
  });

  test('no-policies: neither side has a policy', () => {
    const { egress, ingress } = explain('staging/web', 'staging/postgres', 5432);
    expect([egress.reason.kind, ingress.reason.kind]).toEqual(['no-policy', 'no-policy']);
  });

  test('one-side-only: fraud lets its gateway in and nobody else', () => {
    const { egress, ingress } = explain('orders/checkout', 'payments/fraud', 8080);
    expect(policiesOf(egress.reason)).toEqual(['checkout[1]']);
    expect(policiesOf(ingress.reason)).toEqual(['baseline', 'default-deny', 'fraud']);
  });
});

test('the map is legible: some hundred connections, each between two workloads and on some ports', () => {
  const pairs = workloads.flatMap((from) => workloads.map((to) => [from, to] as const));
  const specific = pairs.filter(([from, to]) => {
    if (from === to || to.ref.name === 'coredns') return false;
    const answer = explainConnection(connectivity, from.groups[0], to.groups[0], null);
    const open = [answer.egress, answer.ingress].every(
      ({ reason }) => reason.kind === 'no-policy' || reason.kind === 'host-network',
    );
    return answer.verdict === 'allowed' && !open;
  });
  expect(specific.length).toBeGreaterThan(60);
  expect(specific.length).toBeLessThan(120);
});
