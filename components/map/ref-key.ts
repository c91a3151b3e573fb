import type { ObjectRef } from '#lib/model/object-ref.ts';

/** Reads what refKey wrote of a namespaced object: `shop/web[Deployment]`; null for anything else. */
export function parseRefKey(key: string): ObjectRef | null {
  const [, namespace, name, kind] = /^([^/[\]>]+)\/([^/[\]>]+)\[([A-Za-z]+)\]$/.exec(key) ?? [];
  if (namespace === undefined || name === undefined || kind === undefined) return null;
  return { kind, namespace, name };
}
