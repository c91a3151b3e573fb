import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { CniProfile } from '#lib/engine/cni-profile.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { ObjectChange } from '#lib/sources/cluster-source.ts';
import { emptyStore, type RawObject } from './raw-snapshot.ts';

/** A cluster that becomes one that was drawn, then another, a change at a time. */

interface Change {
  readonly resource: Resource;
  readonly change: ObjectChange;
}

interface Named {
  readonly namespace: string | null;
  readonly name: string;
}

function nameOf({ resource, body }: RawObject): Named {
  const { namespace, name } = body.metadata as { namespace?: string; name: string };
  return { namespace: resource.namespaced ? (namespace ?? 'default') : null, name };
}

function byKey(objects: readonly RawObject[]): ReadonlyMap<string, RawObject> {
  return new Map(
    objects.map((each) => [`${resourceName(each.resource)} ${JSON.stringify(nameOf(each))}`, each]),
  );
}

/** What turns one lot of objects into another. */
function changesBetween(before: readonly RawObject[], after: readonly RawObject[]) {
  const [old, now] = [byKey(before), byKey(after)];
  const changes: Change[] = [];
  for (const [key, object] of old)
    if (!now.has(key))
      changes.push({ resource: object.resource, change: { type: 'delete', ...nameOf(object) } });
  for (const [key, { resource, body }] of now)
    if (JSON.stringify(old.get(key)?.body) !== JSON.stringify(body))
      changes.push({ resource, change: { type: 'set', object: { body, origin: null } } });
  return changes;
}

/**
 * The cluster after each `atOnce` changes on its way through some states, the first of them made
 * from nothing. `pick` chooses which of the changes left comes next.
 */
export function* history(
  states: readonly (readonly RawObject[])[],
  pick: (left: number) => number,
  atOnce: number,
  profile?: CniProfile,
): Generator<ClusterSnapshot> {
  const store = emptyStore(profile);
  let before: readonly RawObject[] = [];
  for (const after of states) {
    const left = changesBetween(before, after);
    while (left.length > 0) {
      for (let i = 0; i < atOnce && left.length > 0; i++)
        for (const { resource, change } of left.splice(pick(left.length), 1))
          store.changed(resource, [change]);
      yield store.snapshot();
    }
    before = after;
  }
}
