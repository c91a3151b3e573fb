import { Churn, type ChurnKind, type ChurnStep } from '#bench/clusters/churn.ts';
import { measured } from '#bench/measure/stopwatch.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { analyseFully, clusterOf, reanalyse, SIZES } from './analysis.ts';
import type { BenchCase, CaseContext } from './bench-case.ts';
import { reportLatencies } from './latencies.ts';

/** What one event costs in the largest cluster, from the object that came to the new answers. */

interface Kind {
  readonly kind: ChurnKind;
  readonly what: string;
  readonly count: number;
  /** Milliseconds. */
  readonly p95?: number;
}

const KINDS: readonly Kind[] = [
  { kind: 'pod-added', what: 'pod added', count: 300, p95: 0.25 },
  { kind: 'pod-removed', what: 'pod removed', count: 300, p95: 0.25 },
  { kind: 'pod-relabelled', what: 'pod relabelled', count: 100, p95: 0.25 },
  { kind: 'policy-edited', what: 'policy edited', count: 100, p95: 3 },
  { kind: 'namespace-relabelled', what: 'namespace relabelled', count: 50 },
  { kind: 'rollout', what: 'rollout of a workload', count: 50 },
  { kind: 'never-seen-key', what: 'never-seen label key', count: 40, p95: 80 },
];

interface Event {
  readonly all: number;
  readonly engine: number;
}

function happen(
  store: SnapshotStore,
  connectivity: Connectivity,
  { resource, changes }: ChurnStep,
): Event & { readonly connectivity: Connectivity } {
  const snapshot = measured(() => {
    store.changed(resource, changes);
    return store.snapshot();
  });
  const next = measured(() => reanalyse(snapshot.value, connectivity));
  return { all: snapshot.ms + next.ms, engine: next.ms, connectivity: next.value };
}

function run(context: CaseContext): void {
  const { seed, quick } = context;
  const cluster = clusterOf({ ...SIZES[quick ? '10k' : '150k'], seed });
  const { store, parsing, ...first } = analyseFully(cluster, 'slim');
  let { connectivity } = first;
  const churn = new Churn(cluster, seed);
  const next = (kind?: ChurnKind): Event => {
    const event = happen(store, connectivity, churn.step(kind));
    connectivity = event.connectivity;
    return event;
  };
  // a server that follows a cluster has seen changes before
  for (let i = 0; i < (quick ? 50 : 300); i++) next();
  for (const { kind, what, count, p95 } of KINDS) {
    const events = Array.from({ length: quick ? Math.ceil(count / 5) : count }, () => next(kind));
    const shared = { parsing, ...(p95 === undefined ? {} : { p95 }) };
    const samples = events.map(({ all }) => all);
    reportLatencies(context, { id: `change-${kind}`, what, samples, ...shared });
    reportLatencies(context, {
      id: `change-${kind}-engine`,
      what: `${what}, inside the engine`,
      samples: events.map(({ engine }) => engine),
      parsing,
    });
  }
}

export const CHANGES: readonly BenchCase[] = [
  {
    name: 'changes',
    title: 'events in a cluster of 150,000 pods',
    runs: 1,
    seconds: 60,
    quick: true,
    run,
  },
];
