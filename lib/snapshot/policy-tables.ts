import type { PolicyKind } from '#lib/policies/policy-kind.ts';
import { compileWith, createCompiledOnce } from './compiled-objects.ts';
import type { AskedList } from './gaps.ts';
import { createObjectTable } from './object-table.ts';
import { createPolicyObjects, type PolicyObjects } from './policy-objects.ts';
import { referenceTables, referred } from './references.ts';
import { remember } from './remember.ts';

/** The lists that policies are made of. */
export interface PolicyTables {
  readonly all: readonly AskedList[];
  /** The same object until one of them changes. */
  objects(): PolicyObjects;
}

export function createPolicyTables(kinds: readonly PolicyKind[]): PolicyTables {
  const policies = kinds
    .flatMap(({ resource, compile, alsoServedAs = [] }) => [{ resource, compile }, ...alsoServedAs])
    .map(({ resource, compile }) => ({
      resource,
      table: createObjectTable(resource.namespaced, compileWith(resource, compile)),
    }));
  const references = referenceTables(kinds);
  const compiled = createCompiledOnce();
  const reference = remember(referred);
  const objects = createPolicyObjects();
  return {
    all: [...policies, ...references].map((each) => ({ ...each, affects: 'policies' as const })),
    objects: () =>
      objects(
        compiled(...policies.map(({ table }) => table.values())),
        reference(...references.map(({ table }) => table.values())),
      ),
  };
}
