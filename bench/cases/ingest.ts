import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterShape } from '#bench/clusters/cluster-shape.ts';
import { clusterShape } from '#bench/clusters/cluster-shape.ts';
import { generateCluster, listPages } from '#bench/clusters/generated-cluster.ts';
import { storeFor } from '#bench/clusters/load-cluster.ts';
import { writeManifests } from '#bench/clusters/write-manifests.ts';
import { atMost } from '#bench/measure/measurement.ts';
import { cpuOf, cpuWhile } from '#bench/measure/stopwatch.ts';
import type { Wire } from '#bench/servers/api-pages.ts';
import { startApiPages } from '#bench/servers/start-api-pages.ts';
import { PODS, resourceName } from '#lib/model/resource.ts';
import { RESOURCES_READ } from '#lib/snapshot/resources-read.ts';
import type { SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import type { ClusterSource } from '#lib/sources/cluster-source.ts';
import { openKubernetesApi } from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { openManifests } from '#lib/sources/manifests/manifests-source.ts';
import { TemporaryDirectory } from '#lib/testing/fake-kubeconfig.ts';
import { SIZES } from './analysis.ts';
import { type BenchCase, type CaseContext, NOISE } from './bench-case.ts';

/** What reading full pods costs, from their bytes to the store: reading objects is dearer than judging them. */

/** CPU milliseconds of JSON.parse over texts that are read one after the other. */
function parsingOf(texts: Iterable<string>): number {
  let parsing = 0;
  for (const text of texts) parsing += cpuOf(() => JSON.parse(text)).ms;
  return parsing;
}

function* pagesOf(shape: ClusterShape): Generator<string> {
  for (const { text } of listPages(generateCluster(shape), { form: 'full' })) yield text;
}

function* filesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) yield readFileSync(join(folder, name), 'utf8');
}

/** A store that tells when every list was read. */
function watchedStore(shape: ClusterShape): { store: SnapshotStore; read: Promise<void> } {
  const { promise: read, resolve } = Promise.withResolvers<void>();
  const inner = storeFor({ shape });
  const waiting = new Set(RESOURCES_READ.map(resourceName));
  const store: SnapshotStore = {
    ...inner,
    stateChanged(resource, state) {
      inner.stateChanged(resource, state);
      if (state.status === 'syncing') return;
      waiting.delete(resourceName(resource));
      if (waiting.size === 0) resolve();
    },
  };
  return { store, read };
}

interface Ingest {
  readonly id: string;
  readonly what: string;
  /** In J. */
  readonly limit: number;
  readonly source: ClusterSource;
  /** What the source reads. */
  readonly texts: Iterable<string>;
}

async function ingest(
  { report }: CaseContext,
  shape: ClusterShape,
  { id, what, limit, source, texts }: Ingest,
): Promise<void> {
  const { store, read } = watchedStore(shape);
  const { ms, allThreads } = await cpuWhile(async () => {
    source.start(RESOURCES_READ, store);
    await read;
  });
  const pods = store.states().get(resourceName(PODS))?.objects;
  await source.stop();
  if (pods !== shape.pods) throw new Error(`${pods} of ${shape.pods} pods were read`);
  const parsing = parsingOf(texts);
  report({
    id,
    what,
    value: ms,
    unit: 'ms',
    relative: { to: 'J', ratio: ms / parsing },
    goal: atMost(limit, 'ratio'),
    noise: NOISE.build,
    detail: `${shape.pods} pods; all threads ${allThreads.toFixed(0)} ms; J ${parsing.toFixed(0)} ms`,
  });
}

/** Enough that what is slow only at first does not count for much. */
function shapeOf({ seed, quick }: CaseContext): ClusterShape {
  return clusterShape({ ...SIZES['10k'], pods: quick ? 10_000 : 30_000, seed });
}

async function fromFiles(context: CaseContext): Promise<void> {
  const shape = shapeOf(context);
  using directory = new TemporaryDirectory();
  writeManifests(generateCluster(shape), directory.path, { form: 'full', format: 'json' });
  await ingest(context, shape, {
    id: 'ingest-files',
    what: 'ingest of full pods from JSON files',
    limit: 0.4,
    source: openManifests({ path: directory.path }),
    texts: filesIn(directory.path),
  });
}

interface Live {
  readonly id: string;
  readonly what: string;
  readonly wire: Wire;
  readonly limit: number;
}

function live({ wire, ...about }: Live) {
  return async (context: CaseContext): Promise<void> => {
    const shape = shapeOf(context);
    using server = await startApiPages(shape, wire);
    const kubeConfig = { file: server.kubeConfig, environment: {}, allowHttp: true };
    const source = openKubernetesApi({ kubeConfig });
    await ingest(context, shape, { ...about, source, texts: pagesOf(shape) });
  };
}

const LIVE: Live = {
  id: 'ingest-live-json',
  what: 'ingest of full pods, live, as JSON',
  wire: 'full',
  limit: 0.5,
};
const LIVE_PROTOBUF: Live = {
  id: 'ingest-live-protobuf',
  what: 'ingest of full pods, live, in protobuf',
  wire: 'protobuf',
  limit: 0.15,
};

const SHARED = { runs: 1, seconds: 60, quick: true } as const;

export const INGEST: readonly BenchCase[] = [
  { ...SHARED, name: 'ingest-files', title: 'full pods from files', run: fromFiles },
  { ...SHARED, name: LIVE.id, title: LIVE.what, run: live(LIVE) },
  { ...SHARED, name: LIVE_PROTOBUF.id, title: LIVE_PROTOBUF.what, run: live(LIVE_PROTOBUF) },
];
