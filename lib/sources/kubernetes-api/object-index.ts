import type { ObjectChange } from '#lib/sources/cluster-source.ts';
import type { ApiObject } from './api-object.ts';

type Identity = Pick<ApiObject, 'namespace' | 'name' | 'uid' | 'resourceVersion'>;

/**
 * Which objects were published. It holds no bodies: it is there to tell what changed, so that a
 * list read again becomes the difference, and an event that comes twice becomes nothing.
 */
export class ObjectIndex {
  #published = new Map<string, Identity>();

  get size(): number {
    return this.#published.size;
  }

  /** The changes that turn what was published into `objects`, at once (R12). */
  replace(objects: readonly ApiObject[]): ObjectChange[] {
    const before = this.#published;
    this.#published = new Map();
    const changes: ObjectChange[] = [];
    for (const object of objects) {
      const key = keyOf(object);
      changes.push(...transition(before.get(key), object));
      before.delete(key);
      this.#published.set(key, identity(object));
    }
    return [...[...before.values()].map(deletion), ...changes];
  }

  set(object: ApiObject): ObjectChange[] {
    const key = keyOf(object);
    const changes = transition(this.#published.get(key), object);
    this.#published.set(key, identity(object));
    return changes;
  }

  /** Nothing when the name is not known, or stands for a newer object by now. */
  delete(object: ApiObject): ObjectChange[] {
    const key = keyOf(object);
    const known = this.#published.get(key);
    if (known === undefined || known.uid !== object.uid) return [];
    this.#published.delete(key);
    return [deletion(known)];
  }

  /** The changes that take back everything. */
  clear(): ObjectChange[] {
    return this.replace([]);
  }

  /** Hands over what was published in one namespace. */
  take(namespace: string): ObjectIndex {
    const taken = new ObjectIndex();
    for (const [key, known] of this.#published) {
      if (known.namespace !== namespace) continue;
      taken.#published.set(key, known);
      this.#published.delete(key);
    }
    return taken;
  }

  /** Takes over what another index published. */
  adopt(other: ObjectIndex): void {
    for (const [key, known] of other.#published) this.#published.set(key, known);
    other.#published.clear();
  }
}

/** A new uid under an old name is another object: the old one goes, the new one comes. */
function transition(known: Identity | undefined, object: ApiObject): ObjectChange[] {
  const set: ObjectChange = { type: 'set', object: { body: object.body, origin: null } };
  if (known === undefined) return [set];
  if (known.uid !== object.uid) return [deletion(known), set];
  return known.resourceVersion === object.resourceVersion ? [] : [set];
}

function deletion(known: Identity): ObjectChange {
  return { type: 'delete', namespace: known.namespace, name: known.name };
}

function keyOf(object: Identity): string {
  return object.namespace === null ? object.name : `${object.namespace}/${object.name}`;
}

/** Without the body, which would otherwise be held twice. */
function identity({ namespace, name, uid, resourceVersion }: ApiObject): Identity {
  return { namespace, name, uid, resourceVersion };
}
