import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterShape, profileFor } from '#bench/clusters/cluster-shape.ts';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { CLUSTER_RESOURCES, NAMESPACES, PODS } from '#lib/model/resource.ts';
import { openKubernetesApi } from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { TemporaryDirectory } from '#lib/testing/fake-kubeconfig.ts';
import { FakeObjectStore, type StoredEvent } from '#lib/testing/fake-object-store.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { Churn } from '#test/load/churn.ts';
import { fill } from '#test/load/fill.ts';
import { measureFirstSync } from './measured-sync.ts';
import { mirror } from './mirror.ts';
import { fingerprint, list } from './objects.ts';
import { type Reading, read, readManifests, shown, writeManifests } from './two-views.ts';

/**
 * A generated cluster in a real API server, and the same cluster in files. SIGHTLINE_CLUSTER_PODS makes
 * it larger, to measure with: then what the first sync took is printed.
 */
const MEASURED = process.env.SIGHTLINE_CLUSTER_PODS !== undefined;
const COUNT = Number(process.env.SIGHTLINE_CLUSTER_PODS ?? 2000);
const SHAPE = clusterShape({
  seed: 20_261,
  pods: COUNT,
  policies: Math.ceil(COUNT / 10),
  namespaces: Math.ceil(COUNT / 50),
});
const CHANGES = 400;
const RESOURCES = [...CLUSTER_RESOURCES, NETWORK_POLICIES];
const COMPARED = 25;

const store = new FakeObjectStore();
const directory = new TemporaryDirectory();
let server: ApiServer;
let reading: Reading;
let namespaces: readonly string[];
/** What an API server makes for itself. */
let others: readonly JsonObject[];

/** Makes the real one follow what happens in the store meanwhile. */
async function follow(happen: () => void): Promise<void> {
  const events: StoredEvent[] = [];
  const unsubscribe = store.subscribe((event) => events.push(event));
  happen();
  unsubscribe();
  await mirror(server.call, events);
}

beforeAll(async () => {
  server = await startApiServer();
  const own = await list(server.call, NAMESPACES);
  others = own.map((namespace) => ({ apiVersion: 'v1', kind: 'Namespace', ...namespace }));
  const start = performance.now();
  await follow(() => {
    const filled = fill(store, { cluster: SHAPE, form: 'full', faultyPolicies: 0 });
    namespaces = filled.namespaces.slice(0, COMPARED);
  });
  if (MEASURED) console.log(`created in ${Math.round((performance.now() - start) / 1000)} s`);
}, 600_000);

afterAll(async () => {
  await reading?.source.stop();
  await server?.stop();
  directory[Symbol.dispose]();
});

/** What a pod was given, and what was read of it. */
function labelled(pods: readonly JsonObject[]): string[] {
  return pods
    .map(({ metadata, spec, status }) => {
      const { namespace, name, labels } = isJsonObject(metadata) ? metadata : {};
      const { nodeName } = isJsonObject(spec) ? spec : {};
      const { podIP, phase } = isJsonObject(status) ? status : {};
      const sorted = Object.entries(isJsonObject(labels) ? labels : {}).sort();
      return JSON.stringify([namespace, name, sorted, nodeName, podIP, phase]);
    })
    .sort();
}

/** Waits until what was read is what fresh lists give; then it has to be what was put there, too. */
async function expectTheSame(): Promise<void> {
  for (const resource of [PODS, NAMESPACES, NETWORK_POLICIES]) {
    const wanted = fingerprint(await list(server.call, resource));
    const isFresh = () => fingerprint(reading.objects.objects(resource)).join() === wanted.join();
    for (let tries = 0; tries < 200 && !isFresh(); tries += 1) await pass(50);
    expect(fingerprint(reading.objects.objects(resource))).toEqual(wanted);
  }
  const put = store.list(PODS, null, 0, null)?.items ?? [];
  expect(labelled(reading.objects.objects(PODS))).toEqual(labelled(put));
}

async function expectTheSamePicture(folder: string): Promise<void> {
  const taken = new Set((store.list(NAMESPACES, null, 0, null)?.items ?? []).map(nameOf));
  const further = others.filter((namespace) => !taken.has(nameOf(namespace)));
  writeManifests(directory.file(folder), store, RESOURCES, further);
  const files = await readManifests(join(directory.path, folder), RESOURCES, profileFor(SHAPE));
  const [live, fromFiles] = [shown(reading, namespaces), shown(files, namespaces)];
  // those that have finished do not count
  expect(live.counts.pods).toBeGreaterThan(COUNT * 0.9);
  expect(live.graphs.flatMap((graph) => graph?.edges ?? []).length).toBeGreaterThan(
    namespaces.length,
  );
  expect(live).toEqual(fromFiles);
}

function nameOf({ metadata }: JsonObject): string {
  return isJsonObject(metadata) ? String(metadata.name) : '';
}

test('a large cluster is read as it is stored, and as it was put there', async () => {
  if (MEASURED) console.log(await measureFirstSync(server.kubeconfig));
  const kubeConfig = { file: server.kubeconfig, environment: {} };
  reading = await read(openKubernetesApi({ kubeConfig }), RESOURCES, profileFor(SHAPE));
  await expectTheSame();
}, 300_000);

test('what is shown of it is what is shown of the same manifests in files', async () => {
  await expectTheSamePicture('first');
}, 300_000);

test('after many changes both are the same again', async () => {
  const churn = new Churn(store, SHAPE.seed);
  await follow(() => {
    for (let changes = 0; changes < CHANGES; changes += 1) churn.change();
  });
  await expectTheSame();
  await expectTheSamePicture('changed');
}, 300_000);
