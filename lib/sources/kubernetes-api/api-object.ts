import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import { Failure } from './failure.ts';
import { prune } from './prune.ts';
import { apiVersion } from './resource-path.ts';

/** An object of the API, pruned, with what identifies it and its version. */
export interface ApiObject {
  readonly body: JsonObject;
  readonly namespace: string | null;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * Reads an item of a list or the object of a watch event. Items of a list come without apiVersion
 * and kind; here every object gets them. Throws a Failure `malformed` when it is of another kind or
 * cannot be identified: skipping it would read as its absence (R11).
 */
export function readObject(resource: Resource, raw: Json | undefined): ApiObject {
  if (!isJsonObject(raw)) throw malformed(resource, 'is not an object');
  const known = identify(resource, raw);
  const body = prune(resource, { apiVersion: apiVersion(resource), kind: resource.kind, ...raw });
  return { body, ...known };
}

/** The same for an object that was pruned while it was read. */
export function readPruned(resource: Resource, body: Json | undefined): ApiObject {
  if (!isJsonObject(body)) throw malformed(resource, 'is not an object');
  return { body, ...identify(resource, body) };
}

function identify(resource: Resource, raw: JsonObject): Omit<ApiObject, 'body'> {
  if (raw.kind !== undefined && raw.kind !== resource.kind)
    throw malformed(resource, 'has another kind');
  if (raw.apiVersion !== undefined && raw.apiVersion !== apiVersion(resource)) {
    throw malformed(resource, 'has another apiVersion');
  }
  const metadata = isJsonObject(raw.metadata) ? raw.metadata : {};
  const { name, uid, resourceVersion, namespace } = metadata;
  if (!isText(name)) throw malformed(resource, 'has no name');
  // a server that knows no field selectors would send what nobody asked for
  if (resource.only !== undefined && resource.only !== name) {
    throw malformed(resource, 'has another name');
  }
  if (!isText(uid)) throw malformed(resource, 'has no uid');
  if (!isText(resourceVersion)) throw malformed(resource, 'has no resourceVersion');
  if (resource.namespaced !== isText(namespace)) throw malformed(resource, 'has the wrong scope');
  return { namespace: isText(namespace) ? namespace : null, name, uid, resourceVersion };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function malformed(resource: Resource, problem: string): Failure {
  return new Failure(
    { kind: 'malformed' },
    `the API server sent a ${resource.kind} that ${problem}`,
  );
}
