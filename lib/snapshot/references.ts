import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { Parsed } from '#lib/manifests/metadata.ts';
import { isJsonObject } from '#lib/model/json.ts';
import { type ObjectRef, refKey } from '#lib/model/object-ref.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { PolicyKind, Reference, ReferenceKind } from '#lib/policies/policy-kind.ts';
import { createObjectTable, type ObjectTable } from './object-table.ts';

/** Objects that policies refer to: tiers, and sets of addresses. */

interface ReferenceObject {
  readonly ref: ObjectRef;
  readonly reference: Reference | null;
  readonly problems: readonly Problem[];
}

/** The name an object has, for problems with it. */
export function refOf(kind: string, body: unknown): ObjectRef {
  const metadata = isJsonObject(body) && isJsonObject(body.metadata) ? body.metadata : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return { kind, namespace: text(metadata.namespace), name: text(metadata.name) ?? '' };
}

function parseWith({ kind }: Resource, parse: ReferenceKind['parse']) {
  return (body: unknown, origin: ObjectOrigin | null): Parsed<ReferenceObject> => {
    const { reference, problems } = parse(body);
    const ref = refOf(kind, body);
    return {
      ok: true,
      value: {
        ref,
        reference,
        problems: problems.map((each) => ({ ...each, object: ref, origin })),
      },
    };
  };
}

/** A table for each resource that policies of these kinds refer to. */
export function referenceTables(
  kinds: readonly PolicyKind[],
): readonly { readonly resource: Resource; readonly table: ObjectTable<ReferenceObject> }[] {
  const tables = kinds
    .flatMap(({ refersTo = [] }) => refersTo)
    .flatMap(({ resource, alsoServedAs = [], parse }) =>
      [resource, ...alsoServedAs].map((each) => ({ resource: each, parse })),
    );
  return [...new Map(tables.map((each) => [resourceName(each.resource), each])).values()].map(
    ({ resource, parse }) => ({
      resource,
      table: createObjectTable(resource.namespaced, parseWith(resource, parse)),
    }),
  );
}

/** What the objects say, and problems with any; of those that several lists have, the first list's. */
export function referred(
  ...lists: readonly (readonly ReferenceObject[])[]
): Pick<ClusterSnapshot, 'tiers' | 'addressSets' | 'problems'> {
  const objects = lists.flat();
  const once = new Map<string, Reference>();
  for (const { ref, reference } of objects) {
    if (reference === null) continue;
    // One kind in one API group after the other: the same name is the same object.
    const scope = reference.kind === 'tier' ? reference.kind : reference.set.resource;
    const key = `${scope}/${refKey(ref)}`;
    if (!once.has(key)) once.set(key, reference);
  }
  const all = [...once.values()];
  return {
    tiers: all.flatMap((each) => (each.kind === 'tier' ? [each.tier] : [])),
    addressSets: all.flatMap((each) => (each.kind === 'address-set' ? [each.set] : [])),
    problems: objects.flatMap(({ problems }) => problems),
  };
}
