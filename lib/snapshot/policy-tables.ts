import type { ClusterSnapshot, PolicyDocument } from '#lib/engine/cluster-snapshot.ts';
import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { PolicyKind } from '#lib/policies/policy-kind.ts';
import { type CompiledObject, compileWith, createCompiledOnce } from './compiled-objects.ts';
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
  const compiled = createCompiledOnce();
  const reference = remember(referred);
  const namespaces = createNamespacesOf();
  const objects = remember(
    (known: readonly CompiledObject[], references: ReturnType<typeof referred>): PolicyObjects => {
      const own = policyObjects(known, references);
      return { ...own, namespaces: namespaces(own) };
    },
  );
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
  compiled: readonly CompiledObject[],
  { tiers, addressSets: sets, problems: referenceProblems }: ReturnType<typeof referred>,
): Omit<PolicyObjects, 'namespaces'> {
  // In one pass: there are ten thousand of them, and one was changed.
  const policies: CompiledPolicy[] = [];
  const addressSets = [...sets];
  const problems: Problem[] = [];
  for (const each of compiled) {
    for (const policy of each.policies) policies.push(policy);
    for (const set of each.addressSets) addressSets.push(set);
    for (const problem of each.problems) problems.push(problem);
  }
  for (const problem of referenceProblems) problems.push(problem);
  return {
    policies,
    documents: lazily(
      () => new Map(compiled.map(({ key, document }): [string, PolicyDocument] => [key, document])),
    ),
    tiers,
    addressSets,
    problems,
  };
}

/** Objects that have a ref, in the namespaces that those of the last time were in. */
function areWhere(
  now: readonly { readonly ref: ObjectRef }[],
  before: readonly { readonly ref: ObjectRef }[],
): boolean {
  return (
    now.length === before.length &&
    now.every(({ ref }, i) => ref.namespace === before[i]?.ref.namespace)
  );
}

/** Gives the function for the namespaces that policies and sets are in; the same set while those are. */
function createNamespacesOf() {
  type Known = Pick<PolicyObjects, 'policies' | 'addressSets'>;
  let last: { readonly known: Known; readonly namespaces: ReadonlySet<string> } | null = null;
  return (known: Known): ReadonlySet<string> => {
    const isSame =
      last !== null &&
      areWhere(known.policies, last.known.policies) &&
      areWhere(known.addressSets, last.known.addressSets);
    const namespaces = isSame && last !== null ? last.namespaces : namespacesOf(known);
    last = { known, namespaces };
    return namespaces;
  };
}

function namespacesOf({
  policies,
  addressSets,
}: Pick<PolicyObjects, 'policies' | 'addressSets'>): ReadonlySet<string> {
  const namespaces = new Set<string>();
  for (const { ref } of policies) if (ref.namespace !== null) namespaces.add(ref.namespace);
  for (const { ref } of addressSets) if (ref.namespace !== null) namespaces.add(ref.namespace);
  return namespaces;
}
