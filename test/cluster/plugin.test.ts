import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { NetworkPlugin } from '#lib/model/network-plugin.ts';
import { CLUSTER_RESOURCES, PLUGIN_RESOURCES } from '#lib/model/resource.ts';
import { createSnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { openKubernetesApi } from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';

/** The network plugin comes, changes its mind and goes, seen by who may do what deploy/rbac.yaml says. */

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const DAEMON_SETS = '/apis/apps/v1/namespaces/kube-system/daemonsets';
const CONFIG_MAPS = '/api/v1/namespaces/kube-system/configmaps';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  const role = parse(
    readFileSync(new URL('../../deploy/rbac.yaml', import.meta.url), 'utf8'),
  ) as Readonly<Record<string, unknown>>;
  await server.call('POST', `${RBAC}/clusterroles`, role);
  await server.call('POST', `${RBAC}/clusterrolebindings`, {
    metadata: { name: 'sightline' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'sightline' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
  });
  await server.call('POST', '/api/v1/nodes', { metadata: { name: 'n1' } });
  await vi.waitFor(async () => expect(await mayList('daemonsets', 'apps')).toBe(true), 10_000);
});
afterAll(() => server.stop());

async function mayList(resource: string, group: string, name?: string): Promise<boolean> {
  const resourceAttributes = { verb: 'list', resource, group, ...(name && { name }) };
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  const review = await server.call('POST', path, { spec: { user: 'viewer', resourceAttributes } });
  return (review.status as { readonly allowed: boolean }).allowed;
}

const daemonSet = (tag: string) => ({
  metadata: { name: 'cilium', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'cilium' } },
    template: {
      metadata: { labels: { 'k8s-app': 'cilium' } },
      spec: {
        hostNetwork: true,
        containers: [{ name: 'cilium-agent', image: `quay.io/cilium/cilium:${tag}` }],
      },
    },
  },
});
const config = (data: Readonly<Record<string, string>>) => ({
  metadata: { name: 'cilium-config', namespace: 'kube-system' },
  data,
});

test('of config maps only those of plugins may be listed, each by its name', async () => {
  expect(await mayList('configmaps', '', 'cilium-config')).toBe(true);
  expect(await mayList('configmaps', '', 'passwords')).toBe(false);
  expect(await mayList('configmaps', '')).toBe(false);
  expect(await mayList('secrets', '')).toBe(false);
});

test('DET-2 DET-20 the plugin of a cluster follows what runs in it', async () => {
  const store = createSnapshotStore({
    kinds: [],
    profile: { detectIn: 'cluster', choice: { name: null, flags: {} } },
  });
  const file = server.kubeconfigFor('viewer');
  const source = openKubernetesApi({ kubeConfig: { file, environment: {} } });
  source.start([...CLUSTER_RESOURCES, ...PLUGIN_RESOURCES], store);
  onTestFinished(() => source.stop());
  const becomes = (plugin: Partial<NetworkPlugin>, flags: object) =>
    vi.waitFor(() => {
      const snapshot = store.snapshot();
      expect(snapshot.plugin).toMatchObject(plugin);
      expect(snapshot.profile.flags).toMatchObject(flags);
    }, 10_000);

  await becomes({ how: 'detected', title: null, unread: [] }, { enforces: 'no' });

  await server.call('POST', CONFIG_MAPS, { metadata: { name: 'passwords' }, data: { root: 'x' } });
  await server.call('POST', DAEMON_SETS, daemonSet('v1.18.2'));
  await becomes(
    {
      title: 'Cilium',
      version: '1.18.2',
      unread: ['ConfigMap kube-system/cilium-config could not be read: it is not there.'],
    },
    { enforces: 'unknown' },
  );

  await server.call('POST', CONFIG_MAPS, config({ 'enable-policy': 'default' }));
  await becomes({ title: 'Cilium', unread: [] }, { enforces: 'yes', dropsDenied: 'yes' });

  const audit = config({ 'policy-audit-mode': 'true' });
  await server.call('PUT', `${CONFIG_MAPS}/cilium-config`, audit);
  await becomes({ title: 'Cilium' }, { enforces: 'yes', dropsDenied: 'no' });

  await server.call('PUT', `${DAEMON_SETS}/cilium`, daemonSet('v1.15.3'));
  await becomes({ version: '1.15.3' }, { endPort: 'no' });

  await server.call('DELETE', `${DAEMON_SETS}/cilium`, { propagationPolicy: 'Background' });
  await becomes({ how: 'detected', title: null }, { enforces: 'no' });
});
