import { controllerOf, namespacedMetadata } from '#lib/manifests/metadata.ts';
import { parsePod, REPLICAS_ANNOTATION } from '#lib/manifests/pod.ts';
import type { ManifestObject } from '#lib/manifests/yaml-documents.ts';
import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { type ObjectRef, refKey } from '#lib/model/object-ref.ts';
import type { FieldPath, Problem } from '#lib/model/problem.ts';
import type { NamedObject } from './named-object.ts';
import { objectProblem } from './source-problems.ts';

/** Pods of the workloads that files describe: there are none until somebody runs them. */

interface TemplatePlace {
  readonly template: FieldPath;
  readonly replicas: FieldPath;
}

const IN_SPEC: TemplatePlace = { template: ['spec', 'template'], replicas: ['spec', 'replicas'] };
const JOB: TemplatePlace = { template: ['spec', 'template'], replicas: ['spec', 'parallelism'] };
const CRON_JOB: TemplatePlace = {
  template: ['spec', 'jobTemplate', 'spec', 'template'],
  replicas: ['spec', 'jobTemplate', 'spec', 'parallelism'],
};

/** By `group/kind`. A DaemonSet runs as often as there are nodes, which files do not say. */
const WORKLOADS: ReadonlyMap<string, TemplatePlace> = new Map([
  ['apps/Deployment', IN_SPEC],
  ['apps/StatefulSet', IN_SPEC],
  ['apps/DaemonSet', IN_SPEC],
  ['apps/ReplicaSet', IN_SPEC],
  ['extensions/Deployment', IN_SPEC],
  ['extensions/DaemonSet', IN_SPEC],
  ['extensions/ReplicaSet', IN_SPEC],
  ['/ReplicationController', IN_SPEC],
  ['batch/Job', JOB],
  ['batch/CronJob', CRON_JOB],
]);

export function isWorkload(group: string, kind: string): boolean {
  return WORKLOADS.has(`${group}/${kind}`);
}

/**
 * One Pod for each workload that has no pod of its own among `pods`, and that no other workload
 * here makes: a Deployment's ReplicaSet is the Deployment. The Pod is named after its workload.
 */
export function templatePods(
  workloads: readonly NamedObject[],
  pods: readonly NamedObject[],
): { readonly pods: readonly NamedObject[]; readonly problems: readonly Problem[] } {
  const realised = realisedWorkloads(workloads, pods);
  const known = new Set(workloads.map((workload) => refKey(workload)));
  const taken = new Set(pods.map((pod) => refKey(pod)));
  const made: NamedObject[] = [];
  const problems: Problem[] = [];
  for (const workload of workloads) {
    const controller = controllerIn(workload);
    if (controller !== null && known.has(refKey(controller))) continue;
    if (realised.has(refKey(workload))) continue;
    const pod = templatePod(workload, (name) =>
      taken.has(refKey({ ...workload, kind: 'Pod', name })),
    );
    if ('code' in pod) problems.push(pod);
    else {
      taken.add(refKey(pod));
      made.push(pod);
    }
  }
  return { pods: made, problems };
}

function controllerIn({ body }: ManifestObject): ObjectRef | null {
  const metadata = namespacedMetadata.safeParse(body.metadata);
  return metadata.success ? controllerOf(metadata.data) : null;
}

/** The workloads that running pods belong to, by refKey: their controllers, and the controllers' own. */
function realisedWorkloads(
  workloads: readonly NamedObject[],
  pods: readonly NamedObject[],
): ReadonlySet<string> {
  const controllers = new Map(
    workloads.map((workload) => [refKey(workload), controllerIn(workload)]),
  );
  const realised = new Set<string>();
  for (const pod of pods) {
    if (isFinished(pod.body)) continue;
    const owner = controllerIn(pod);
    if (owner === null) continue;
    realised.add(refKey(owner));
    const above = controllers.get(refKey(owner)) ?? workloadByName(owner, pod.body);
    if (above !== null) realised.add(refKey(above));
  }
  return realised;
}

function isFinished({ status }: JsonObject): boolean {
  const phase = isJsonObject(status) ? status.phase : null;
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Whose ReplicaSet or Job this is, by the names that their controllers give; they are often left out. */
function workloadByName(owner: ObjectRef, pod: JsonObject): ObjectRef | null {
  const hash = textAt(pod, ['metadata', 'labels', 'pod-template-hash']);
  if (owner.kind === 'ReplicaSet' && hash !== null && owner.name.endsWith(`-${hash}`))
    return { ...owner, kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) };
  const scheduled = owner.kind === 'Job' ? /^(.+)-\d{8,}$/.exec(owner.name)?.[1] : undefined;
  return scheduled === undefined ? null : { ...owner, kind: 'CronJob', name: scheduled };
}

function templatePod(
  workload: NamedObject,
  isTaken: (name: string) => boolean,
): NamedObject | Problem {
  const { group, kind, namespace, name, origin, body } = workload;
  const place = WORKLOADS.get(`${group}/${kind}`) ?? IN_SPEC;
  const template = valueAt(body, place.template);
  if (!isJsonObject(template))
    return objectProblem(workload, {
      code: 'object-invalid',
      severity: 'error',
      message: 'it has no template for its pods',
      hint: `Until it is mended, this ${kind} is left out.`,
      path: place.template,
    });
  const metadata = isJsonObject(template.metadata) ? template.metadata : {};
  const replicas = valueAt(body, place.replicas);
  // A bare pod, or another kind of workload, may have the name already.
  const podName = isTaken(name) ? `${name}-${kind.toLowerCase()}` : name;
  const pod: NamedObject = {
    group: '',
    kind: 'Pod',
    namespace,
    name: podName,
    origin,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: podName,
        namespace: namespace ?? undefined,
        labels: metadata.labels,
        annotations: {
          ...(isJsonObject(metadata.annotations) ? metadata.annotations : {}),
          ...(typeof replicas === 'number' ? { [REPLICAS_ANNOTATION]: String(replicas) } : {}),
        },
        ownerReferences: [{ apiVersion: body.apiVersion, kind, name, controller: true }],
      },
      spec: template.spec,
    },
  };
  const parsed = parsePod(pod.body, origin);
  if (parsed.ok) return pod;
  // The fault lies in the workload, and has its place there.
  const { message, path } = parsed.problem;
  return objectProblem(workload, {
    code: 'object-invalid',
    severity: 'error',
    message,
    hint: `Until it is mended, this ${kind} is left out.`,
    path: [...place.template, ...path],
  });
}

function valueAt(body: JsonObject, path: FieldPath): Json | undefined {
  let value: Json | undefined = body;
  for (const step of path) value = isJsonObject(value) ? value[step] : undefined;
  return value;
}

function textAt(body: JsonObject, path: FieldPath): string | null {
  const value = valueAt(body, path);
  return typeof value === 'string' ? value : null;
}
