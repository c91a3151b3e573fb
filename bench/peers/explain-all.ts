import { cniProfile } from '#lib/engine/cni-profile.ts';
import { analyse } from '#lib/engine/connectivity.ts';
import { explainConnection } from '#lib/engine/explain.ts';
import { resourceName } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { RESOURCES_READ } from '#lib/snapshot/resources-read.ts';
import { createSnapshotStore, type SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { openManifests } from '#lib/sources/manifests/manifests-source.ts';

/** Explains every connection between groups of pods in a folder of manifests, a line of JSON each. */

const [folder = '.'] = process.argv.slice(2);
const profile = cniProfile('kubernetes');
if (profile === null) throw new Error('no profile');

const { promise: read, resolve } = Promise.withResolvers<void>();
const store = createSnapshotStore({ kinds: POLICY_KINDS, profile });
const waiting = new Set(RESOURCES_READ.map(resourceName));
const sink: SnapshotStore = {
  ...store,
  stateChanged(resource, state) {
    store.stateChanged(resource, state);
    waiting.delete(resourceName(resource));
    if (waiting.size === 0) resolve();
  },
};
const source = openManifests({ path: folder });
source.start(RESOURCES_READ, sink);
await read;
await source.stop();

const connectivity = analyse(store.snapshot());
let text = '';
for (const from of connectivity.groups)
  for (const to of connectivity.groups) {
    const answer = explainConnection(connectivity, from, to, null);
    text += `${JSON.stringify({ from: from.pods[0].name, to: to.pods[0].name, ...answer })}\n`;
    if (text.length < 1_000_000) continue;
    process.stdout.write(text);
    text = '';
  }
process.stdout.write(text);
