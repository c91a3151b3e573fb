import { expect, test } from 'vitest';
import { NAMESPACES, NODES, PODS, type Resource } from '#lib/model/resource.ts';
import { ApiTestbed, NETWORK_POLICIES, type TestbedOptions } from '#lib/testing/api-testbed.ts';

const pod = (name: string, namespace: string) => ({ metadata: { name, namespace } });
const wide = ({ resource, namespace }: { resource: string | null; namespace: string | null }) =>
  resource === 'pods' && namespace === null;

/** Pods in three namespaces; the viewer sees less of them in each test. */
async function start(options: TestbedOptions = {}): Promise<ApiTestbed> {
  const bed = await ApiTestbed.start(options);
  for (const name of ['shop', 'ops', 'tools']) {
    bed.server.store.set(NAMESPACES, { metadata: { name } });
    bed.server.store.set(PODS, pod('web', name));
  }
  return bed;
}

const settled = (bed: ApiTestbed, resource: Resource, status: string) =>
  bed.sink.until(() => bed.sink.status(resource) === status);

const tries = (bed: ApiTestbed, resource: Resource, count: number) =>
  bed.sink.until(() => {
    const state = bed.sink.state(resource);
    return state?.status === 'stale' && state.attempt === count;
  });

/** Lets the tries that follow a failure fail as well: a refusal is believed when it was repeated. */
async function untilBelieved(bed: ApiTestbed, resource: Resource): Promise<void> {
  for (const attempt of [1, 2, 3, 4]) {
    await tries(bed, resource, attempt);
    bed.clock.advance(10_000);
  }
}

test('R17 where the cluster may not be read, its namespaces are', async () => {
  await using bed = await start({ namespace: 'tools' });
  bed.server.forbid(wide);
  bed.server.forbid(({ namespace }) => namespace === 'ops');
  bed.start(PODS);
  await settled(bed, PODS, 'live');
  expect(bed.sink.state(PODS)).toEqual({ status: 'live', namespaces: ['shop', 'tools'] });
  expect(bed.sink.names(PODS)).toEqual(['shop/web', 'tools/web']);
  expect(bed.sink.batches(PODS)).toHaveLength(1);
  bed.server.store.set(PODS, pod('new', 'shop'));
  bed.server.store.set(PODS, pod('new', 'ops'));
  bed.server.store.delete(PODS, 'tools', 'web');
  await bed.sink.until(() => bed.sink.names(PODS).join() === 'shop/new,shop/web');
});

test('R17 namespaces that are configured are tried, and no others', async () => {
  await using bed = await start({ namespaces: ['ops'] });
  bed.server.forbid(wide);
  bed.start(PODS);
  await settled(bed, PODS, 'live');
  expect(bed.sink.state(PODS)).toEqual({ status: 'live', namespaces: ['ops'] });
  expect(bed.server.asked('namespaces', 'list')).toHaveLength(0);
});

test('R17 without the right to list namespaces, that of the context is tried', async () => {
  await using bed = await start({ namespace: 'shop' });
  bed.server.forbid(({ namespace }) => namespace === null);
  bed.start(PODS, NAMESPACES);
  await settled(bed, PODS, 'live');
  expect(bed.sink.state(PODS)).toEqual({ status: 'live', namespaces: ['shop'] });
  await settled(bed, NAMESPACES, 'forbidden');
});

test('R17 at most a hundred namespaces are read', async () => {
  await using bed = await start();
  for (let index = 0; index < 200; index += 1) {
    bed.server.store.set(NAMESPACES, { metadata: { name: `n${index}` } });
  }
  bed.server.forbid(wide);
  bed.start(PODS);
  await settled(bed, PODS, 'live');
  const state = bed.sink.state(PODS);
  expect(state?.status === 'live' && state.namespaces?.length).toBe(100);
  expect(bed.server.watches).toHaveLength(100);
});

test('R17 nothing readable is forbidden, never an empty list', async () => {
  await using bed = await start();
  bed.server.forbid(({ resource }) => resource !== null);
  bed.start(PODS, NODES);
  await settled(bed, PODS, 'forbidden');
  await settled(bed, NODES, 'forbidden');
  expect(bed.sink.state(PODS)).toEqual({
    status: 'forbidden',
    message: 'pods is forbidden: User "viewer" cannot list resource "pods" at the cluster scope',
  });
  expect(bed.sink.batches(PODS)).toEqual([]);
});

test('B15 a right that is taken away shows, and what it gave goes after that', async () => {
  await using bed = await start();
  bed.server.store.set(NODES, { metadata: { name: 'n1' } });
  bed.start(NODES);
  await settled(bed, NODES, 'live');
  bed.server.forbid(({ resource }) => resource === 'nodes');
  bed.server.watchOf('nodes').reset();
  await untilBelieved(bed, NODES);
  await bed.sink.until(() => bed.sink.names(NODES).length === 0);
  const [before, last] = bed.sink.calls.slice(-2);
  expect(before).toMatchObject({ kind: 'state', state: { status: 'forbidden' } });
  expect(last).toMatchObject({ kind: 'changed', changes: [{ type: 'delete', name: 'n1' }] });
});

test.each<[string, string[], string[], string]>([
  ['one namespace', ['shop'], ['shop/web'], 'live'],
  ['nothing', [], [], 'forbidden'],
])('B15 R17 of the right to the whole cluster %s is left', async (_, readable, shown, status) => {
  await using bed = await start();
  bed.start(PODS);
  await settled(bed, PODS, 'live');
  bed.server.forbid(
    ({ resource, namespace }) =>
      resource === 'pods' && !readable.some((name) => name === namespace),
  );
  bed.server.watchOf('pods').reset();
  await untilBelieved(bed, PODS);
  await bed.sink.until(() => bed.sink.names(PODS).join() === shown.join());
  await settled(bed, PODS, status);
});

