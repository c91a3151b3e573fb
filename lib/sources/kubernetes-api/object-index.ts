import type { JsonObject } from '#lib/model/json.ts';
import type { ObjectChange, SourceObject } from '#lib/sources/cluster-source.ts';
import type { ApiObject } from './api-object.ts';
import { share } from './share.ts';

/** What stands for an object until it is told: the sink's affair (SourceSink.prepare). */
export type Prepare = (object: SourceObject) => SourceObject;

/** Versions by name, by namespace; the namespace of what has none is empty. */
type Published = Map<string, Map<string, Version>>;
/** The uid and the resourceVersion in one text: there is one for every pod of a cluster. */
type Version = string;

/**
 * Which objects were published, and in which version. It holds no bodies: it is there to tell what
 * changed, so that a list read again becomes the difference, and an event that comes twice becomes
 * nothing.
 */
export class ObjectIndex {
  #published: Published = new Map();

  get size(): number {
    let size = 0;
    for (const names of this.#published.values()) size += names.size;
    return size;
  }

  /** A list that is read anew; until it is finished, it changes nothing here. */
  relist(prepare?: Prepare): Relist {
    const replace = (published: Published) => {
      this.#published = published;
    };
    return new Relist(this.#published, replace, prepare);
  }

  set(object: ApiObject): ObjectChange[] {
    const names = namesIn(this.#published, object.namespace);
    const known = names.get(object.name);
    names.set(object.name, versionOf(object));
    return transition(known, object, sourceObject(object));
  }

  /** Nothing when the name is not known, or stands for a newer object by now. */
  delete(object: ApiObject): ObjectChange[] {
    const { namespace, name } = object;
    const names = this.#published.get(namespace ?? '');
    const known = names?.get(name);
    if (names === undefined || known === undefined || !isVersionOf(known, object)) return [];
    names.delete(name);
    if (names.size === 0) this.#published.delete(namespace ?? '');
    return [{ type: 'delete', namespace, name }];
  }

  /** The changes that take back everything. */
  clear(): ObjectChange[] {
    return this.relist().finish();
  }

  /** Hands over what was published in one namespace. */
  take(namespace: string): ObjectIndex {
    const taken = new ObjectIndex();
    const names = this.#published.get(namespace);
    if (names !== undefined) taken.#published.set(namespace, names);
    this.#published.delete(namespace);
    return taken;
  }

  /** Takes over what another index published in namespaces that this one knows nothing of. */
  adopt(other: ObjectIndex): void {
    for (const [namespace, names] of other.#published) this.#published.set(namespace, names);
    other.#published = new Map();
  }
}

/** A list that is being read, next to what was published before. */
export class Relist {
  readonly #before: Published;
  readonly #replace: (published: Published) => void;
  readonly #prepare: Prepare;
  #former: JsonObject | undefined;
  #now: Published = new Map();
  #changes: ObjectChange[] = [];

  constructor(
    before: Published,
    replace: (published: Published) => void,
    prepare: Prepare = (object) => object,
  ) {
    this.#before = before;
    this.#replace = replace;
    this.#prepare = prepare;
  }

  /** Of objects that are as they were published nothing is kept. */
  add(objects: readonly ApiObject[]): void {
    for (const object of objects) {
      const { namespace, name } = object;
      const known = this.#before.get(namespace ?? '')?.get(name);
      const version = versionOf(object);
      const isKnown = known === version;
      // the same text, not one that says the same
      namesIn(this.#now, namespace).set(name, isKnown ? known : version);
      if (isKnown) continue;
      const read = sourceObject(object);
      const told = this.#prepare(read);
      // an object that is held as it was read is held in common with its siblings
      if (told === read) this.#share(object.body);
      for (const change of transition(known, object, told)) this.#changes.push(change);
    }
  }

  #share(body: JsonObject): void {
    if (this.#former !== undefined) share(body, this.#former);
    this.#former = body;
  }

  /** What was read so far is void. */
  restart(): void {
    this.#former = undefined;
    this.#now = new Map();
    this.#changes = [];
  }

  /** The changes that turn what was published into what was read, at once (R12). */
  finish(): ObjectChange[] {
    const changes: ObjectChange[] = [];
    for (const [namespace, names] of this.#before)
      for (const name of names.keys())
        if (this.#now.get(namespace)?.has(name) !== true)
          changes.push({ type: 'delete', namespace: namespace === '' ? null : namespace, name });
    for (const change of this.#changes) changes.push(change);
    this.#replace(this.#now);
    this.restart();
    return changes;
  }
}

/** A new uid under an old name is another object: the old one goes, the new one comes. */
function transition(
  known: Version | undefined,
  object: ApiObject,
  told: SourceObject,
): ObjectChange[] {
  const set: ObjectChange = { type: 'set', object: told };
  if (known === undefined) return [set];
  if (known === versionOf(object)) return [];
  const { namespace, name } = object;
  return isVersionOf(known, object) ? [set] : [{ type: 'delete', namespace, name }, set];
}

function sourceObject({ body }: ApiObject): SourceObject {
  return { body, origin: null };
}

function namesIn(published: Published, namespace: string | null): Map<string, Version> {
  const known = published.get(namespace ?? '');
  if (known !== undefined) return known;
  const names = new Map<string, Version>();
  published.set(namespace ?? '', names);
  return names;
}

const BETWEEN = '\n';

function versionOf({ uid, resourceVersion }: ApiObject): Version {
  // joined, not added: an added text would hold on to both of its parts
  return [uid, resourceVersion].join(BETWEEN);
}

/** Whether it is a version of this very object. */
function isVersionOf(version: Version, { uid }: ApiObject): boolean {
  return version.startsWith(uid) && version[uid.length] === BETWEEN;
}
