import { ADVERSARIES, type Adversary } from '#bench/clusters/cluster-shape.ts';
import { atMost } from '#bench/measure/measurement.ts';
import { settledBytes } from '#bench/measure/memory.ts';
import { analyseFully, clusterOf, describe, SIZES } from './analysis.ts';
import { type BenchCase, NOISE } from './bench-case.ts';

/** Clusters whose policies are as hard as can be. */

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
      const { total, parts, parsing, connectivity } = analyseFully(cluster, 'slim');
      const retained = settledBytes() - before;
      const compiled = total - parts.count;
      report({
        id: `adversary-${adversary}`,
        what: `${adversary}, ${describe(size)}`,
        value: compiled,
        unit: 'ms',
        relative: { to: 'J', ratio: compiled / parsing },
        goal: atMost(4, 'ratio'),
        noise: NOISE.build,
        detail: `${connectivity.groups.length} groups; the total takes ${parts.count.toFixed(0)} ms more`,
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
    },
  };
}

export const ADVERSARIAL: readonly BenchCase[] = ADVERSARIES.map(adversarial);
