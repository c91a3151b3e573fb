import type { ClusterSnapshot, Gap } from '#lib/engine/cluster-snapshot.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { PolicyKind } from '#lib/policies/policy-kind.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import type { Table } from './object-table.ts';

/** A list that was asked for, and what is in the dark without it. */
export interface AskedList {
  readonly resource: Resource;
  readonly table: Table;
  readonly affects: Gap['affects'];
}

/** What objects of one kind that is not evaluated leave open, and the namespaces they do not touch. */
export interface Undecided {
  readonly gap: Gap;
  readonly untouched: ReadonlySet<string>;
}

/** What cannot be told, from the states of the lists and from what is not evaluated. */
export function gapsIn(
  lists: readonly AskedList[],
  forms: ReadonlyMap<string, Table>,
  podNamespaces: ReadonlySet<string>,
  undecided: readonly (Undecided | null)[],
): Pick<ClusterSnapshot, 'gaps' | 'readIn'> {
  const open = undecided.filter((each) => each !== null);
  return {
    gaps: [
      ...lists.flatMap(({ resource, table, affects }) => {
        const preferred = forms.get(resourceName(resource));
        return preferred !== undefined && isComplete(preferred.state)
          ? []
          : (gapOf(resource, table.state, affects, podNamespaces) ?? []);
      }),
      ...open.map(({ gap }) => gap),
    ],
    readIn: readableIn([
      ...lists.map(({ resource, table }) => ({
        resource: resourceName(resource),
        namespaces: readOnlyIn(table.state),
      })),
      ...open.map(({ gap, untouched }) => ({
        resource: gap.resource,
        namespaces: [...untouched],
      })),
    ]),
  };
}

/** What is read in one form and may be in another, with the list of the form that says it all (CAL-1); by resourceName. */
export function preferredForms(
  kinds: readonly PolicyKind[],
  lists: readonly AskedList[],
): ReadonlyMap<string, Table> {
  const tables = new Map(lists.map(({ resource, table }) => [resourceName(resource), table]));
  return new Map(
    kinds
      .flatMap(({ resource, alsoServedAs = [], refersTo = [] }) => [
        { resource, others: alsoServedAs.map((each) => each.resource) },
        ...refersTo.map((each) => ({ resource: each.resource, others: each.alsoServedAs ?? [] })),
      ])
      .flatMap(({ resource, others }) => {
        const preferred = tables.get(resourceName(resource));
        return preferred === undefined
          ? []
          : others.map((other) => [resourceName(other), preferred] as const);
      }),
  );
}

function isComplete(state: ListState): boolean {
  return (state.status === 'live' || state.status === 'stale') && state.namespaces === undefined;
}

/** The namespaces a list was read in; null when it was read everywhere, or not at all. */
function readOnlyIn(state: ListState): readonly string[] | null {
  return state.status === 'live' || state.status === 'stale' ? (state.namespaces ?? null) : null;
}

/** By resource: the namespaces that all of its entries name; an entry of null is for every namespace. */
function readableIn(
  entries: readonly { readonly resource: string; readonly namespaces: readonly string[] | null }[],
): ClusterSnapshot['readIn'] {
  const readIn = new Map<string, ReadonlySet<string>>();
  for (const { resource, namespaces } of entries) {
    if (namespaces === null) continue;
    const known = readIn.get(resource);
    readIn.set(resource, new Set(namespaces.filter((each) => known?.has(each) ?? true)));
  }
  return readIn;
}

const LEAVE_OPEN: ReadonlySet<Gap['affects']> = new Set([
  'policies',
  'further-policies',
  'further-egress',
]);

/** What a state leaves in the dark; null when the list is complete, or the kind is not there. */
function gapOf(
  resource: Resource,
  state: ListState,
  affects: Gap['affects'],
  podNamespaces: ReadonlySet<string>,
): Gap | null {
  const name = resourceName(resource);
  switch (state.status) {
    case 'live':
    case 'stale': {
      const { namespaces } = state;
      if (namespaces === undefined) return null;
      // Pods whose policies may not be read are not open.
      const read = new Set(namespaces);
      const isLacking = [...podNamespaces].some((namespace) => !read.has(namespace));
      return {
        resource: name,
        cause: 'forbidden',
        affects: LEAVE_OPEN.has(affects) && isLacking ? affects : 'context',
        message: `only read in ${namespaces.join(', ')}: other namespaces may not be listed`,
      };
    }
    case 'not-installed':
      return null;
    case 'forbidden':
      return { resource: name, cause: 'forbidden', affects, message: state.message };
    case 'failed':
      return { resource: name, cause: 'failed', affects, message: state.message };
    case 'syncing':
      return { resource: name, cause: 'syncing', affects, message: 'not read yet' };
  }
}
