import { isJsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import type { ApiConnection } from './api-connection.ts';
import { Failure } from './failure.ts';
import { groupPath } from './resource-path.ts';

const TIMEOUT = 15_000;

/**
 * Whether the API serves a resource at all. A reader without rights is refused before the server
 * looks for the resource, so only this tells "forbidden" from "not installed"; everybody who is
 * authenticated may ask it. Null when even that is refused.
 */
export async function isServed(
  connection: ApiConnection,
  resource: Resource,
  signal: AbortSignal,
): Promise<boolean | null> {
  try {
    const list = await connection.json(groupPath(resource), {}, { signal, timeoutMs: TIMEOUT });
    const served = Array.isArray(list.resources) ? list.resources : [];
    return served.some((entry) => isJsonObject(entry) && entry.name === resource.plural);
  } catch (error) {
    // the core group cannot be missing: whoever says so is not a Kubernetes API
    if (error instanceof Failure && error.status === 404 && resource.group !== '') return false;
    return null;
  }
}
