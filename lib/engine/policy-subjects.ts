import { ByNamespace } from '#lib/model/by-namespace.ts';
import type { Namespace } from '#lib/model/cluster.ts';
import type { CompiledPolicy, PodMatch } from './compiled-policy.ts';
import { matchNamespace } from './pod-match.ts';
import { namesOfNamespaces } from './required-labels.ts';

/** Which policies may be about the pods of a namespace, as policies come and go. */

/** Policies by where their subjects may be. */
export interface Subjects {
  readonly byNamespace: ByNamespace<readonly CompiledPolicy[]>;
  readonly anywhere: readonly CompiledPolicy[];
}

/** The namespaces of which alone a policy can be about; null when it may be about any, or is about nodes. */
export function placesOfSubject({ subject }: CompiledPolicy): readonly string[] | null {
  return subject.kind === 'pods' ? namesOfNamespaces(subject.match) : null;
}

/** Some policies, by the namespaces that they can be about. */
export function subjectsOf(policies: readonly CompiledPolicy[]): Subjects {
  const byNamespace = new Map<string, CompiledPolicy[]>();
  const anywhere: CompiledPolicy[] = [];
  for (const policy of policies) {
    const names = placesOfSubject(policy);
    if (names === null) anywhere.push(policy);
    // A selector may name one twice.
    for (const name of new Set(names)) {
      const known = byNamespace.get(name);
      if (known === undefined) byNamespace.set(name, [policy]);
      else known.push(policy);
    }
  }
  return { byNamespace: ByNamespace.of(byNamespace), anywhere };
}

/** Whether pods of a namespace may be meant. */
function mayBeIn(match: PodMatch, namespace: Namespace): boolean {
  switch (match.kind) {
    case 'labelled':
      return matchNamespace(match.namespaces, namespace).match !== 'no';
    case 'all-of':
      return match.of.every((each) => mayBeIn(each, namespace));
    case 'any-of':
      return match.of.some((each) => mayBeIn(each, namespace));
    case 'not':
      return true;
  }
}

/** Whether a policy may select somebody in a namespace. */
export function mayBeAbout({ subject }: CompiledPolicy, namespace: Namespace): boolean {
  return subject.kind === 'nodes' || mayBeIn(subject.match, namespace);
}

/** Policies among which are all that select somebody in a namespace. */
export function policiesAbout(
  { byNamespace, anywhere }: Subjects,
  namespace: Namespace,
): readonly CompiledPolicy[] {
  const own = byNamespace.get(namespace.name) ?? NO_POLICIES;
  const others =
    anywhere.length === 0 ? anywhere : anywhere.filter((each) => mayBeAbout(each, namespace));
  return others.length === 0 ? own : [...own, ...others];
}

export const NO_POLICIES: readonly CompiledPolicy[] = [];

/** What is in one list of policies and not in the other; both are in the order of their keys. */
export function policyChanges(
  before: readonly CompiledPolicy[],
  after: readonly CompiledPolicy[],
): PolicyChanges {
  if (before === after) return { removed: [], added: [] };
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let [oldEnd, newEnd] = [before.length, after.length];
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  const [old, now] = [before.slice(start, oldEnd), after.slice(start, newEnd)];
  const [gone, come] = [new Set(old), new Set(now)];
  return { removed: [...gone.difference(come)], added: [...come.difference(gone)] };
}

export interface PolicyChanges {
  readonly removed: readonly CompiledPolicy[];
  readonly added: readonly CompiledPolicy[];
}

/** The subjects after some policies came and went. */
export function nextSubjects(before: Subjects, { removed, added }: PolicyChanges): Subjects {
  if (removed.length === 0 && added.length === 0) return before;
  const gone = new Set(removed);
  const come = subjectsOf(added);
  const stay = (policies: readonly CompiledPolicy[]) => policies.filter((each) => !gone.has(each));
  const touched = new Set([
    ...removed.flatMap((policy) => placesOfSubject(policy) ?? []),
    ...come.byNamespace.keys(),
  ]);
  const changes = [...touched].map((name) => {
    const left = [
      ...stay(before.byNamespace.get(name) ?? NO_POLICIES),
      ...(come.byNamespace.get(name) ?? NO_POLICIES),
    ];
    return [name, left.length === 0 ? undefined : left] as const;
  });
  return {
    byNamespace: before.byNamespace.with(changes),
    anywhere: [...stay(before.anywhere), ...come.anywhere],
  };
}
