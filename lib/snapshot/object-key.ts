import { isJsonObject } from '#lib/model/json.ts';
import type { ObjectChange } from '#lib/sources/cluster-source.ts';

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The object a change is about; its namespace is empty for objects of the whole cluster. */
export function objectName(change: ObjectChange, namespaced: boolean): ObjectName {
  const metadata = change.type === 'set' ? change.object.body.metadata : change;
  const fields: { readonly namespace?: unknown; readonly name?: unknown } = isJsonObject(metadata)
    ? metadata
    : {};
  return {
    namespace: namespaced ? (text(fields.namespace) ?? 'default') : '',
    name: text(fields.name) ?? '',
  };
}

/** Sorts as namespace and name do: no name holds the character between them. */
export function objectKey(change: ObjectChange, namespaced: boolean): string {
  const { namespace, name } = objectName(change, namespaced);
  return `${namespace}\0${name}`;
}
