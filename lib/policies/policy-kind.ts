import type { AddressSet } from '#lib/engine/cluster-snapshot.ts';
import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { Tier } from '#lib/engine/tiers.ts';
import type { Problem } from '#lib/model/problem.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';

/** What compiling one object gave: a policy even for an invalid one, which may touch verdicts; several of one ref where an object holds several. */
export interface Compilation {
  readonly policies: readonly CompiledPolicy[];
  readonly problems: readonly Omit<Problem, 'object' | 'origin'>[];
  /** What other policies refer to by its labels, where the object is that as well. */
  readonly addressSets?: readonly AddressSet[];
}

/**
 * Compiles one object with `metadata.name` (and `metadata.namespace` when namespaced). Never
 * throws: what cannot be understood becomes a problem, and makes what it touches unknown.
 */
export type Compile = (body: unknown) => Compilation;

/**
 * What a kind of policy declares. Shared code never asks which kind it has: everything it needs
 * stands here or in the compiled form.
 */
export interface PolicyKind {
  readonly resource: Resource;
  readonly compile: Compile;
  /**
   * The same objects under another group or version. They compile to the same refs, and those that
   * `resource` has too are dropped (CAL-1).
   */
  readonly alsoServedAs?: readonly { readonly resource: Resource; readonly compile: Compile }[];
  /** Kinds that policies of this kind refer to. */
  readonly refersTo?: readonly ReferenceKind[];
}

/** What an object that policies refer to says. */
export type Reference =
  | { readonly kind: 'tier'; readonly tier: Tier }
  | { readonly kind: 'address-set'; readonly set: AddressSet };

export interface ReferenceKind {
  readonly resource: Resource;
  /** The same objects under another group or version; one of the same name there is dropped. */
  readonly alsoServedAs?: readonly Resource[];
  /** Never throws: null where there is nothing to refer to, and then a problem says why. */
  readonly parse: (body: unknown) => {
    readonly reference: Reference | null;
    readonly problems: Compilation['problems'];
  };
}

/** Everything that has to be read to evaluate these kinds, each resource once. */
export function resourcesOf(kinds: readonly PolicyKind[]): readonly Resource[] {
  const resources = kinds.flatMap(({ resource, alsoServedAs = [], refersTo = [] }) => [
    resource,
    ...alsoServedAs.map((each) => each.resource),
    ...refersTo.flatMap((kind) => [kind.resource, ...(kind.alsoServedAs ?? [])]),
  ]);
  return [...new Map(resources.map((each) => [resourceName(each), each])).values()];
}
