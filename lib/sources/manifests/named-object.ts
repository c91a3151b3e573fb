import { refOf } from '#lib/manifests/metadata.ts';
import type { ManifestObject } from '#lib/manifests/yaml-documents.ts';
import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import type { Problem } from '#lib/model/problem.ts';

/** An object that can be told from others, completed as the API server would. */
export interface NamedObject extends ManifestObject {
  readonly group: string;
  readonly kind: string;
  /** Null for the kinds that lie in no namespace. */
  readonly namespace: string | null;
  readonly name: string;
}

/** `''` for the core group. */
export function groupAndVersion(apiVersion: Json | undefined): { group: string; version: string } {
  const [group = '', version] = String(apiVersion).split('/');
  return version === undefined ? { group: '', version: group } : { group, version };
}

/** Without a namespace of its own an object lies in `default`, as for kubectl. */
export function nameObject(
  { body, origin }: ManifestObject,
  namespaced: boolean,
): NamedObject | Problem {
  const kind = String(body.kind);
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  // A generated name ends in letters that nobody knows yet.
  const name = metadata.name ?? metadata.generateName;
  const namespace = namespaced ? (metadata.namespace ?? 'default') : null;
  const refuse = (field: string, value: Json | undefined): Problem => ({
    code: 'object-invalid',
    severity: 'error',
    message:
      value === undefined || value === ''
        ? `metadata.${field} is missing`
        : `metadata.${field} is ${JSON.stringify(value)}, not text: quote it`,
    hint: `Until it is mended, this ${kind} is left out.`,
    object: refOf(kind, body),
    path: ['metadata', field],
    origin,
  });
  if (typeof name !== 'string' || name === '') return refuse('name', name);
  if (namespace !== null && (typeof namespace !== 'string' || namespace === ''))
    return refuse('namespace', namespace);
  const { namespace: _, ...others } = metadata;
  const completed: JsonObject = {
    ...body,
    metadata: { ...others, name, ...(namespace === null ? {} : { namespace }) },
  };
  const { group } = groupAndVersion(body.apiVersion);
  return { body: completed, origin, group, kind, namespace, name };
}
