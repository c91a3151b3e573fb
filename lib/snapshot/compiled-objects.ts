import type { AddressSet, PolicyDocument } from '#lib/engine/cluster-snapshot.ts';
import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { Parsed } from '#lib/manifests/metadata.ts';
import { isJsonObject } from '#lib/model/json.ts';
import { compareText, policyKey } from '#lib/model/object-ref.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import type { Resource } from '#lib/model/resource.ts';
import type { Compile } from '#lib/policies/policy-kind.ts';
import { refOf } from './references.ts';
import { remember } from './remember.ts';

/** An object that holds policies, compiled; of these the document is kept, to show it. */
export interface CompiledObject {
  readonly key: string;
  readonly policies: readonly CompiledPolicy[];
  readonly problems: readonly Problem[];
  readonly addressSets: readonly AddressSet[];
  readonly document: PolicyDocument;
}

export function compileWith({ kind }: Resource, compile: Compile) {
  return (body: unknown, origin: ObjectOrigin | null): Parsed<CompiledObject> => {
    const { policies, problems, addressSets = [] } = compile(body);
    const [first] = policies;
    const object = first?.ref ?? refOf(kind, body);
    return {
      ok: true,
      value: {
        // An object without policies has problems all the same.
        key:
          first === undefined
            ? JSON.stringify(isJsonObject(body) ? body.metadata : null)
            : policyKey(first.ref),
        policies,
        problems: problems.map((each) => ({ ...each, object, origin })),
        addressSets,
        document: { body, origin },
      },
    };
  };
}

/**
 * Gives the function for the objects that hold policies, sorted; of those that several lists have, the
 * first list's (CAL-1). After most changes the same objects are there, and their order is known.
 */
export function createCompiledOnce(): (
  ...lists: readonly (readonly CompiledObject[])[]
) => readonly CompiledObject[] {
  let last: readonly CompiledObject[] = [];
  /** Where among the objects of all lists each one comes from. */
  let order: readonly number[] = [];
  return remember((...lists) => {
    const objects = lists.flat();
    if (!haveSameKeys(objects, last)) order = orderOf(objects.map(({ key }) => key));
    last = objects;
    const once: CompiledObject[] = [];
    for (const at of order) {
      const object = objects[at];
      if (object !== undefined) once.push(object);
    }
    return once;
  });
}

function haveSameKeys(a: readonly CompiledObject[], b: readonly CompiledObject[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i] || each.key === b[i]?.key);
}

function orderOf(keys: readonly string[]): readonly number[] {
  const sorted = [...keys.keys()].sort((a, b) => compareText(keys[a] ?? '', keys[b] ?? ''));
  return sorted.filter((at, i) => i === 0 || keys[at] !== keys[sorted[i - 1] ?? at]);
}
