import { parentPort, workerData } from 'node:worker_threads';
import { analyse } from '#lib/engine/connectivity.ts';
import type { ClusterHostOptions } from '#lib/server/cluster-host.ts';
import { serveCluster } from '#lib/server/cluster-service.ts';
import type { ClusterPlan } from '#lib/server/thread-messages.ts';

/** A cluster's thread in which what its cluster's name says goes wrong; for tests. */

function spin(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

function overridesFor({ name, revision }: ClusterPlan): Partial<ClusterHostOptions> {
  switch (name) {
    case 'slow':
      return {
        analyse: (snapshot) => {
          spin(1500);
          return analyse(snapshot);
        },
      };
    case 'hangs':
    case 'pauses':
      return {
        analyse: (snapshot) => {
          setTimeout(() => spin(name === 'hangs' ? 60_000 : 4000), 200);
          return analyse(snapshot);
        },
      };
    case 'crashes-once':
      if (revision === 0) setTimeout(() => Promise.reject(new Error('planted')), 1000);
      return {};
    case 'crashes':
      throw new Error('planted');
    case 'hungry': {
      const eaten: number[][] = [];
      setInterval(() => eaten.push(Array.from({ length: 1_000_000 }, Math.random)), 1);
      return {};
    }
    default:
      return {};
  }
}

if (parentPort !== null) {
  const plan = workerData as ClusterPlan;
  serveCluster(parentPort, plan, overridesFor(plan));
}
