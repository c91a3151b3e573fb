import type { ClusterSnapshot, PolicyDocument } from '#lib/engine/cluster-snapshot.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { PolicyKind } from '#lib/policies/policy-kind.ts';
import { compiledOnce, compileWith } from './compiled-objects.ts';
import type { AskedList } from './gaps.ts';
import { createObjectTable } from './object-table.ts';
import { referenceTables, referred } from './references.ts';
import { lazily, remember } from './remember.ts';

/** What the policies of a cluster say, and what they refer to. */
export interface PolicyObjects extends Pick<ClusterSnapshot, 'policies' | 'tiers' | 'addressSets'> {
  /** Made when it is first asked for. */
  readonly documents: () => ClusterSnapshot['documents'];
  readonly problems: readonly Problem[];
  /** Those that they are in. */
  readonly namespaces: ReadonlySet<string>;
}

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
  const compiled = remember(compiledOnce);
  const reference = remember(referred);
  const objects = remember(policyObjects);
  return {
    all: [...policies, ...references].map((each) => ({ ...each, affects: 'policies' as const })),
    objects: () =>
      objects(
        compiled(...policies.map(({ table }) => table.values())),
        reference(...references.map(({ table }) => table.values())),
      ),
  };
}

function policyObjects(
  compiled: ReturnType<typeof compiledOnce>,
  { tiers, addressSets: sets, problems }: ReturnType<typeof referred>,
): PolicyObjects {
  const policies = compiled.flatMap((each) => each.policies);
  const addressSets = [...sets, ...compiled.flatMap((each) => each.addressSets)];
  return {
    policies,
    documents: lazily(
      () => new Map(compiled.map(({ key, document }): [string, PolicyDocument] => [key, document])),
    ),
    tiers,
    addressSets,
    problems: [...compiled.flatMap((each) => each.problems), ...problems],
    namespaces: new Set([...policies, ...addressSets].flatMap(({ ref }) => ref.namespace ?? [])),
  };
}
