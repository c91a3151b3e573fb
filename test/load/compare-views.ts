import { isDeepStrictEqual } from 'node:util';

/** What says when and where a view was made, and not what it shows. */
const CIRCUMSTANCES = new Set(['cluster', 'revision', 'readAt']);

/** Where two views differ, in words; only the fields that are expected count. */
export function compareViews(what: string, expected: unknown, shown: unknown): string[] {
  const fields = Object.entries(asObject(JSON.parse(JSON.stringify(expected))));
  const actual = asObject(shown);
  return fields
    .filter(([field]) => !CIRCUMSTANCES.has(field))
    .filter(([field, value]) => !isDeepStrictEqual(actual[field], value))
    .map(
      ([field, value]) => `${what}: ${field} is ${brief(actual[field])}, should be ${brief(value)}`,
    );
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
