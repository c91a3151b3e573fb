import type { ClusterSnapshot, PolicyDocument } from '#lib/engine/cluster-snapshot.ts';
import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { CompiledObject } from './compiled-objects.ts';
import type { referred } from './references.ts';
import { lazily, remember } from './remember.ts';

/** What the policies of a cluster say, and what they refer to. */
export interface PolicyObjects extends Pick<ClusterSnapshot, 'policies' | 'tiers' | 'addressSets'> {
  /** Made when it is first asked for. */
  readonly documents: () => ClusterSnapshot['documents'];
  readonly problems: readonly Problem[];
  /** Those that they are in. */
  readonly namespaces: ReadonlySet<string>;
  /** The same object while there are as many of each kind, in the same namespaces. */
  readonly roll: object;
}

type References = ReturnType<typeof referred>;

/**
 * Gives the function that puts them together. Of ten thousand policies mostly one changes, in what its
 * rules say: it takes its place among the others then, and nobody looks at those.
 */
export function createPolicyObjects(): (
  compiled: readonly CompiledObject[],
  references: References,
) => PolicyObjects {
  let last: {
    readonly compiled: readonly CompiledObject[];
    readonly references: References;
    readonly objects: PolicyObjects;
  } | null = null;
  return remember((compiled, references) => {
    const patched =
      last?.references === references ? patch(last.objects, last.compiled, compiled) : null;
    const objects = patched ?? putTogether(compiled, references);
    last = { compiled, references, objects };
    return objects;
  });
}

/** Null when more changed than what rules say, or the places of policies are not those of their objects. */
function patch(
  objects: PolicyObjects,
  before: readonly CompiledObject[],
  now: readonly CompiledObject[],
): PolicyObjects | null {
  if (before.length !== now.length || objects.policies.length !== now.length) return null;
  const policies = objects.policies.slice();
  for (const [i, object] of now.entries()) {
    const former = before[i];
    if (object === former) continue;
    const policy = onlyPolicy(object);
    const replaced = former === undefined ? null : onlyPolicy(former);
    if (policy === null || replaced === null || !standAlike(policy, replaced)) return null;
    if (policies[i] !== replaced) return null;
    policies[i] = policy;
  }
  return { ...objects, policies, documents: documentsOf(now) };
}

/** The policy of an object that holds nothing else. */
function onlyPolicy({ policies, addressSets, problems }: CompiledObject): CompiledPolicy | null {
  const [policy] = policies;
  const isAll = policies.length === 1 && addressSets.length === 0 && problems.length === 0;
  return policy !== undefined && isAll ? policy : null;
}

function standAlike(a: CompiledPolicy, b: CompiledPolicy): boolean {
  return (
    a.enforcedIf === b.enforcedIf &&
    a.staged === b.staged &&
    a.ref.group === b.ref.group &&
    a.ref.kind === b.ref.kind &&
    a.ref.namespace === b.ref.namespace
  );
}

function putTogether(
  compiled: readonly CompiledObject[],
  { tiers, addressSets: sets, problems: problemsOfReferences }: References,
): PolicyObjects {
  const policies = compiled.flatMap((each) => each.policies);
  const addressSets = [...sets, ...compiled.flatMap((each) => each.addressSets)];
  const namespaces = new Set<string>();
  for (const { ref } of [...policies, ...addressSets])
    if (ref.namespace !== null) namespaces.add(ref.namespace);
  return {
    policies,
    documents: documentsOf(compiled),
    tiers,
    addressSets,
    problems: [...compiled.flatMap((each) => each.problems), ...problemsOfReferences],
    namespaces,
    roll: {},
  };
}

function documentsOf(compiled: readonly CompiledObject[]): PolicyObjects['documents'] {
  return lazily(
    () => new Map(compiled.map(({ key, document }): [string, PolicyDocument] => [key, document])),
  );
}
