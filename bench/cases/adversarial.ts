import { ADVERSARIES, type Adversary } from '#bench/clusters/cluster-shape.ts';
import { atMost } from '#bench/measure/measurement.ts';
import { settledBytes } from '#bench/measure/memory.ts';
import { analyseFully, clusterOf, countPairs, describe, SIZES } from './analysis.ts';
import { type BenchCase, NOISE } from './bench-case.ts';

/** Clusters whose policies are as hard as can be. */

/** The total may take longer than anybody waits: then it has to end when it is told to. */
const COUNT_LIMIT_MS = 4000;

function sizeFor(adversary: Adversary, quick: boolean) {
  if (adversary === 'one-namespace') return { pods: 5000, policies: 2000, namespaces: 1 };
  return SIZES[quick ? '10k' : '150k'];
}

function adversarial(adversary: Adversary): BenchCase {
  return {
    name: `adversary-${adversary}`,
    title: `adversarial policies: ${adversary}`,
    runs: 1,
    seconds: 60,
    quick: adversary === 'unique-not-in',
    run({ seed, quick, report }) {
      const size = sizeFor(adversary, quick);
      const cluster = clusterOf({ ...size, seed, adversary });
      const before = settledBytes();
      const { total, parsing, connectivity } = analyseFully(cluster, 'slim');
      const retained = settledBytes() - before;
      report({
        id: `adversary-${adversary}`,
        what: `${adversary}, ${describe(size)}`,
        value: total,
        unit: 'ms',
        relative: { to: 'J', ratio: total / parsing },
        goal: atMost(4, 'ratio'),
        noise: NOISE.build,
        detail: `${connectivity.groups.length} groups`,
      });
      report({
        id: `adversary-${adversary}-memory`,
        what: `${adversary}, retained`,
        value: retained,
        unit: 'bytes',
        relative: { to: 'bytes per pod', ratio: retained / size.pods },
        goal: atMost(500_000_000),
        noise: NOISE.memory,
      });
      const { ms, longestSlice, found } = countPairs(connectivity, COUNT_LIMIT_MS);
      report({
        id: `adversary-${adversary}-count`,
        what: `${adversary}, longest slice of the total`,
        value: longestSlice,
        unit: 'ms',
        relative: { to: 'J', ratio: longestSlice / parsing },
        goal: null,
        noise: 2 * NOISE.latency,
        detail:
          found === null
            ? `cancelled after ${(ms / 1000).toFixed(0)} s`
            : `${ms.toFixed(0)} ms in all; ${found.allowed} pairs of pods allowed`,
      });
    },
  };
}

export const ADVERSARIAL: readonly BenchCase[] = ADVERSARIES.map(adversarial);
