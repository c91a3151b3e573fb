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
import { countAllowedPairs } from '#lib/engine/allowed-pairs.ts';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { AllowedPairs } from '#lib/engine/pair-tally.ts';
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
  /** CPU milliseconds of everything after JSON.parse, without counting. */
  readonly total: number;
  readonly parts: Readonly<Record<'reading' | 'snapshot' | 'analysis', number>>;
}

type Counting = ReturnType<typeof countAllowedPairs>;

/** Wall milliseconds of work between two looks at the clock: as a server would slice it. */
const SLICE_MS = 10;

/** Counts for a slice of time; null where there is more to count. */
function countSlice(counting: Counting): AllowedPairs | null {
  const start = performance.now();
  do {
    const step = counting.next();
    if (step.done) return step.value;
  } while (performance.now() - start < SLICE_MS);
  return null;
}

interface Count {
  /** CPU milliseconds. */
  readonly ms: number;
  /** Of them the most in one slice: for so long a loop that counts is held. */
  readonly longestSlice: number;
  /** Null where it was given up. */
  readonly found: AllowedPairs | null;
}

/** The exact total; given up after so many milliseconds. */
export function countPairs(connectivity: Connectivity, limit = Number.POSITIVE_INFINITY): Count {
  let ms = 0;
  let longestSlice = 0;
  const counting = countAllowedPairs(connectivity);
  while (ms < limit) {
    const slice = measured(() => countSlice(counting));
    ms += slice.ms;
    longestSlice = Math.max(longestSlice, slice.ms);
    if (slice.value !== null) return { ms, longestSlice, found: slice.value };
  }
  return { ms, longestSlice, found: null };
}

/** From pages to who may connect to whom. */
export function analyseFully(cluster: GeneratedCluster, form: PodForm): FullAnalysis {
  const read = readLists(cluster, form);
  const snapshot = measured(() => read.store.snapshot());
  const analysis = measured(() => analyse(snapshot.value));
  const parts = {
    reading: read.reading,
    snapshot: snapshot.ms,
    analysis: analysis.ms,
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
