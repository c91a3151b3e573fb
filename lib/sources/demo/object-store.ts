import type { JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { ObjectChange } from '#lib/sources/cluster-source.ts';

function setChange(body: JsonObject): ObjectChange {
  return { type: 'set', object: { body, origin: null } };
}

/** An object that has what every object of the API has. */
export interface NamedObject extends JsonObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: JsonObject[string];
  };
}

function keyOf(namespace: string | null, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/** The objects of some resources, and what changed since the changes were last taken. */
export class ObjectStore {
  readonly #objects: ReadonlyMap<string, Map<string, JsonObject>>;
  #changes = new Map<string, ObjectChange[]>();
  #resourceVersion = 0;

  constructor(resources: readonly Resource[]) {
    this.#objects = new Map(resources.map((resource) => [resourceName(resource), new Map()]));
  }

  /** Stores the object with a resourceVersion, which grows with every write as in etcd. */
  set(resource: Resource, object: NamedObject): void {
    this.#resourceVersion++;
    const resourceVersion = String(this.#resourceVersion);
    const body = { ...object, metadata: { ...object.metadata, resourceVersion } };
    const { namespace, name } = object.metadata;
    this.#of(resource).set(keyOf(namespace ?? null, name), body);
    this.#note(resource, setChange(body));
  }

  delete(resource: Resource, namespace: string | null, name: string): void {
    if (!this.#of(resource).delete(keyOf(namespace, name))) return;
    this.#note(resource, { type: 'delete', namespace, name });
  }

  /** Everything of a resource, as a first list gives it; null for a resource that is not kept here. */
  list(resource: Resource): readonly ObjectChange[] | null {
    const objects = this.#objects.get(resourceName(resource));
    return objects === undefined ? null : [...objects.values()].map(setChange);
  }

  /** By resource name, in the order they happened. */
  takeChanges(): ReadonlyMap<string, readonly ObjectChange[]> {
    const taken = this.#changes;
    this.#changes = new Map();
    return taken;
  }

  #of(resource: Resource): Map<string, JsonObject> {
    const objects = this.#objects.get(resourceName(resource));
    if (objects === undefined) throw new Error(`no ${resourceName(resource)} are kept here`);
    return objects;
  }

  #note(resource: Resource, change: ObjectChange): void {
    const name = resourceName(resource);
    const changes = this.#changes.get(name);
    if (changes === undefined) this.#changes.set(name, [change]);
    else changes.push(change);
  }
}
