import type { Gap } from '#lib/engine/cluster-snapshot.ts';
import type { Parsed } from '#lib/manifests/metadata.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { NotEvaluatedKind } from '#lib/model/not-evaluated.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';

/** Objects of kinds that are not evaluated: where they are is known, what they decide is not. */

export interface NotEvaluatedObject {
  /** Null when it speaks for the whole cluster. */
  readonly namespace: string | null;
  /** For one that was written: its line helps. Of those read from an API the gap speaks. */
  readonly problem: Problem | null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Reads no more than the name: the rest has no meaning here. */
export function parseNotEvaluated({ kind, group, namespaced }: Resource) {
  return (body: unknown, origin: ObjectOrigin | null): Parsed<NotEvaluatedObject> => {
    const metadata = isJsonObject(body) && isJsonObject(body.metadata) ? body.metadata : {};
    const namespace = namespaced ? (text(metadata.namespace) ?? 'default') : null;
    const problem: Problem = {
      code: 'kind-not-evaluated',
      severity: 'error',
      message: `${kind} of ${group} is not evaluated: what it may open or close is unknown`,
      hint: null,
      object: { kind, namespace, name: text(metadata.name) ?? '' },
      path: [],
      origin,
    };
    return { ok: true, value: { namespace, problem: origin === null ? null : problem } };
  };
}

/** What such a kind leaves open where there are objects of it, or where they may not be read. */
export const AFFECTED_BY: Readonly<Record<NotEvaluatedKind['effect'], Gap['affects']>> = {
  decides: 'policies',
  restricts: 'further-policies',
  'restricts-outside': 'further-egress',
};

/** What such objects leave open, and the namespaces they do not touch; null when there are none. */
export function notEvaluatedGap(
  resource: NotEvaluatedKind,
  objects: readonly NotEvaluatedObject[],
  namespaces: ReadonlyMap<string, unknown>,
): { readonly gap: Gap; readonly untouched: ReadonlySet<string> } | null {
  if (objects.length === 0) return null;
  const touched = new Set(objects.map(({ namespace }) => namespace));
  const everywhere = touched.has(null);
  const where = everywhere ? 'the whole cluster' : [...touched].sort().join(', ');
  return {
    gap: {
      resource: resourceName(resource),
      cause: 'not-evaluated',
      message: `${objects.length} of them for ${where}`,
      affects: AFFECTED_BY[resource.effect],
    },
    untouched: new Set(
      everywhere ? [] : [...namespaces.keys()].filter((name) => !touched.has(name)),
    ),
  };
}
