import type { JsonObject } from '#lib/model/json.ts';
import type { ClusterPlan } from './cluster-plan.ts';
import { withEverything } from './full-pod.ts';
import { type PodPlan, slimPod } from './pods.ts';

/** slim: what Sightline reads of a pod. full: all that an API server sends, some 7.5 KB. */
export type PodForm = 'slim' | 'full';

/** The pod as an API serves it. */
export function podBody(pod: PodPlan, { shape }: ClusterPlan, form: PodForm): JsonObject {
  const slim = slimPod(pod, shape.nodes);
  return form === 'slim' ? slim : withEverything(slim, pod, shape.nodes);
}
