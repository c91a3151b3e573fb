import { monitorEventLoopDelay } from 'node:perf_hooks';
import { clusterShape, profileFor } from '#bench/clusters/cluster-shape.ts';
import { atMost } from '#bench/measure/measurement.ts';
import { startApiPages } from '#bench/servers/start-api-pages.ts';
import { createLog } from '#lib/server/log.ts';
import { createThreadedHost } from '#lib/server/threaded-host.ts';
import { SIZES } from './analysis.ts';
import { type BenchCase, type CaseContext, NOISE } from './bench-case.ts';

/** The largest cluster through the whole server: from the first request to the first picture. */

/** How often the loop is looked at; what it is late beyond that is lag. */
const RESOLUTION_MS = 5;
const CLUSTER_MEMORY_MB = 1024;

async function run({ seed, quick, report, skip }: CaseContext): Promise<void> {
  const shape = clusterShape({ ...SIZES[quick ? '10k' : '150k'], seed });
  using server = await startApiPages(shape, 'protobuf');
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const host = createThreadedHost(
    {
      name: 'bench',
      origin: { kind: 'kubernetes-api', context: 'test', server: 'loopback' },
      opening: {
        kind: 'kubernetes-api',
        kubeConfig: { file: server.kubeConfig, environment: {}, allowHttp: true },
        context: null,
      },
      profile: profileFor(shape),
      logLevel: 'silent',
    },
    { log: createLog('silent'), onChange: () => {}, clusterMemory: CLUSTER_MEMORY_MB },
  );
  lag.enable();
  const start = performance.now();
  host.start();
  const { counts, freshness } = await host.settled();
  const seconds = (performance.now() - start) / 1000;
  lag.disable();
  const resident = process.resourceUsage().maxRSS * 1024;
  await host.stop();
  if (counts.pods === 0) {
    const why = 'cause' in freshness ? freshness.cause : freshness.status;
    skip({ id: 'first-sync', what: 'first sync over HTTP', why, missed: true });
    return;
  }
  const what = `first sync of ${shape.pods.toLocaleString('en-US')} full pods over HTTP`;
  report({
    id: 'first-sync',
    what,
    value: seconds,
    unit: 's',
    relative: null,
    goal: atMost(20),
    noise: NOISE.wall,
    detail: `to the first picture; ${counts.pods} pods in ${counts.workloads} workloads`,
  });
  report({
    id: 'first-sync-resident',
    what: `${what}, resident`,
    value: resident,
    unit: 'bytes',
    relative: { to: 'bytes per pod', ratio: resident / shape.pods },
    goal: atMost(2 ** 30),
    noise: NOISE.build,
    detail: 'the whole process, at most',
  });
  report({
    id: 'first-sync-lag',
    what: `${what}, loop lag p99`,
    value: Math.max(0, lag.percentile(99) / 1e6 - RESOLUTION_MS),
    unit: 'ms',
    relative: null,
    goal: atMost(50),
    noise: NOISE.wall,
    detail: `of the main thread, at most ${(lag.max / 1e6).toFixed(0)} ms`,
  });
}

export const FIRST_SYNC: readonly BenchCase[] = [
  {
    name: 'first-sync',
    title: 'a whole cluster over HTTP',
    runs: 1,
    seconds: 120,
    quick: true,
    run,
  },
];
