import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { NAMESPACES, resourceName } from '#lib/model/resource.ts';
import type { StoredEvent } from '#lib/testing/fake-object-store.ts';
import type { ApiServer } from '#test/kube-apiserver/api-server.ts';
import { apply, pathsOf, remove } from './objects.ts';

/** Brings what happened in a store that only tests know to a real API server. */

/** Requests under way; more make kube-apiserver no faster on a small machine. */
const PARALLEL = 32;

/** Without what an API server gives an object itself, and with what it insists on. */
function written(object: JsonObject): JsonObject {
  const { status: _, metadata, ...rest } = object;
  const given = isJsonObject(metadata) ? metadata : {};
  const { uid: __, resourceVersion: ___, managedFields: ____, ...named } = given;
  const { ownerReferences: owners } = named;
  const owned = Array.isArray(owners) ? { ownerReferences: owners.map(identified) } : {};
  const body = object.kind === 'ReplicaSet' ? replicaSetBody(named) : {};
  return { ...rest, ...body, metadata: { ...named, ...owned } };
}

/** No garbage collector is there to look for the owner. */
function identified(owner: Json): Json {
  return isJsonObject(owner) ? { uid: 'some', ...owner } : owner;
}

/** What Sightline never reads and an API server insists on. */
function replicaSetBody({ name }: JsonObject): JsonObject {
  const labels = { app: String(name) };
  const containers = [{ name: 'main', image: 'registry.example/main:1' }];
  return {
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

async function happen(call: ApiServer['call'], { type, object }: StoredEvent): Promise<void> {
  const body = written(object);
  if (type === 'DELETED') return remove(call, body);
  const { self } = pathsOf(body);
  // only these keep what is written of their status at once
  const whole = object.kind === 'Node' ? { ...body, status: object.status } : body;
  if (type === 'ADDED') await apply(call, whole);
  else await call('PUT', self, whole);
  // no kubelet is there to say that a pod runs
  if (object.kind === 'Pod')
    await call('PUT', `${self}/status`, { ...body, status: object.status });
}

/** Makes the events happen, those of one object in their order; namespaces that others need first. */
export async function mirror(
  call: ApiServer['call'],
  events: readonly StoredEvent[],
): Promise<void> {
  const isNamespace = ({ resource }: StoredEvent) => resource === resourceName(NAMESPACES);
  for (const part of [events.filter(isNamespace), events.filter((event) => !isNamespace(event))]) {
    const objects = [...Map.groupBy(part, keyOf).values()].reverse();
    const workers = Array.from({ length: PARALLEL }, async () => {
      for (let own = objects.pop(); own !== undefined; own = objects.pop()) {
        for (const event of own) await happen(call, event);
      }
    });
    await Promise.all(workers);
  }
}

function keyOf({ resource, namespace, object: { metadata } }: StoredEvent): string {
  const name = isJsonObject(metadata) ? metadata.name : '';
  return `${resource} ${namespace ?? ''}/${String(name)}`;
}
