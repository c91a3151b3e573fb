import type { Parsed } from '#lib/manifests/metadata.ts';
import type { JsonObject } from '#lib/model/json.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import type { SourceObject } from '#lib/sources/cluster-source.ts';
import { type ObjectName, objectName } from './object-key.ts';

export type Parse<T> = (body: unknown, origin: ObjectOrigin | null) => Parsed<T>;

/**
 * Stands for an object that was parsed before it is told: of a list that is under way what was made
 * of its objects is held, not the objects.
 */
export class ParsedObject<T> implements SourceObject {
  readonly origin: ObjectOrigin | null;
  readonly parsed: Parsed<T>;
  readonly #name: ObjectName;

  constructor(object: SourceObject, parse: Parse<T>, namespaced: boolean) {
    this.origin = object.origin;
    this.parsed = parse(object.body, object.origin);
    this.#name = objectName({ type: 'set', object }, namespaced);
  }

  /** As much as says which object it is. */
  get body(): JsonObject {
    return { metadata: { ...this.#name } };
  }
}

/** What the object says; `parse` is only asked when it was not parsed before. */
export function parsedOf<T>(object: SourceObject, parse: Parse<T>): Parsed<T> {
  // A table is only told of objects that it prepared itself.
  return object instanceof ParsedObject
    ? (object.parsed as Parsed<T>)
    : parse(object.body, object.origin);
}
