import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { PLUGIN_CONFIGURATIONS } from '#lib/model/plugin-configurations.ts';
import { ENTRY_RESOURCES, resourceName } from '#lib/model/resource.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import type { Freshness, ResourceStatus } from '#lib/view/cluster-view.ts';

/** Most clusters serve few of these, and nobody misses the others. */
const OPTIONAL = new Set([...NOT_EVALUATED, ...ENTRY_RESOURCES].map(resourceName));
/** Of each plugin's settings; most clusters have those of one at most. */
const SETTINGS = new Set(PLUGIN_CONFIGURATIONS.map(({ resource }) => resourceName(resource)));

/** How current a cluster's answers are, from the state of each of its lists. */

export interface ListProgress {
  readonly state: ListState;
  readonly objects: number;
}
/** By resourceName. */
export type Lists = ReadonlyMap<string, ListProgress>;

/**
 * Whether a first picture may be made: no list is under way any more, and not all of them fail.
 * Half of the lists would show half of a cluster, and workloads would change their names when
 * their ReplicaSets arrive.
 */
export function isComplete(lists: Lists): boolean {
  const states = [...lists.values()].map(({ state }) => state.status);
  return (
    states.length > 0 && !states.includes('syncing') && states.some((status) => status !== 'failed')
  );
}

/** `shown`: whether there is a picture already. */
export function freshnessOf(lists: Lists, shown: boolean): Freshness {
  return shown ? afterFirstPicture(lists) : beforeFirstPicture(lists);
}

/** One list that lags is enough: the picture may be wrong wherever it matters. The oldest speaks. */
function afterFirstPicture(lists: Lists): Freshness {
  const [oldest] = [...lists.values()]
    .flatMap(({ state }) => (state.status === 'stale' ? [state] : []))
    .sort((a, b) => compareText(a.since, b.since));
  if (oldest === undefined) return { status: 'live' };
  return { status: 'stale', since: oldest.since, cause: oldest.cause };
}

function beforeFirstPicture(lists: Lists): Freshness {
  const all = [...lists.values()];
  const [failed] = all
    .flatMap(({ state }) => (state.status === 'failed' ? [state] : []))
    .sort((a, b) => b.attempt - a.attempt);
  const answered = all.some(({ state }) => state.status !== 'failed' && state.status !== 'syncing');
  if (failed !== undefined && !answered) {
    return { status: 'unreachable', cause: failed.message, attempt: failed.attempt };
  }
  return { status: 'syncing', phase: isComplete(lists) ? 'analysing' : 'reading', ...total(all) };
}

/** Of all lists; nobody knows how many there will be while one list does not tell. */
function total(all: readonly ListProgress[]): {
  readonly objects: number;
  readonly expected: number | null;
} {
  let objects = 0;
  let expected: number | null = 0;
  for (const { state, objects: read } of all) {
    const isSyncing = state.status === 'syncing';
    const soFar = isSyncing ? state.objects : read;
    const inTheEnd = isSyncing ? (state.expected ?? null) : read;
    objects += soFar;
    expected = expected === null || inTheEnd === null ? null : expected + inTheEnd;
  }
  return { objects, expected: all.length === 0 ? null : expected };
}

export function resourceStatuses(lists: Lists): readonly ResourceStatus[] {
  // Of these kinds, one that is not there is no news.
  const shown = [...lists].filter(([resource, { state, objects }]) => {
    if (SETTINGS.has(resource)) return objects > 0;
    return state.status !== 'not-installed' || !OPTIONAL.has(resource);
  });
  return shown.map(([resource, { state, objects }]) => ({
    resource,
    status: state.status,
    objects: state.status === 'syncing' ? state.objects : objects,
    expected: state.status === 'syncing' ? (state.expected ?? null) : null,
    message: messageOf(state),
  }));
}

function messageOf(state: ListState): string | null {
  switch (state.status) {
    case 'forbidden':
    case 'failed':
      return state.message;
    case 'stale':
      return state.cause;
    case 'live':
      return state.namespaces === undefined ? null : `only in ${state.namespaces.join(', ')}`;
    case 'syncing':
    case 'not-installed':
      return null;
  }
}
