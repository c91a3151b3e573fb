import { clusterShape } from '#bench/clusters/cluster-shape.ts';
import { generateCluster } from '#bench/clusters/generated-cluster.ts';
import type { JsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import type { FakeObjectStore } from '#lib/testing/fake-object-store.ts';
import type { Profile } from './profiles.ts';

export interface Filled {
  readonly resources: readonly Resource[];
  readonly objects: number;
  /** Those with most pods first. */
  readonly namespaces: readonly string[];
}

/** Long enough that two hundred of them make a summary that a slow reader chokes on. */
const FAULT_LENGTH = 1500;
/** No pod is in it: faults are to be told, not to be answered for. */
const FAULTY = 'faulty';

/** No policy that an API server would store: its fault is told with the field's whole name. */
function faultyPolicy(index: number): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `faulty-${index}`, namespace: FAULTY },
    spec: { podSelector: {}, [`x${index}`.padEnd(FAULT_LENGTH, 'y')]: true },
  };
}

/** Stores the generated objects of a profile's cluster. */
export function fill(
  store: FakeObjectStore,
  { cluster, form, faultyPolicies }: Pick<Profile, 'cluster' | 'form' | 'faultyPolicies'>,
): Filled {
  const { plan, resources, objects: objectsOf } = generateCluster(clusterShape(cluster));
  let objects = 0;
  for (const resource of resources) {
    for (const object of objectsOf(resource, form)) {
      store.set(resource, object);
      objects += 1;
    }
  }
  for (let index = 0; index < faultyPolicies; index += 1) {
    store.set(NETWORK_POLICIES, faultyPolicy(index));
    objects += 1;
  }
  const largestFirst = [...plan.namespaces].sort((a, b) => b.pods - a.pods);
  return { resources, objects, namespaces: largestFirst.map(({ name }) => name) };
}
