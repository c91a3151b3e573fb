import { analyse } from '#lib/engine/connectivity.ts';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';
import type { Resource } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { RESOURCES_READ } from '#lib/snapshot/resources-read.ts';
import { createSnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { type FakeApiServer, wholeOf } from '#lib/testing/fake-api-server.ts';
import { clusterFacts } from '#lib/view/cluster-facts.ts';
import { graphView } from '#lib/view/graph-builder.ts';
import { parseGraphQuery } from '#lib/view/query-schema.ts';
import type { ExpectedPicture } from './cluster-messages.ts';

/**
 * What the views have to show of the objects that are stored now, made from scratch: without a
 * network, without changes, and without anything a server had kept.
 */
export function expectedPicture(
  server: FakeApiServer,
  namespaces: readonly string[],
): ExpectedPicture {
  const snapshots = createSnapshotStore({
    kinds: POLICY_KINDS,
    notEvaluated: NOT_EVALUATED,
    profile: { detectIn: 'cluster', choice: { name: null, flags: {} } },
  });
  for (const resource of RESOURCES_READ) {
    if (!server.serves(resource)) {
      snapshots.stateChanged(resource, { status: 'not-installed' });
      continue;
    }
    snapshots.stateChanged(resource, { status: 'live' });
    snapshots.changed(
      resource,
      objectsOf(server, resource).map((body) => ({ type: 'set', object: { body, origin: null } })),
    );
  }
  const connectivity = analyse(snapshots.snapshot());
  const context = { cluster: '', revision: 0, readAt: '' };
  return {
    summary: clusterFacts(connectivity),
    graphs: namespaces.map((namespace) => {
      const query = parseGraphQuery(new URLSearchParams({ namespace }));
      const view = graphView(connectivity, context, query);
      if (view === null) throw new Error(`there is no namespace ${namespace}`);
      return view;
    }),
  };
}

function objectsOf({ store }: FakeApiServer, resource: Resource): readonly JsonObject[] {
  const items = store.list(wholeOf(resource), null, 0, null)?.items ?? [];
  const { only } = resource;
  if (only === undefined) return items;
  return items.filter(({ metadata }) => isJsonObject(metadata) && metadata.name === only);
}
