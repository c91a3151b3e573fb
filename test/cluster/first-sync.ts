/**
 * Reads a cluster once and prints what that took, as JSON.
 * usage: node test/cluster/first-sync.ts KUBECONFIG
 */
import { setTimeout as pass } from 'node:timers/promises';
import { KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { CLUSTER_RESOURCES, resourceName } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { createSnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { openKubernetesApi } from '#lib/sources/kubernetes-api/kubernetes-api-source.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';

const [, , file = ''] = process.argv;
const RESOURCES = [...CLUSTER_RESOURCES, NETWORK_POLICIES];
const store = createSnapshotStore({ kinds: POLICY_KINDS, profile: KUBERNETES_PROFILE });
const source = openKubernetesApi({ kubeConfig: { file, environment: {} } });

const before = process.cpuUsage();
const start = performance.now();
source.start(RESOURCES, store);
const states = () => RESOURCES.map((resource) => store.states().get(resourceName(resource)));
while (!states().every((list) => list?.state.status === 'live')) await pass(5);
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    objects: states().reduce((sum, list) => sum + (list?.objects ?? 0), 0),
    seconds: milliseconds / 1000,
    processorSeconds: (user + system) / 1e6,
    mostResidentMiB: process.resourceUsage().maxRSS / 1024,
    requests: source.statistics().requests,
  }),
);
await source.stop();
