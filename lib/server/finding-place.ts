import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { Finding, FindingObject } from '#lib/findings/finding.ts';
import { fieldFinder } from '#lib/manifests/yaml-lines.ts';
import { policyKey, refKey } from '#lib/model/object-ref.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';

/** Where a finding stands in a file; lines are 1-based and inclusive. */
export interface FindingPlace {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/** Tells where findings stand; null for what was not read from a file. */
export type PlaceOf = (finding: Pick<Finding, 'object' | 'path'>) => FindingPlace | null;

/** Each document is parsed once, and only if something is found in it. */
export function findingPlaces(snapshot: ClusterSnapshot): PlaceOf {
  const finders = new Map<ObjectOrigin, ReturnType<typeof fieldFinder>>();
  const workloads = new Map(
    snapshot.pods.map(({ workload, origin }) => [refKey(workload), origin] as const),
  );
  const originOf = ({ group, ...ref }: FindingObject): ObjectOrigin | null =>
    (group === undefined
      ? workloads.get(refKey(ref))
      : snapshot.documents.get(policyKey({ ...ref, group }))?.origin) ?? null;

  return ({ object, path }) => {
    const origin = originOf(object);
    if (origin === null) return null;
    let linesOf = finders.get(origin);
    if (linesOf === undefined) {
      linesOf = fieldFinder(origin.text);
      finders.set(origin, linesOf);
    }
    // What is missing has no line: then the nearest field around it.
    for (let length = path.length; length > 0; length--) {
      const lines = linesOf(path.slice(0, length));
      if (lines === null) continue;
      const [first, last] = lines.map((line) => line + origin.line - 1);
      if (first !== undefined && last !== undefined) return { file: origin.file, first, last };
    }
    return { file: origin.file, first: origin.line, last: origin.line };
  };
}
