import { gzipSync } from 'node:zlib';
import { streamOf } from '#bench/clusters/streams.ts';
import { atMost } from '#bench/measure/measurement.ts';
import { percentile } from '#bench/measure/statistics.ts';
import { measured } from '#bench/measure/stopwatch.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import { explainConnection } from '#lib/engine/explain.ts';
import type { Question } from '#lib/server/question.ts';
import { pick } from '#lib/sources/demo/random.ts';
import { analyseFully, clusterOf, SIZES } from './analysis.ts';
import { type BenchCase, type CaseContext, NOISE } from './bench-case.ts';
import { reportLatencies } from './latencies.ts';
import { asker, graphQuestion, someNamespaces, someWorkloads } from './questions.ts';

/** What people ask of the largest cluster: how long an answer takes, and how large it is. */

/** Before anything counts: a server that answers has answered before. */
const WARM_UP = 40;

function reportSize(
  { report }: CaseContext,
  id: string,
  what: string,
  sizes: readonly number[],
  limit: number,
): void {
  report({
    id,
    what,
    value: percentile(sizes, 0.95),
    unit: 'bytes',
    relative: null,
    goal: atMost(limit),
    noise: NOISE.size,
    detail: `p95 of ${sizes.length}, at most ${Math.max(...sizes)} bytes`,
  });
}

/** Milliseconds, and bytes over the wire, of each answer. */
async function answered(connectivity: Connectivity, questions: readonly Question[]) {
  const ask = asker(connectivity);
  const times: number[] = [];
  const sizes: number[] = [];
  for (const question of questions) {
    const build = await ask(question);
    const { ms, value } = measured(build);
    times.push(ms);
    sizes.push(gzipSync(value).length);
  }
  return { times: times.slice(WARM_UP), sizes: sizes.slice(WARM_UP) };
}

async function askAround(context: CaseContext): Promise<void> {
  const { seed, quick } = context;
  const cluster = clusterOf({ ...SIZES[quick ? '10k' : '150k'], seed });
  const { connectivity, parsing } = analyseFully(cluster, 'slim');
  const count = WARM_UP + (quick ? 60 : 300);

  const workloads = await answered(connectivity, someWorkloads(cluster, seed, count));
  reportLatencies(context, {
    id: 'query-pod',
    what: 'pod query, explained',
    samples: workloads.times,
    parsing,
    p50: 2,
    p95: 12,
  });
  reportSize(context, 'size-pod', 'to the browser, a pod, gzipped', workloads.sizes, 4_000);

  const names = someNamespaces(cluster, seed, count).map(({ name }) => name);
  const namespaces = await answered(connectivity, names.map(graphQuestion));
  reportLatencies(context, {
    id: 'query-namespace',
    what: 'namespace view',
    samples: namespaces.times,
    parsing,
    p50: 6,
    p95: 15,
  });
  reportSize(
    context,
    'size-namespace',
    'to the browser, a namespace, gzipped',
    namespaces.sizes,
    20_000,
  );

  const random = streamOf(seed, 'pairs');
  const { groups } = connectivity;
  const pairs = Array.from({ length: 2000 }, () => [pick(random, groups), pick(random, groups)]);
  const times = pairs.map(([source, destination]) => {
    if (source === undefined || destination === undefined) return 0;
    const port = { protocol: 'TCP', port: 8080 } as const;
    return measured(() => explainConnection(connectivity, source, destination, port)).ms;
  });
  reportLatencies(context, {
    id: 'query-pair',
    what: 'one pair explained',
    samples: times.slice(WARM_UP),
    parsing,
    p95: 0.1,
  });
}

async function overview(context: CaseContext): Promise<void> {
  const { seed, quick, report } = context;
  const { connectivity, parsing } = analyseFully(
    clusterOf({ ...SIZES[quick ? '10k' : '150k'], seed }),
    'slim',
  );
  const build = await asker(connectivity)(graphQuestion(null));
  const { ms, value } = measured(build);
  report({
    id: 'query-overview',
    what: 'whole namespace graph',
    value: ms,
    unit: 'ms',
    relative: { to: 'J', ratio: ms / parsing },
    goal: atMost(200),
    noise: NOISE.latency,
    detail: 'the first time it is asked for',
  });
  const what = 'to the browser, the overview of 10,000 namespaces, gzipped';
  reportSize(context, 'size-overview', what, [gzipSync(value).length], 500_000);
}

export const QUERIES: readonly BenchCase[] = [
  {
    name: 'queries',
    title: 'questions to a cluster of 150,000 pods',
    runs: 1,
    seconds: 60,
    quick: true,
    run: askAround,
  },
  {
    name: 'overview',
    title: 'the picture of a cluster of 10,000 namespaces',
    runs: 1,
    seconds: 40,
    quick: true,
    run: overview,
  },
];
