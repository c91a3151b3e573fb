import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { NAMESPACES, PODS, type Resource } from '#lib/model/resource.ts';
import { openKubernetesApi } from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { ManualClock } from '#lib/testing/manual-clock.ts';
import { RecordingSink } from '#lib/testing/recording-sink.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { apply, list, namespace, pod } from './objects.ts';

const WIDGETS: Resource = {
  group: 'test.sightline.dev',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
};
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  for (const name of ['shop', 'ops']) {
    await apply(server.call, namespace(name));
    await apply(server.call, pod('web', name));
  }
});
afterAll(() => server.stop());

/** Lets the viewer read pods and policies, in one namespace or (null) everywhere; gives the binding's path. */
async function grant(within: string | null): Promise<string> {
  const scope = within === null ? '' : `/namespaces/${within}`;
  const [kind, plural] = within === null ? ['ClusterRole', 'cluster'] : ['Role', ''];
  const rules = [
    {
      apiGroups: ['', 'networking.k8s.io'],
      resources: ['pods', 'networkpolicies'],
      verbs: ['get', 'list', 'watch'],
    },
  ];
  const metadata = { name: 'reader' };
  await server.call('POST', `${RBAC}${scope}/${plural}roles`, { metadata, rules });
  await server.call('POST', `${RBAC}${scope}/${plural}rolebindings`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: 'reader' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
  });
  return `${RBAC}${scope}/${plural}rolebindings/reader`;
}

/** Until the authoriser of the API server has heard of it, which takes a moment. */
async function untilAllowed(verdict: boolean, within: string | null): Promise<void> {
  const resourceAttributes = {
    verb: 'list',
    resource: 'pods',
    ...(within !== null && { namespace: within }),
  };
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  for (;;) {
    const review = await server.call('POST', path, {
      spec: { user: 'viewer', resourceAttributes },
    });
    if ((review.status as { readonly allowed: boolean }).allowed === verdict) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function follow(file: string, resources: readonly Resource[]) {
  const clock = new ManualClock();
  const sink = new RecordingSink();
  const source = openKubernetesApi({ kubeConfig: { file, environment: {} }, clock });
  source.start(resources, sink);
  onTestFinished(() => source.stop());
  const becomes = (resource: Resource, status: string) =>
    sink.until(() => sink.status(resource) === status);
  return { clock, sink, becomes };
}

test('R17 R18 B15 a viewer sees what it may read, and knows what it may not', async () => {
  const file = server.kubeconfigFor('viewer', 'shop');
  const resources = [NAMESPACES, PODS, NETWORK_POLICIES, WIDGETS];
  const { clock, sink, becomes } = follow(file, resources);
  await becomes(PODS, 'forbidden');
  await becomes(NETWORK_POLICIES, 'forbidden');
  await becomes(NAMESPACES, 'forbidden');
  // it may not list widgets either, but discovery tells that there are none
  await becomes(WIDGETS, 'not-installed');
  expect(sink.state(PODS)).toEqual({
    status: 'forbidden',
    message:
      'pods is forbidden: User "viewer" cannot list resource "pods" in API group "" at the cluster scope',
  });
  expect(sink.objects(PODS)).toEqual([]);

  const binding = await grant('shop');
  await untilAllowed(true, 'shop');
  clock.advance(300_000);
  await becomes(PODS, 'live');
  expect(sink.state(PODS)).toEqual({ status: 'live', namespaces: ['shop'] });
  expect(sink.names(PODS)).toEqual(['shop/web']);

  await grant(null);
  await untilAllowed(true, null);
  clock.advance(300_000);
  await sink.until(() => sink.names(PODS).length === 2);
  await becomes(PODS, 'live');
  expect(sink.state(PODS)).toEqual({ status: 'live' });

  await server.call('DELETE', binding);
  await server.call('DELETE', `${RBAC}/clusterrolebindings/reader`);
  await untilAllowed(false, null);
  await untilAllowed(false, 'shop');
  // kube-apiserver asks for rights when a watch starts, not while it runs
  await server.kill();
  await becomes(PODS, 'stale');
  await server.restart();
  while (sink.status(PODS) === 'stale') {
    clock.advance(10_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await becomes(PODS, 'forbidden');
  await sink.until(() => sink.objects(PODS).length === 0);
  expect(await list(server.call, PODS)).toHaveLength(2);
});

test('B13 credentials that the API server does not know are a failure with a reason', async () => {
  const file = server.kubeconfigFor('nobody');
  const { readFileSync, writeFileSync } = await import('node:fs');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"token": "[^"]+"/, '"token": "wrong"'));
  const { sink, becomes } = follow(file, [PODS]);
  await becomes(PODS, 'failed');
  const message = `${server.url} does not accept the credentials`;
  expect(sink.state(PODS)).toEqual({ status: 'failed', message, attempt: 1 });
});

test('R18 B16 a kind is installed and removed again', async () => {
  const { clock, sink, becomes } = follow(server.kubeconfig, [WIDGETS]);
  await becomes(WIDGETS, 'not-installed');
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { group, version, plural, kind } = WIDGETS;
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  const crd = await server.call('POST', crds, {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  });
  const widget = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'w' }, size: 3 };
  const path = `/apis/${group}/${version}/namespaces/shop/${plural}`;
  for (;;) {
    const created = await server.call('POST', path, widget).catch(() => null);
    if (created !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  clock.advance(300_000);
  await becomes(WIDGETS, 'live');
  expect(sink.object(WIDGETS, 'shop/w')).toMatchObject({ size: 3 });

  const { name } = crd.metadata as { readonly name: string };
  await server.call('DELETE', `${crds}/${name}`);
  while (sink.status(WIDGETS) !== 'not-installed') {
    clock.advance(10_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(sink.objects(WIDGETS)).toEqual([]);
});
