import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  stringify,
  type YAMLMap,
} from 'yaml';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { LAST_APPLIED } from '#lib/model/labels.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { isMergeKey, parseYaml } from './yaml-document.ts';

/** Lines of a text, 1-based and inclusive. */
export type Lines = readonly [first: number, last: number];

/** Where a field stands: its key, if it has one, and its value. */
interface Place {
  readonly start: number;
  readonly value: Node | null;
}

/**
 * Parses a YAML or JSON text once, to find the lines of many fields. The answer for a path is null
 * when the text has no such field: what the API server fills in is written nowhere.
 */
export function fieldFinder(text: string): (path: FieldPath) => Lines | null {
  const document = parseYaml(text);
  const target = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);

  const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
    map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) ??
    // A key that is not written in the map itself may come from one merged into it.
    map.items
      .filter(({ key: written }) => isMergeKey(written))
      .flatMap(({ value }) => (isSeq(value) ? value.items : [value]))
      .map(target)
      .filter(isMap)
      .map((merged) => pairOf(merged, key))
      .find((pair) => pair !== undefined);

  const step = (node: unknown, key: string | number): Place | null => {
    const within = target(node);
    if (isMap(within)) {
      const pair = pairOf(within, String(key));
      const start = (pair?.key as Node | undefined)?.range?.[0];
      return pair === undefined || start === undefined
        ? null
        : { start, value: pair.value as Node | null };
    }
    if (!isSeq(within) || typeof key !== 'number') return null;
    const item = within.items[key] as Node | undefined;
    const start = item?.range?.[0];
    return item === undefined || start === undefined ? null : { start, value: item };
  };

  return (path) => {
    let place: Place | null = { start: document.contents?.range[0] ?? 0, value: document.contents };
    for (const key of path) {
      place = step(place.value, key);
      if (place === null) return null;
    }
    const end = place.value?.range?.[1] ?? place.start;
    // A block's range reaches to the start of what follows it.
    const written = text.slice(place.start, end).trimEnd().length;
    return [lineAt(text, place.start), lineAt(text, place.start + Math.max(written, 1) - 1)];
  };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const FIRST_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'];
const FIRST_METADATA = ['name', 'namespace', 'labels', 'annotations'];

/**
 * An object read from an API as YAML, as a person would write it: `status`, `managedFields` and
 * kubectl's copy are left out, and the order of the first fields does not depend on who served it.
 */
export function toYaml(body: JsonObject): string {
  const { status: _, ...rest } = body;
  const { managedFields: __, ...metadata } = isJsonObject(body.metadata) ? body.metadata : {};
  const ordered = inOrder(
    { ...rest, metadata: inOrder(withoutCopy(metadata), FIRST_METADATA) },
    FIRST_FIELDS,
  );
  // Version 1.1 quotes what Kubernetes would not read as text, such as `no`.
  return stringify(ordered, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function withoutCopy(metadata: JsonObject): JsonObject {
  const { annotations, ...rest } = metadata;
  if (!isJsonObject(annotations) || annotations[LAST_APPLIED] === undefined) return metadata;
  const kept = Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED);
  return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) };
}

/** These keys first, then the others by code units. */
function inOrder(object: JsonObject, first: readonly string[]): JsonObject {
  const others = Object.keys(object).filter((key) => !first.includes(key));
  return Object.fromEntries(
    [...first.filter((key) => object[key] !== undefined), ...others.sort()].map((key) => [
      key,
      object[key],
    ]),
  );
}
