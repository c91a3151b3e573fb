import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { PLUGIN_RESOURCES, type Resource, resourceName } from '#lib/model/resource.ts';
import { ApiTestbed } from '#lib/testing/api-testbed.ts';

/** Objects that are read by their name, and by no other. */

function configMap(key: string, data: JsonObject): JsonObject {
  const [namespace = '', name = ''] = key.split('/');
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data };
}

function named(name: string): Resource {
  const found = PLUGIN_RESOURCES.find((resource) => resourceName(resource) === name);
  if (found === undefined) throw new Error(`${name} is not read`);
  return found;
}

const CILIUM = named('configmaps/cilium-config');

test('only the ConfigMap of that name is asked for, and of it only what is needed is kept', async () => {
  await using bed = await ApiTestbed.start();
  bed.apply(configMap('kube-system/cilium-config', { 'enable-policy': 'never', secret: 'x' }));
  bed.apply(configMap('shop/passwords', { root: 'hunter2' }));
  bed.start(CILIUM);
  await bed.sink.until(() => bed.sink.status(CILIUM) === 'live');
  expect(bed.sink.names(CILIUM)).toEqual(['kube-system/cilium-config']);
  expect(bed.sink.object(CILIUM, 'kube-system/cilium-config')).toMatchObject({
    data: { 'enable-policy': 'never' },
  });
  expect(JSON.stringify(bed.sink.object(CILIUM, 'kube-system/cilium-config'))).not.toContain('x"');
  const selectors = bed.server.requests.map(({ query }) => query.get('fieldSelector'));
  expect(new Set(selectors)).toEqual(new Set(['metadata.name=cilium-config']));
});

test('its changes arrive, and those of others do not', async () => {
  await using bed = await ApiTestbed.start();
  bed.start(CILIUM);
  await bed.sink.until(() => bed.sink.status(CILIUM) === 'live');
  bed.apply(configMap('shop/other', { 'enable-policy': 'never' }));
  bed.apply(configMap('kube-system/cilium-config', { 'enable-policy': 'always' }));
  await bed.sink.until(() => bed.sink.names(CILIUM).length > 0);
  expect(bed.sink.names(CILIUM)).toEqual(['kube-system/cilium-config']);
});

test('a server that sends what was not asked for is not believed', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(({ resource, watch }) =>
    resource === 'configmaps' && !watch
      ? {
          kind: 'raw',
          body: JSON.stringify({
            apiVersion: 'v1',
            kind: 'ConfigMapList',
            metadata: { resourceVersion: '7' },
            items: [
              { metadata: { name: 'other', namespace: 'shop', uid: 'u', resourceVersion: '7' } },
            ],
          }),
        }
      : null,
  );
  bed.start(CILIUM);
  await bed.sink.until(() => bed.sink.status(CILIUM) === 'failed');
  expect(bed.sink.names(CILIUM)).toEqual([]);
});

test('R17 where the whole cluster may not be read, it is looked for in kube-system alone', async () => {
  await using bed = await ApiTestbed.start({ namespaces: ['shop', 'ops'] });
  bed.apply(configMap('kube-system/cilium-config', { 'enable-policy': 'always' }));
  bed.server.forbid(({ resource, namespace }) => resource === 'configmaps' && namespace === null);
  bed.start(CILIUM);
  await bed.sink.until(() => bed.sink.status(CILIUM) === 'live');
  expect(bed.sink.state(CILIUM)).toEqual({ status: 'live', namespaces: ['kube-system'] });
  expect(bed.server.requests.map(({ namespace }) => namespace)).not.toContain('shop');
});