test('B15 a refusal that does not last takes nothing away', async () => {
  await using bed = await start();
  bed.start(PODS);
  await settled(bed, PODS, 'live');
  const undo = bed.server.forbid(({ resource }) => resource === 'pods');
  bed.server.watchOf('pods').reset();
  for (const attempt of [1, 2]) {
    await tries(bed, PODS, attempt);
    bed.clock.advance(10_000);
  }
  await tries(bed, PODS, 3);
  undo();
  bed.clock.advance(10_000);
  await settled(bed, PODS, 'live');
  expect(bed.sink.batches(PODS)).toHaveLength(1);
});

test('B15 a right that is given shows within a minute', async () => {
  await using bed = await start();
  const undo = bed.server.forbid(({ resource }) => resource === 'nodes');
  bed.start(NODES);
  await settled(bed, NODES, 'forbidden');
  undo();
  bed.clock.advance(60_000);
  await settled(bed, NODES, 'live');
});

test('R17 the right to read the whole cluster takes over, without a gap', async () => {
  await using bed = await start({ namespaces: ['shop'] });
  const undo = bed.server.forbid(wide);
  bed.start(PODS);
  await settled(bed, PODS, 'live');
  undo();
  bed.server.watchOf('pods').freeze();
  bed.server.store.delete(PODS, 'shop', 'web');
  bed.clock.advance(300_000);
  await bed.sink.until(() => bed.sink.names(PODS).join() === 'ops/web,tools/web');
  await settled(bed, PODS, 'live');
  expect(bed.sink.state(PODS)).toEqual({ status: 'live' });
});

test('R17 a namespace made later is found', async () => {
  await using bed = await start();
  bed.server.forbid(wide);
  bed.start(PODS);
  await settled(bed, PODS, 'live');
  bed.server.store.set(NAMESPACES, { metadata: { name: 'late' } });
  bed.server.store.set(PODS, pod('web', 'late'));
  bed.clock.advance(300_000);
  await bed.sink.until(() => bed.sink.names(PODS).includes('late/web'));
  await settled(bed, PODS, 'live');
  expect(
    bed.sink
      .batches(PODS)
      .flat()
      .filter(({ type }) => type === 'delete'),
  ).toEqual([]);
});

test('R18 B16 a kind that is not installed is asked for again, and comes and goes', async () => {
  await using bed = await start();
  bed.server.uninstall(NETWORK_POLICIES);
  bed.start(NETWORK_POLICIES);
  await settled(bed, NETWORK_POLICIES, 'not-installed');
  bed.server.install(NETWORK_POLICIES);
  bed.server.store.set(NETWORK_POLICIES, { metadata: { name: 'p', namespace: 'shop' }, spec: {} });
  bed.clock.advance(300_000);
  await settled(bed, NETWORK_POLICIES, 'live');
  expect(bed.sink.names(NETWORK_POLICIES)).toEqual(['shop/p']);

  bed.server.uninstall(NETWORK_POLICIES);
  await untilBelieved(bed, NETWORK_POLICIES);
  await settled(bed, NETWORK_POLICIES, 'not-installed');
  await bed.sink.until(() => bed.sink.names(NETWORK_POLICIES).length === 0);
});

test('R18 a kind that is served in another version alone is read in that one', async () => {
  const kind = (version: string) => ({
    group: 'cilium.io',
    version,
    plural: 'ciliumcidrgroups',
    kind: 'CiliumCIDRGroup',
    namespaced: false,
  });
  const wanted = { ...kind('v2'), otherVersions: ['v2alpha1'] };
  await using bed = await ApiTestbed.start({ resources: [kind('v2alpha1')] });
  bed.server.store.set(kind('v2alpha1'), { metadata: { name: 'office' }, spec: {} });
  bed.start(wanted);
  await settled(bed, wanted, 'live');
  expect(bed.sink.names(wanted)).toEqual(['office']);

  // A newer release serves the newer version alone.
  bed.server.uninstall(kind('v2alpha1'));
  bed.server.install(kind('v2'));
  bed.server.store.set(kind('v2'), { metadata: { name: 'home' }, spec: {} });
  await untilBelieved(bed, wanted);
  await bed.sink.until(() => bed.sink.names(wanted).includes('home'));
  await settled(bed, wanted, 'live');
});

test('R18 a reader without rights still learns that a kind is not installed', async () => {
  await using bed = await start();
  // the API server refuses before it looks whether there is such a resource
  bed.server.intercept(({ path }) =>
    path.endsWith('/networkpolicies') ? { kind: 'status', code: 403, message: 'no' } : null,
  );
  bed.start(NETWORK_POLICIES);
  await settled(bed, NETWORK_POLICIES, 'forbidden');

  await using other = await start();
  other.server.uninstall(NETWORK_POLICIES);
  other.server.intercept(({ path }) =>
    path.endsWith('/networkpolicies') ? { kind: 'status', code: 403, message: 'no' } : null,
  );
  other.start(NETWORK_POLICIES);
  await settled(other, NETWORK_POLICIES, 'not-installed');
});

test('a refusal that nothing else confirms stays a refusal', async () => {
  await using bed = await start();
  bed.server.forbid(() => true);
  bed.start(NETWORK_POLICIES);
  await settled(bed, NETWORK_POLICIES, 'forbidden');
});
