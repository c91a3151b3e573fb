import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLUSTER_RESOURCES, PODS } from '#lib/model/resource.ts';
import { clusterSourceContract } from '#lib/sources/cluster-source.contract.ts';
import { openKubernetesApi } from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { RecordingSink } from '#lib/testing/recording-sink.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { apply, list, namespace, pod, remove, untilFresh } from './objects.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server.stop());

const open = () => openKubernetesApi({ kubeConfig: { file: server.kubeconfig, environment: {} } });

clusterSourceContract('kubernetes-api with a real API server', {
  contents: 'given',
  changes: true,
  open: async (objects) => {
    for (const left of await list(server.call, PODS)) {
      await remove(server.call, { ...left, kind: 'Pod' });
    }
    for (const object of objects) await apply(server.call, object);
    return {
      source: open(),
      set: (object) => apply(server.call, object),
      delete: (object) => remove(server.call, object),
    };
  },
});

test('R3 a list of several pages arrives whole, and every resource agrees with a fresh list', async () => {
  await apply(server.call, namespace('pages'));
  const names = Array.from({ length: 600 }, (_, index) => `p${index}`);
  const creators = Array.from({ length: 8 }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await apply(server.call, pod(name, 'pages'));
    }
  });
  await Promise.all(creators);
  const source = open();
  const sink = new RecordingSink();
  const resources = [...CLUSTER_RESOURCES, NETWORK_POLICIES];
  source.start(resources, sink);
  await sink.until(() => resources.every((resource) => sink.status(resource) === 'live'));
  for (const resource of resources) await untilFresh(server.call, sink, resource);
  expect(sink.batches(PODS)).toHaveLength(1);
  // a list of two pages for pods, of one page for the others, and a watch for each
  expect(source.statistics().requests).toBe(resources.length * 2 + 1);
  await source.stop();
});
