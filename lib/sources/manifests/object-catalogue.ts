import { isDeepStrictEqual } from 'node:util';
import type { ManifestObject } from '#lib/manifests/yaml-documents.ts';
import { isJsonObject } from '#lib/model/json.ts';
import { refKey } from '#lib/model/object-ref.ts';
import type { Problem } from '#lib/model/problem.ts';
import { isOf, PODS, type Resource, resourceName } from '#lib/model/resource.ts';
import { groupAndVersion, type NamedObject, nameObject } from './named-object.ts';
import { notEvaluatedHint } from './not-evaluated.ts';
import { duplicateProblem, objectProblem } from './source-problems.ts';
import { isWorkload, templatePods } from './workload-templates.ts';

/** What files hold, as a cluster would list it. */
export interface Catalogue {
  /** By resourceName; each object by refKey. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, NamedObject>>;
  readonly problems: readonly Problem[];
}

/** Sorts the objects of files into the resources that are read; of one that comes twice the later counts. */
export function catalogue(
  found: readonly ManifestObject[],
  resources: readonly Resource[],
): Catalogue {
  const problems: Problem[] = [];
  const named = new Map<string, NamedObject>();
  for (const object of found) {
    const sorted = sortObject(object, resources);
    if (sorted === null) continue;
    if ('code' in sorted) {
      problems.push(sorted);
      continue;
    }
    const key = `${sorted.group}/${refKey(sorted)}`;
    const earlier = named.get(key);
    if (earlier !== undefined) {
      const same = isDeepStrictEqual(earlier.body, sorted.body);
      problems.push(duplicateProblem(sorted, earlier.origin, same));
    }
    named.set(key, sorted);
  }
  const all = [...named.values()];
  const objects = new Map(
    resources.map((resource) => [
      resourceName(resource),
      byKey(all.filter((object) => isOf(resource, object))),
    ]),
  );
  const pods = objects.get(resourceName(PODS));
  if (pods === undefined) return { objects, problems };
  const workloads = all.filter(({ group, kind }) => isWorkload(group, kind));
  const made = templatePods(workloads, [...pods.values()]);
  objects.set(resourceName(PODS), new Map([...pods, ...byKey(made.pods)]));
  return { objects, problems: [...problems, ...made.problems] };
}

function byKey(objects: readonly NamedObject[]): Map<string, NamedObject> {
  return new Map(objects.map((object) => [refKey(object), object]));
}

/** Null for the kinds that are no concern. */
function sortObject(
  object: ManifestObject,
  resources: readonly Resource[],
): NamedObject | Problem | null {
  const { group, version } = groupAndVersion(object.body.apiVersion);
  const kind = String(object.body.kind);
  const { name } = isJsonObject(object.body.metadata) ? object.body.metadata : {};
  const resource = resources.find((each) => isOf(each, { group, kind, name }));
  const hint = notEvaluatedHint(group, kind);
  // Of kinds that are not evaluated only the place counts, in whatever version.
  const isMade = isWorkload(group, kind);
  const isRead = resource?.version === version || resource?.otherVersions?.includes(version);
  if (resource !== undefined && !isRead && !isMade && hint === undefined)
    return objectProblem(object, {
      code: 'version-not-read',
      severity: 'error',
      message: `${kind} is read in version ${resource.version}, not ${version}`,
      hint: `Write ${group === '' ? '' : `${group}/`}${resource.version}.`,
    });
  if (resource !== undefined) return nameObject(object, resource.namespaced);
  if (isMade) return nameObject(object, true);
  if (hint === undefined) return null;
  return objectProblem(object, {
    code: 'kind-not-evaluated',
    severity: 'error',
    message: `${kind} of ${group} is not evaluated: the answers leave out what it opens and closes`,
    hint,
  });
}
