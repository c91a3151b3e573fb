import type { JsonObject } from '#lib/model/json.ts';
import { CLUSTER_RESOURCES, type Resource } from '#lib/model/resource.ts';
import { listPath } from '#lib/sources/kubernetes-api/resource-path.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import type { RecordingSink } from '#lib/testing/recording-sink.ts';
import type { ApiServer } from '#test/kube-apiserver/api-server.ts';

type Call = ApiServer['call'];
interface Metadata {
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: JsonObject;
}

const metadataOf = (object: JsonObject) => object.metadata as Metadata & JsonObject;

/** Creates an object; one that is there gets the labels of this one. */
export async function apply(call: Call, object: JsonObject): Promise<void> {
  const { list, self } = pathsOf(object);
  try {
    await call('POST', list, object);
  } catch (error) {
    if (!String(error).includes('409')) throw error;
    const existing = (await call('GET', self)) as JsonObject;
    const { labels } = metadataOf(object);
    await call('PUT', self, { ...existing, metadata: { ...metadataOf(existing), labels } });
  }
}

/** Deletes at once: no kubelet is there to say that the containers have ended. */
export async function remove(call: Call, object: JsonObject): Promise<void> {
  await call('DELETE', pathsOf(object).self, { gracePeriodSeconds: 0 });
}

export async function list(call: Call, resource: Resource): Promise<readonly JsonObject[]> {
  return (await call('GET', listPath(resource, null))).items as JsonObject[];
}

export function namespace(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function pod(name: string, within: string, labels: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: within, labels },
    spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
  };
}

/** Name, identity and version of each: two views agree when these do. */
export function fingerprint(objects: readonly JsonObject[]): string[] {
  return objects
    .map((object) => {
      const { namespace: within = '', name, uid, resourceVersion } = metadataOf(object);
      return `${within}/${name} ${uid} ${resourceVersion}`;
    })
    .sort();
}

/** Waits until what was told is what a fresh list gives. */
export async function untilFresh(
  call: Call,
  sink: RecordingSink,
  resource: Resource,
): Promise<void> {
  const wanted = fingerprint(await list(call, resource)).join('\n');
  await sink.until(() => fingerprint(sink.objects(resource)).join('\n') === wanted);
}

/** Where an object is listed, and where it is itself. */
export function pathsOf(object: JsonObject): { readonly list: string; readonly self: string } {
  const resource = [...CLUSTER_RESOURCES, NETWORK_POLICIES].find(
    ({ kind }) => kind === object.kind,
  );
  if (resource === undefined) throw new Error(`no resource for ${String(object.kind)}`);
  const { namespace: within = null, name } = metadataOf(object);
  const path = listPath(resource, within);
  return { list: path, self: `${path}/${name}` };
}
