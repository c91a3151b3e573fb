import type { LabelledMatch, NamespaceMatch, PodMatch } from '#lib/engine/compiled-policy.ts';
import { EVERYTHING, type Requirement } from '#lib/model/selector.ts';

/** PodMatches put together, as few and as flat as they go: they are read by people, and looked up by labels. */

export const EVERYBODY: PodMatch = {
  kind: 'labelled',
  namespaces: { kind: 'anywhere' },
  pods: EVERYTHING,
};
export const NOBODY: PodMatch = { kind: 'any-of', of: [] };

export function labelled(requirement: Requirement): PodMatch {
  return { kind: 'labelled', namespaces: { kind: 'anywhere' }, pods: [requirement] };
}

export function inNamespaces(namespaces: NamespaceMatch): PodMatch {
  return { kind: 'labelled', namespaces, pods: EVERYTHING };
}

/** Both; null where that is no NamespaceMatch. */
function meetNamespaces(a: NamespaceMatch, b: NamespaceMatch): NamespaceMatch | null {
  if (a.kind === 'anywhere') return b;
  if (b.kind === 'anywhere') return a;
  if (a.kind === 'labelled' && b.kind === 'labelled')
    return { kind: 'labelled', selector: [...a.selector, ...b.selector] };
  return null;
}

/** One that is both; null where none is. */
function meet(a: PodMatch, b: PodMatch): LabelledMatch | null {
  if (a.kind !== 'labelled' || b.kind !== 'labelled') return null;
  const namespaces = meetNamespaces(a.namespaces, b.namespaces);
  if (namespaces === null) return null;
  const theirs = b.serviceAccounts;
  const accounts = a.serviceAccounts?.filter((each) => theirs?.includes(each) ?? true) ?? theirs;
  return {
    kind: 'labelled',
    namespaces,
    pods: [...a.pods, ...b.pods],
    ...(accounts === undefined ? {} : { serviceAccounts: accounts }),
  };
}

function isNobody(match: PodMatch): boolean {
  return match.kind === 'any-of' && match.of.length === 0;
}

export function allOf(matches: readonly PodMatch[]): PodMatch {
  const flat = matches.flatMap((match) => (match.kind === 'all-of' ? match.of : [match]));
  if (flat.some(isNobody)) return NOBODY;
  const parts: PodMatch[] = [];
  for (const match of flat.filter((each) => each !== EVERYBODY)) {
    const index = parts.findIndex((part) => meet(part, match) !== null);
    const part = parts[index];
    const both = part === undefined ? null : meet(part, match);
    if (both === null) parts.push(match);
    else parts[index] = both;
  }
  const [first = EVERYBODY, ...others] = parts;
  return others.length === 0 ? first : { kind: 'all-of', of: parts };
}

export function anyOf(matches: readonly PodMatch[]): PodMatch {
  const parts = matches.flatMap((match) => (match.kind === 'any-of' ? match.of : [match]));
  if (parts.includes(EVERYBODY)) return EVERYBODY;
  const [first = NOBODY, ...others] = parts;
  return others.length === 0 ? first : { kind: 'any-of', of: parts };
}

const OPPOSITES = new Map<Requirement['operator'], Requirement['operator']>([
  ['In', 'NotIn'],
  ['NotIn', 'In'],
  ['Exists', 'DoesNotExist'],
  ['DoesNotExist', 'Exists'],
]);

export function negate(match: PodMatch): PodMatch {
  if (match === EVERYBODY) return NOBODY;
  if (isNobody(match)) return EVERYBODY;
  if (match.kind === 'not') return match.of;
  if (match.kind === 'labelled' && match.namespaces.kind === 'anywhere') {
    const [only, ...others] = match.pods;
    const operator = only === undefined ? undefined : OPPOSITES.get(only.operator);
    if (
      only !== undefined &&
      operator !== undefined &&
      others.length === 0 &&
      match.serviceAccounts === undefined
    )
      return labelled({ ...only, operator });
  }
  return { kind: 'not', of: match };
}
