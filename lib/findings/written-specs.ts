import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { LintContext } from './context.ts';
import { type PolicyFacts, valueAt } from './policy-facts.ts';

/** Policies as they are written, where the compiled form no longer shows what was. */

/** A spec of an object, and where it stands: Cilium's kinds may have several. */
export interface WrittenSpec {
  readonly facts: PolicyFacts;
  readonly path: FieldPath;
  readonly spec: JsonObject;
}

/** An item of a list, and where it stands. */
export interface WrittenItem {
  readonly path: FieldPath;
  readonly item: JsonObject;
}

/** Each object once, however many policies it was compiled to. */
function objectsOf(
  { policies }: LintContext,
  isMeant: (facts: PolicyFacts) => boolean,
): readonly PolicyFacts[] {
  const found = new Map<string, PolicyFacts>();
  for (const facts of policies) {
    const key = policyKey(facts.policy.ref);
    if (isMeant(facts) && !found.has(key)) found.set(key, facts);
  }
  return [...found.values()];
}

function listAt(body: Json | undefined, path: FieldPath): readonly Json[] {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value : [];
}

/** Every spec of CiliumNetworkPolicy and its cluster-wide kind. */
export function ciliumSpecs(context: LintContext): readonly WrittenSpec[] {
  const objects = objectsOf(context, ({ policy }) => policy.ref.group === 'cilium.io');
  return objects.flatMap((facts) => {
    const { spec } = facts.body;
    const first = isJsonObject(spec) ? [{ facts, path: ['spec'], spec }] : [];
    const more = itemsOf(facts.body, ['specs']).map(({ path, item }) => ({
      facts,
      path,
      spec: item,
    }));
    return [...first, ...more];
  });
}

/** Policies of Calico's own kinds, previews included. */
export function calicoObjects(context: LintContext): readonly PolicyFacts[] {
  return objectsOf(context, ({ policy }) => policy.ref.group === 'projectcalico.org');
}

/** The objects of a list; what else is in it is left out. */
export function itemsOf(body: JsonObject, path: FieldPath): readonly WrittenItem[] {
  return listAt(body, path).flatMap((item, i) =>
    isJsonObject(item) ? [{ path: [...path, i], item }] : [],
  );
}
