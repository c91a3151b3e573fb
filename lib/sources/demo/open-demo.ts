import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { ClusterSource, SourceSink } from '#lib/sources/cluster-source.ts';
import { Churn } from './churn.ts';
import { type Clock, systemClock } from './clock.ts';
import { DemoCluster } from './demo-cluster.ts';
import { HARBOUR } from './harbour/harbour.ts';
import { type Random, seededRandom } from './random.ts';

interface DemoOptions {
  readonly clock?: Clock;
  /** Decides what happens next; the same numbers give the same history. */
  readonly random?: Random;
  /** False keeps the cluster as it is at the start. Default true. */
  readonly churn?: boolean;
}

/** How long after the start the first thing happens: long enough to look around. */
const FIRST_PAUSE = 8000;

class DemoSource implements ClusterSource {
  readonly origin = { kind: 'demo' } as const;
  readonly #cluster: DemoCluster;
  readonly #clock: Clock;
  readonly #churn: Churn | null;
  #sink: SourceSink | null = null;
  #cancel: () => void = () => {};

  constructor(cluster: DemoCluster, clock: Clock, churn: Churn | null) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#churn = churn;
  }

  start(resources: readonly Resource[], sink: SourceSink): void {
    this.#sink = sink;
    for (const resource of resources) {
      const objects = this.#cluster.objects.list(resource);
      if (objects === null) {
        this.#tell((to) => to.stateChanged(resource, { status: 'not-installed' }));
        continue;
      }
      this.#tell((to) => to.changed(resource, objects));
      this.#tell((to) => to.stateChanged(resource, { status: 'live' }));
    }
    if (this.#churn !== null) this.#schedule(FIRST_PAUSE, this.#churn, resources);
  }

  stop(): Promise<void> {
    this.#sink = null;
    this.#cancel();
    return Promise.resolve();
  }

  #schedule(pause: number, churn: Churn, resources: readonly Resource[]): void {
    if (this.#sink === null) return;
    this.#cancel = this.#clock.after(pause, () => {
      const next = churn.step();
      const changes = this.#cluster.objects.takeChanges();
      for (const resource of resources) {
        const changed = changes.get(resourceName(resource));
        if (changed !== undefined) this.#tell((to) => to.changed(resource, changed));
      }
      this.#schedule(next, churn, resources);
    });
  }

  #tell(message: (sink: SourceSink) => void): void {
    if (this.#sink === null) return;
    try {
      message(this.#sink);
    } catch {
      // A sink's failure is its own; the source goes on telling the rest.
    }
  }
}

/** The cluster of Harbour, a made-up online shop, for looking around without a cluster of one's own. */
export function openDemo(options: DemoOptions = {}): ClusterSource {
  const clock = options.clock ?? systemClock;
  const cluster = new DemoCluster(HARBOUR, () => clock.now().getTime());
  const random = options.random ?? seededRandom(2026);
  const churn = options.churn === false ? null : new Churn(cluster, random);
  return new DemoSource(cluster, clock, churn);
}
