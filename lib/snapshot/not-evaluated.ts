import type { Gap } from '#lib/engine/cluster-snapshot.ts';
import type { Parsed } from '#lib/manifests/metadata.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { NotEvaluatedKind } from '#lib/model/not-evaluated.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import type { AskedList, Undecided } from './gaps.ts';
import { createObjectTable } from './object-table.ts';
import { remember } from './remember.ts';

/** Objects of kinds that are not evaluated: where they are is known, what they decide is not. */

interface NotEvaluatedObject {
  /** Null when it speaks for the whole cluster. */
  readonly namespace: string | null;
  /** For one that was written: its line helps. Of those read from an API the gap speaks. */
  readonly problem: Problem | null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Reads no more than the name: the rest has no meaning here. */
function parseNotEvaluated({ kind, group, namespaced }: Resource) {
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
const AFFECTED_BY: Readonly<Record<NotEvaluatedKind['effect'], Gap['affects']>> = {
  decides: 'policies',
  restricts: 'further-policies',
  'restricts-outside': 'further-egress',
};

/** What such objects leave open, and the namespaces they do not touch; null when there are none. */
function notEvaluatedGap(
  resource: NotEvaluatedKind,
  objects: readonly NotEvaluatedObject[],
  namespaces: ReadonlyMap<string, unknown>,
): Undecided | null {
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

/** The lists of kinds that are not evaluated. */
export interface NotEvaluatedTables {
  readonly all: readonly AskedList[];
  /** For each kind; the same while nothing changes, null where there are no objects of it. */
  undecided(namespaces: ReadonlyMap<string, unknown>): readonly (Undecided | null)[];
  problems(): readonly Problem[];
}

export function createNotEvaluatedTables(kinds: readonly NotEvaluatedKind[]): NotEvaluatedTables {
  const tables = kinds.map((resource) => ({
    resource,
    table: createObjectTable(resource.namespaced, parseNotEvaluated(resource)),
    affects: AFFECTED_BY[resource.effect],
    gap: remember(notEvaluatedGap),
  }));
  const problems = remember((...lists: readonly (readonly NotEvaluatedObject[])[]) =>
    lists.flat().flatMap(({ problem }) => problem ?? []),
  );
  return {
    all: tables,
    undecided: (namespaces) =>
      tables.map(({ resource, table, gap }) => gap(resource, table.values(), namespaces)),
    problems: () => problems(...tables.map(({ table }) => table.values())),
  };
}
