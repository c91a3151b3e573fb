import type { GeneratedCluster } from '#bench/clusters/generated-cluster.ts';
import { streamOf } from '#bench/clusters/streams.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import { createClusterViews } from '#lib/server/cluster-views.ts';
import type { Question } from '#lib/server/question.ts';
import { pick } from '#lib/sources/demo/random.ts';
import { parseGraphQuery } from '#lib/view/query-schema.ts';

/** Questions as a browser asks them, and what answers them on the server. */

export function graphQuestion(namespace: string | null): Question {
  const parameters = new URLSearchParams(namespace === null ? {} : { namespace });
  return { view: 'graph', query: parseGraphQuery(parameters) };
}

/** Of namespaces that have pods, each as likely as another. */
export function someNamespaces({ plan }: GeneratedCluster, seed: number, count: number) {
  const random = streamOf(seed, 'namespaces asked for');
  const inhabited = plan.namespaces.filter(({ pods }) => pods > 0);
  return Array.from({ length: count }, () => pick(random, inhabited));
}

/** Workloads of some namespaces; what has ended takes part in no traffic, and has no view. */
export function someWorkloads(
  cluster: GeneratedCluster,
  seed: number,
  count: number,
): readonly Question[] {
  const random = streamOf(seed, 'workloads asked for');
  const questions: Question[] = [];
  for (const { name: namespace, workloads } of someNamespaces(cluster, seed, 2 * count)) {
    const running = workloads.filter(({ finished }) => !finished);
    if (running.length === 0) continue;
    const { kind, name } = pick(random, running);
    questions.push({ view: 'workload', namespace, kind, name });
  }
  return questions.slice(0, count);
}

/** Answers a question with the view's text; each time anew, as if nobody had asked before. */
export function asker(connectivity: Connectivity) {
  const views = createClusterViews('bench');
  const picture = { connectivity, revision: 1, readAt: '2026-01-01T00:00:00.000Z' };
  return async (question: Question): Promise<() => string> => {
    const { build } = await views(picture, question);
    return () => JSON.stringify(build());
  };
}
