import type { DemoCluster } from './demo-cluster.ts';
import type { PodState } from './objects.ts';
import { pick, type Random } from './random.ts';
import type { Workload } from './workload.ts';

/**
 * Something that happens in the cluster, told in steps with a pause after each. One story runs at a
 * time, and each ends with as many pods as the workload wants.
 */
type Story = Generator<void, void>;

/** The workload that an autoscaler looks after, and its bounds. */
const AUTOSCALED = { namespace: 'shop', name: 'web', least: 6, most: 10 } as const;

/** A Deployment loses a pod: the successor starts first, under a new name and address. */
function* replacePod(cluster: DemoCluster, old: PodState): Story {
  const fresh = cluster.createPod(old.workload);
  yield;
  cluster.startPod(fresh);
  yield;
  const leaving = cluster.stopPod(old);
  yield;
  cluster.removePod(leaving);
}

/** A StatefulSet restarts a pod: the same name comes back with a new uid and address. */
function* restartPod(cluster: DemoCluster, old: PodState): Story {
  const leaving = cluster.stopPod(old);
  yield;
  cluster.removePod(leaving);
  const fresh = cluster.createPod(old.workload);
  yield;
  cluster.startPod(fresh);
}

/** The autoscaler adds or takes a pod or two; the youngest go first. */
function* scale(cluster: DemoCluster, workload: Workload, random: Random): Story {
  const pods = cluster.podsOf(workload);
  const wish = pods.length + pick(random, [-2, -1, 1, 2]);
  const replicas = Math.min(AUTOSCALED.most, Math.max(AUTOSCALED.least, wish));
  cluster.setReplicas(workload, replicas);
  const leaving = pods.slice(replicas).map((pod) => cluster.stopPod(pod));
  const fresh: PodState[] = [];
  for (let i = pods.length; i < replicas; i++) fresh.push(cluster.createPod(workload));
  yield;
  for (const pod of fresh) cluster.startPod(pod);
  for (const pod of leaving) cluster.removePod(pod);
}

/** A CronJob's run: its pod appears, works, completes; then the run before is cleared away. */
function* runJob(cluster: DemoCluster, workload: Workload): Story {
  const previous = cluster.podsOf(workload);
  const run = cluster.createRun(workload);
  const pending = cluster.createPod(workload, run.job);
  yield;
  const running = cluster.startPod(pending);
  yield;
  yield;
  cluster.finishPod(running);
  cluster.finishRun(run);
  yield;
  for (const pod of previous) {
    cluster.removePod(pod);
    if (pod.owner !== null) cluster.removeRun(workload, pod.owner.name);
  }
}

function nextStory(cluster: DemoCluster, random: Random): Story {
  const ofKind = (kind: Workload['kind']) =>
    cluster.workloads.filter((workload) => workload.kind === kind);
  const anyPod = (kind: Workload['kind']) =>
    pick(random, cluster.podsOf(pick(random, ofKind(kind))));
  const chance = random();
  if (chance < 0.4) return replacePod(cluster, anyPod('Deployment'));
  if (chance < 0.5) return restartPod(cluster, anyPod('StatefulSet'));
  if (chance < 0.7) return runJob(cluster, pick(random, ofKind('CronJob')));
  const { namespace, name } = AUTOSCALED;
  const scaled = cluster.workloads.find((w) => w.namespace === namespace && w.name === name);
  if (scaled === undefined) throw new Error(`no ${namespace}/${name} to scale`);
  return scale(cluster, scaled, random);
}

/** Lets small things happen in the cluster, one after the other, for ever. */
export class Churn {
  readonly #cluster: DemoCluster;
  readonly #random: Random;
  #story: Story | null = null;

  constructor(cluster: DemoCluster, random: Random) {
    this.#cluster = cluster;
    this.#random = random;
  }

  /** Tells the next step. Gives the pause after it, in milliseconds: longer when a story is over. */
  step(): number {
    this.#story ??= nextStory(this.#cluster, this.#random);
    if (this.#story.next().done !== true) return 2000 + this.#random() * 2000;
    this.#story = null;
    return 5000 + this.#random() * 7000;
  }
}
