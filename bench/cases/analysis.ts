import type { ClusterShape } from '#bench/clusters/cluster-shape.ts';
import { clusterShape } from '#bench/clusters/cluster-shape.ts';
import {
  type GeneratedCluster,
  generateCluster,
  type ListPage,
  listPages,
} from '#bench/clusters/generated-cluster.ts';
import { storeFor, tell } from '#bench/clusters/load-cluster.ts';
import type { PodForm } from '#bench/clusters/pod-body.ts';
import { cpuOf, measured } from '#bench/measure/stopwatch.ts';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { JsonObject } from '#lib/model/json.ts';
import type { SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { prune } from '#lib/sources/kubernetes-api/prune.ts';
import { apiVersion } from '#lib/sources/kubernetes-api/resource-path.ts';

/** The sizes that goals speak of. */
export const SIZES = {
  '150k': { pods: 150_000, policies: 10_000, namespaces: 10_000 },
  '10k': { pods: 10_000, policies: 1000, namespaces: 300 },
  '1k': { pods: 1000, policies: 100, namespaces: 30 },
} as const;

export function clusterOf(given: Parameters<typeof clusterShape>[0]): GeneratedCluster {
  return generateCluster(clusterShape(given));
}

export interface Read {
  readonly store: SnapshotStore;
  /** CPU milliseconds of JSON.parse alone: J. */
  readonly parsing: number;
  /** CPU milliseconds from parsed objects to a store that holds them. */
  readonly reading: number;
}

/** One page, from its text into the store, as the source of an API does it; in slim ones is nothing to prune. */
export function readPage(
  store: SnapshotStore,
  { resource, text }: Pick<ListPage, 'resource' | 'text'>,
  form: PodForm,
): { readonly parsing: number; readonly reading: number } {
  const parsed = cpuOf(() => JSON.parse(text) as { readonly items: readonly JsonObject[] });
  const { kind } = resource;
  const read = measured(() =>
    tell(
      store,
      resource,
      parsed.value.items.map((item) => {
        const object = { apiVersion: apiVersion(resource), kind, ...item };
        return form === 'slim' ? object : prune(resource, object);
      }),
    ),
  );
  return { parsing: parsed.ms, reading: read.ms };
}

/** Reads the lists of a cluster page by page. */
function readLists(cluster: GeneratedCluster, form: PodForm): Read {
  const store = storeFor(cluster);
  let parsing = 0;
  let reading = 0;
  for (const page of listPages(cluster, { form })) {
    const spent = readPage(store, page, form);
    parsing += spent.parsing;
    reading += spent.reading;
  }
  return { store, parsing, reading };
}

export interface FullAnalysis extends Read {
  readonly connectivity: Connectivity;
  /** CPU milliseconds of everything after JSON.parse. */
  readonly total: number;
  readonly parts: Readonly<Record<'reading' | 'snapshot' | 'analysis' | 'count', number>>;
}

/** From pages to who may connect to whom. */
export function analyseFully(cluster: GeneratedCluster, form: PodForm): FullAnalysis {
  const read = readLists(cluster, form);
  const snapshot = measured(() => read.store.snapshot());
  const analysis = measured(() => analyse(snapshot.value));
  const count = { ms: 0 };
  const parts = {
    reading: read.reading,
    snapshot: snapshot.ms,
    analysis: analysis.ms,
    count: count.ms,
  };
  const total = Object.values(parts).reduce((a, b) => a + b, 0);
  return { ...read, connectivity: analysis.value, total, parts };
}

/** The analysis of a cluster that has changed a little. */
export function reanalyse(snapshot: ClusterSnapshot, previous: Connectivity): Connectivity {
  return analyse(snapshot, previous);
}

/** `10,000 pods, 1,000 policies, 300 namespaces`. */
export function describe({
  pods,
  policies,
  namespaces,
}: Pick<ClusterShape, 'pods' | 'policies' | 'namespaces'>): string {
  const written = (count: number) => count.toLocaleString('en-US');
  return `${written(pods)} pods, ${written(policies)} policies, ${written(namespaces)} namespaces`;
}
