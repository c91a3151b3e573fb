import { compareText } from '#lib/model/object-ref.ts';
import type { ListState, ReadableNamespaces } from '#lib/sources/cluster-source.ts';

/**
 * The state of a resource that is read namespace by namespace. What could not be read is not in
 * `namespaces`, and so counts as unknown; one namespace that reads well is enough to show something.
 */
export function combineStates(states: ReadonlyMap<string, ListState>): ListState {
  const all = [...states.values()];
  const syncing = only(all, 'syncing');
  if (syncing.length > 0) {
    return syncing.reduce(sumOfProgress);
  }
  const [first, ...rest] = [...states]
    .filter(([, { status }]) => status === 'live' || status === 'stale')
    .map(([namespace]) => namespace)
    .sort(compareText);
  if (first !== undefined) return readable(all, [first, ...rest]);
  const [failed] = only(all, 'failed');
  if (failed !== undefined) return failed;
  const [forbidden] = only(all, 'forbidden');
  if (forbidden !== undefined) return forbidden;
  return { status: 'not-installed' };
}

type Syncing = Extract<ListState, { status: 'syncing' }>;

/** Expected is what all together expect; of one that does not say, nothing can be said. */
function sumOfProgress(a: Syncing, b: Syncing): Syncing {
  const isTold = typeof a.expected === 'number' && typeof b.expected === 'number';
  const expected = isTold ? { expected: (a.expected ?? 0) + (b.expected ?? 0) } : {};
  return { status: 'syncing', objects: a.objects + b.objects, ...expected };
}

/** As old as the oldest part. */
function readable(all: readonly ListState[], namespaces: ReadableNamespaces): ListState {
  const [oldest] = only(all, 'stale').sort((a, b) => compareText(a.since, b.since));
  return oldest === undefined ? { status: 'live', namespaces } : { ...oldest, namespaces };
}

function only<Status extends ListState['status']>(states: readonly ListState[], status: Status) {
  return states.filter(
    (state): state is Extract<ListState, { status: Status }> => state.status === status,
  );
}
