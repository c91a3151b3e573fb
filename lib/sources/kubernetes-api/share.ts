import { isJsonObject, type Json } from '#lib/model/json.ts';

/**
 * The value, with every part that equals the same part of `former` replaced by it, so that equal
 * parts are held once (R13). Pods come in the order of their names, siblings side by side: labels,
 * owners and containers mostly repeat. Parts of `value` are overwritten.
 */
export function share(value: Json, former: Json | undefined): Json {
  if (value === former) return former;
  const alike = Array.isArray(value)
    ? Array.isArray(former)
    : isJsonObject(value) && isJsonObject(former);
  // what is frozen was shared when it was read
  if (!alike || Object.isFrozen(value)) return value;
  return shareParts(value as Parts, former as Parts) ? (former as Json) : value;
}

/** Fields of an object, or items of an array by their index. */
type Parts = Record<string, Json>;

/** True when all parts are shared now. */
function shareParts(value: Parts, former: Parts): boolean {
  const parts = Object.entries(value);
  let same = parts.length === Object.keys(former).length;
  for (const [name, part] of parts) {
    const shared = Object.hasOwn(former, name) ? share(part, former[name]) : part;
    value[name] = shared;
    same &&= shared === former[name];
  }
  return same;
}
