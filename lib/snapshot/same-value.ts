/**
 * Whether two pieces of plain data say the same, the order of keys included. Most events of a live
 * cluster change what is not read: an object that says the same stays the same object, and whatever
 * was worked out from it stays too.
 */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const shape = Object.getPrototypeOf(a);
  if (shape !== Object.getPrototypeOf(b)) return false;
  switch (shape) {
    case Array.prototype:
      return areSame(a as readonly unknown[], b as readonly unknown[]);
    case Map.prototype:
    case Set.prototype:
      return areSameInOrder(a as Collection, b as Collection);
    case Object.prototype:
      return areSameObjects(a as Fields, b as Fields);
    default:
      return false;
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Collection = ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>;

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
}

function areSameInOrder(a: Collection, b: Collection): boolean {
  if (a.size !== b.size) return false;
  const others = b.entries();
  for (const [key, value] of a.entries()) {
    const [otherKey, other] = others.next().value ?? [];
    if (key !== otherKey || !isSame(value, other)) return false;
  }
  return true;
}

function areSameObjects(a: Fields, b: Fields): boolean {
  const keys = Object.keys(a);
  return areSame(keys, Object.keys(b)) && keys.every((key) => isSame(a[key], b[key]));
}
