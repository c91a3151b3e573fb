import { describe, expect, test } from 'vitest';
import { readManifest } from '#lib/manifests/yaml-documents.ts';
import {
  CLUSTER_RESOURCES,
  DAEMON_SETS,
  ENTRY_RESOURCES,
  isOf,
  NODES,
  PLUGIN_RESOURCES,
  type Resource,
  resourceName,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { resourcesOf } from '#lib/policies/policy-kind.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { configMap, daemonSet, node } from '#lib/testing/plugin-evidence.ts';
import type { PluginSearch } from './plugin-tables.ts';
import { createSnapshotStore } from './snapshot-store.ts';

/** The network plugin of a snapshot, from what a source tells. */

const RESOURCES = [
  ...CLUSTER_RESOURCES,
  ...PLUGIN_RESOURCES,
  ...ENTRY_RESOURCES,
  ...resourcesOf(POLICY_KINDS),
];
const LOOK: PluginSearch = { detectIn: 'cluster', choice: { name: null, flags: {} } };
const CILIUM = daemonSet('kube-system/cilium', [
  { name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.18.2' },
]);

function objectsIn(yaml: string, resource: Resource) {
  return readManifest(yaml, 'a.yaml').objects.flatMap(({ body }) => {
    const { name } = body.metadata as { readonly name: string };
    const group = String(body.apiVersion).split('/').at(-2) ?? '';
    return isOf(resource, { group, kind: String(body.kind), name })
      ? [{ type: 'set' as const, object: { body, origin: null } }]
      : [];
  });
}

function storeOf(
  yaml: string,
  profile: PluginSearch = LOOK,
  states: Readonly<Record<string, ListState>> = {},
) {
  const store = createSnapshotStore({ kinds: POLICY_KINDS, profile });
  for (const resource of RESOURCES) {
    store.stateChanged(resource, states[resourceName(resource)] ?? { status: 'live' });
    store.changed(resource, objectsIn(yaml, resource));
  }
  return store;
}

const forbidden = (message: string): ListState => ({ status: 'forbidden', message });

describe('in a cluster', () => {
  test('the plugin is the one that is seen, with its settings', () => {
    const config = configMap('kube-system/cilium-config', { 'policy-audit-mode': 'true' });
    const { plugin, profile } = storeOf(node('n1') + CILIUM + config).snapshot();
    expect(plugin).toMatchObject({ how: 'detected', title: 'Cilium', version: '1.18.2' });
    expect(profile).toMatchObject({ name: 'cilium', flags: { dropsDenied: 'no' } });
  });

  test('settings that may not be read are told, and are no gap of the verdicts', () => {
    const { plugin, profile, gaps } = storeOf(node('n1') + CILIUM, LOOK, {
      'configmaps/cilium-config': forbidden('configmaps is forbidden.'),
    }).snapshot();
    expect(plugin.unread).toEqual([
      'ConfigMap kube-system/cilium-config could not be read: configmaps is forbidden.',
    ]);
    expect(profile.flags.enforces).toBe('unknown');
    expect(gaps).toEqual([]);
  });

  test('DaemonSets that may not be read leave it open', () => {
    const { plugin, profile } = storeOf(node('n1'), LOOK, {
      'daemonsets.apps': forbidden('daemonsets.apps is forbidden'),
    }).snapshot();
    expect(plugin).toMatchObject({
      how: 'undetected',
      unread: ['DaemonSets could not be read: daemonsets.apps is forbidden.'],
    });
    expect(profile.name).toBe('undetected');
  });

  test('DaemonSets of some namespaces are believed, and others may be there', () => {
    const { plugin } = storeOf(node('n1') + CILIUM, LOOK, {
      'daemonsets.apps': { status: 'live', namespaces: ['kube-system'] },
    }).snapshot();
    expect(plugin).toMatchObject({ how: 'detected', title: 'Cilium' });
    expect(plugin.unread[0]).toBe('DaemonSets could not be read: only kube-system may be read.');
  });

  test('it changes when the cluster does, and is the same object until then', () => {
    const store = storeOf(node('n1') + daemonSet('kube-system/kube-proxy', []));
    const before = store.snapshot();
    expect(before.plugin.title).toBeNull();
    store.changed(NODES, objectsIn(node('n2'), NODES));
    expect(store.snapshot().profile).toBe(before.profile);
    store.changed(DAEMON_SETS, objectsIn(CILIUM, DAEMON_SETS));
    expect(store.snapshot().plugin.title).toBe('Cilium');
    store.changed(DAEMON_SETS, [{ type: 'delete', namespace: 'kube-system', name: 'cilium' }]);
    expect(store.snapshot().plugin.title).toBeNull();
  });

  test('what a person states wins', () => {
    const choice = { name: 'calico', flags: { sctp: 'no' } } as const;
    const { plugin, profile } = storeOf(node('n1') + CILIUM, { ...LOOK, choice }).snapshot();
    expect(plugin).toMatchObject({ how: 'chosen', title: 'calico' });
    expect(profile).toMatchObject({ name: 'calico', order: 'calico', flags: { sctp: 'no' } });
  });
});

describe('in manifests', () => {
  const WRITTEN: PluginSearch = { ...LOOK, detectIn: 'manifests' };

  test('without a plugin it is assumed', () => {
    const { plugin, profile } = storeOf(node('n1'), WRITTEN).snapshot();
    expect(plugin.how).toBe('assumed');
    expect(profile.name).toBe('kubernetes');
  });

  test('a plugin that is among them is seen', () => {
    expect(storeOf(CILIUM, WRITTEN).snapshot().plugin).toMatchObject({
      how: 'detected',
      title: 'Cilium',
    });
  });
});

describe('kinds that the plugin does not enforce', () => {
  const policy = (name: string) => `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec: { tier: Admin, priority: 1, subject: { namespaces: {} } }
`;
  const calico = (tag: string) =>
    node('n1') +
    daemonSet('kube-system/calico-node', [
      { name: 'calico-node', image: `quay.io/calico/node:${tag}` },
    ]);
  const messages = (yaml: string) =>
    storeOf(yaml)
      .snapshot()
      .problems.filter(({ code }) => code === 'kind-not-enforced')
      .map(({ message }) => message);

  test('CNP-30: are a problem, once for each kind', () => {
    expect(messages(calico('v3.31.2') + policy('a') + policy('b'))).toEqual([
      'ClusterNetworkPolicy of policy.networking.k8s.io is not enforced by Calico: the 2 that are there change nothing',
    ]);
  });

  test('CNP-30: are none where the version has them, or is not known', () => {
    expect(messages(calico('v3.32.0') + policy('a'))).toEqual([]);
    expect(messages(calico('latest') + policy('a'))).toEqual([]);
  });

  test('GEN-25: are NetworkPolicies too, under a plugin that enforces nothing', () => {
    const flannel = daemonSet('kube-flannel/kube-flannel-ds', [{ name: 'kube-flannel' }]);
    const closed = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: {} }
`;
    expect(messages(node('n1') + flannel + closed)).toEqual([
      'NetworkPolicy of networking.k8s.io is not enforced by Flannel: the one that is there changes nothing',
    ]);
  });
});
