import type { ClusterShape } from '#bench/clusters/cluster-shape.ts';
import type { PodForm } from '#bench/clusters/pod-body.ts';
import { atMost, type Goal } from '#bench/measure/measurement.ts';
import { analyseFully, clusterOf, countPairs, describe, SIZES } from './analysis.ts';
import { type BenchCase, NOISE } from './bench-case.ts';

/** The full analysis of a cluster, cold, by size and kind of policies. */

interface Build {
  readonly name: string;
  readonly size: { readonly pods: number; readonly policies: number; readonly namespaces: number };
  readonly form?: PodForm;
  readonly kinds?: ClusterShape['kinds'];
  readonly goal?: Goal;
  readonly runs?: number;
  readonly quick?: boolean;
  readonly series?: string;
}

function build({ name, size, form = 'slim', kinds = 'network-policy', ...more }: Build): BenchCase {
  const title = `full analysis with exact total, ${describe(size)}${form === 'full' ? ', full pods' : ''}${
    kinds === 'network-policy' ? '' : `, kinds: ${kinds}`
  }`;
  return {
    name,
    title,
    runs: more.runs ?? 3,
    seconds: 90,
    quick: more.quick ?? false,
    run({ seed, report }) {
      const { connectivity, parsing, ...analysis } = analyseFully(
        clusterOf({ ...size, seed, kinds }),
        form,
      );
      const count = countPairs(connectivity);
      const total = analysis.total + count.ms;
      const parts = { ...analysis.parts, counting: count.ms };
      const spent = Object.entries(parts).map(([part, ms]) => `${part} ${ms.toFixed(0)}`);
      report({
        id: name,
        what: title,
        value: total,
        unit: 'ms',
        relative: { to: 'J', ratio: total / parsing },
        goal: more.goal ?? null,
        noise: NOISE.build,
        ...(more.series === undefined ? {} : { point: { series: more.series, size: size.pods } }),
        detail: `${spent.join(', ')} ms; J ${parsing.toFixed(0)} ms; ${count.found?.allowed} pairs of pods allowed`,
      });
    },
  };
}

export const BUILDS: readonly BenchCase[] = [
  build({ name: 'build-1k', size: SIZES['1k'], goal: atMost(5, 'ratio'), runs: 7, quick: true }),
  build({
    name: 'build-10k',
    size: SIZES['10k'],
    goal: atMost(1.5, 'ratio'),
    runs: 5,
    quick: true,
  }),
  build({ name: 'build-150k', size: SIZES['150k'], goal: atMost(0.7, 'ratio'), quick: true }),
  build({
    name: 'build-150k-full',
    size: SIZES['150k'],
    form: 'full',
    goal: atMost(0.1, 'ratio'),
    runs: 1,
  }),
  build({
    name: 'build-150k-all-kinds',
    size: SIZES['150k'],
    kinds: 'all',
    goal: atMost(1.4, 'ratio'),
    runs: 1,
  }),
];

/** A policy and a namespace for every fifteen pods, as in the largest cluster. */
const GROWTH = [1, 3, 10, 30, 100, 150].map((thousands) => ({
  thousands,
  size: {
    pods: thousands * 1000,
    policies: Math.round(thousands * 1000 * 0.0667),
    namespaces: Math.round(thousands * 1000 * 0.0667),
  },
}));

const SERIES = { 'network-policy': 'NetworkPolicy alone', all: 'all kinds' } as const;

/** The same kind of cluster in many sizes: how cost grows. */
export const GROWTHS: readonly BenchCase[] = (['network-policy', 'all'] as const).flatMap((kinds) =>
  GROWTH.map(({ thousands, size }) =>
    build({
      name: `growth-${kinds}-${thousands}k`,
      size,
      kinds,
      runs: thousands <= 10 ? 3 : 1,
      series: SERIES[kinds],
    }),
  ),
);
