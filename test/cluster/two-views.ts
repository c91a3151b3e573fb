import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import type { CniProfile } from '#lib/engine/cni-profile.ts';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { JsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { createSnapshotStore, type SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import type { ClusterSource, SourceSink } from '#lib/sources/cluster-source.ts';
import { openManifests } from '#lib/sources/manifests/manifests-source.ts';
import type { FakeObjectStore } from '#lib/testing/fake-object-store.ts';
import { RecordingSink } from '#lib/testing/recording-sink.ts';
import { clusterFacts } from '#lib/view/cluster-facts.ts';
import { graphView } from '#lib/view/graph-builder.ts';
import { parseGraphQuery } from '#lib/view/query-schema.ts';

/** One cluster, read in two ways, and what views show of it. */

const OBJECTS_PER_FILE = 1000;

/** A source that is being read: its objects, and the store that the views are made of. */
export interface Reading {
  readonly source: ClusterSource;
  readonly objects: RecordingSink;
  readonly store: SnapshotStore;
}

/** Starts a source and waits until every list is complete. */
export async function read(
  source: ClusterSource,
  resources: readonly Resource[],
  profile: CniProfile,
): Promise<Reading> {
  const objects = new RecordingSink();
  const store = createSnapshotStore({ kinds: POLICY_KINDS, profile });
  const both: SourceSink = {
    changed(resource, changes) {
      store.changed(resource, changes);
      objects.changed(resource, changes);
    },
    stateChanged(resource, state) {
      store.stateChanged(resource, state);
      objects.stateChanged(resource, state);
    },
    problemsChanged: (problems) => store.problemsChanged(problems),
  };
  source.start(resources, both);
  while (!resources.every((resource) => objects.status(resource) === 'live')) await pass(20);
  return { source, objects, store };
}

/** Writes what a store holds, and some objects more, as files of manifests. */
export function writeManifests(
  folder: string,
  store: FakeObjectStore,
  resources: readonly Resource[],
  others: readonly JsonObject[],
): void {
  mkdirSync(folder);
  const stored = resources.flatMap((resource) => store.list(resource, null, 0, null)?.items ?? []);
  const all = [...stored, ...others];
  for (let from = 0; from < all.length; from += OBJECTS_PER_FILE) {
    const items = all.slice(from, from + OBJECTS_PER_FILE);
    const list = { apiVersion: 'v1', kind: 'List', items };
    writeFileSync(join(folder, `${from}.json`), JSON.stringify(list));
  }
}

export async function readManifests(
  folder: string,
  resources: readonly Resource[],
  profile: CniProfile,
): Promise<Reading> {
  const reading = await read(openManifests({ path: folder }), resources, profile);
  await reading.source.stop();
  return reading;
}

/** What is shown of a cluster: its numbers, and the pictures of these namespaces. */
export function shown({ store }: Reading, namespaces: readonly string[]) {
  const connectivity: Connectivity = analyse(store.snapshot());
  const context = { cluster: 'same', revision: 1, readAt: '' };
  const graphs = namespaces.map((namespace) => {
    const query = parseGraphQuery(new URLSearchParams({ namespace, open: 'true' }));
    return graphView(connectivity, context, query);
  });
  return { ...clusterFacts(connectivity), graphs };
}
