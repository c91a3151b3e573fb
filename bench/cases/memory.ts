import { listPages } from '#bench/clusters/generated-cluster.ts';
import { storeFor } from '#bench/clusters/load-cluster.ts';
import { atMost } from '#bench/measure/measurement.ts';
import { peakBytes, settledBytes } from '#bench/measure/memory.ts';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { Resource } from '#lib/model/resource.ts';
import type { SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { clusterOf, readPage, SIZES } from './analysis.ts';
import { type BenchCase, NOISE } from './bench-case.ts';

interface Page {
  readonly resource: Resource;
  readonly text: Buffer;
}

/** So many pages are read between two collections. */
const PAGES_AT_ONCE = 30;

function readingSteps(store: SnapshotStore, pages: readonly Page[]): readonly (() => void)[] {
  const starts = Array.from(
    { length: Math.ceil(pages.length / PAGES_AT_ONCE) },
    (_, i) => i * PAGES_AT_ONCE,
  );
  return starts.map((start) => () => {
    for (const { resource, text } of pages.slice(start, start + PAGES_AT_ONCE))
      readPage(store, { resource, text: text.toString('utf8') }, 'slim');
  });
}

/** What the largest cluster takes in memory: held, and at most while it is read and analysed. */
export const MEMORY: readonly BenchCase[] = [
  {
    name: 'memory',
    title: 'memory for a cluster of 150,000 pods',
    runs: 1,
    seconds: 60,
    quick: true,
    run({ seed, report }) {
      const { pods } = SIZES['150k'];
      const cluster = clusterOf({ ...SIZES['150k'], seed });
      // as bytes, beside the heap: they are the input
      const pages = [...listPages(cluster)].map(({ resource, text }) => ({
        resource,
        text: Buffer.from(text),
      }));
      const before = settledBytes();
      const store = storeFor(cluster);
      let connectivity: Connectivity | null = null;
      const steps = [
        ...readingSteps(store, pages),
        () => void store.snapshot(),
        () => {
          connectivity = analyse(store.snapshot());
        },
      ];
      const peak = peakBytes(steps);
      const retained = settledBytes() - before;
      const perPod = { to: 'bytes per pod', ratio: retained / pods };
      report({
        id: 'memory-retained',
        what: 'retained at 150,000 pods',
        value: retained,
        unit: 'bytes',
        relative: perPod,
        goal: atMost(700, 'ratio'),
        noise: NOISE.memory,
        // naming what is held keeps it until here: the input, and what was made of it
        detail: `${connectivity === null ? 'nothing' : 'its analysis'}, and ${pages.length} pages of input beside it`,
      });
      report({
        id: 'memory-peak',
        what: 'peak above the input at 150,000 pods',
        value: peak - before,
        unit: 'bytes',
        relative: { to: 'bytes per pod', ratio: (peak - before) / pods },
        goal: atMost(130_000_000),
        noise: 2 * NOISE.memory,
        detail: 'the most that a collection of garbage found in use',
      });
    },
  },
];
