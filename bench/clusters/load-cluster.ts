import type { JsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { RESOURCES_READ } from '#lib/snapshot/resources-read.ts';
import { createSnapshotStore, type SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { profileFor } from './cluster-shape.ts';
import type { GeneratedCluster } from './generated-cluster.ts';

/** A store for a generated cluster, with every list complete and nothing in it yet. */
export function storeFor({ shape }: Pick<GeneratedCluster, 'shape'>): SnapshotStore {
  const store = createSnapshotStore({ kinds: POLICY_KINDS, profile: profileFor(shape) });
  for (const resource of RESOURCES_READ) store.stateChanged(resource, { status: 'live' });
  return store;
}

/** Tells a store of objects, as a source does. */
export function tell(
  store: SnapshotStore,
  resource: Resource,
  bodies: readonly JsonObject[],
): void {
  store.changed(
    resource,
    bodies.map((body) => ({ type: 'set', object: { body, origin: null } })),
  );
}

/** A store that holds the whole cluster. */
export function loadCluster(cluster: GeneratedCluster): SnapshotStore {
  const store = storeFor(cluster);
  for (const resource of cluster.resources) tell(store, resource, [...cluster.objects(resource)]);
  return store;
}
