import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import { type Fault, isFault, type ParsedDocument } from './document-fault.ts';
import { readJsonDocument } from './json-document.ts';
import { indentQuoted } from './quoted-indent.ts';
import { decodeManifest } from './text-encoding.ts';
import { readYamlDocument } from './yaml-document.ts';

/** One Kubernetes object, and where it was written. */
export interface ManifestObject {
  /** Has text in `apiVersion` and `kind`. */
  readonly body: JsonObject;
  readonly origin: ObjectOrigin;
}

export interface Manifest {
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a file's documents, YAML or JSON, with lists flattened. Never throws: a document that
 * cannot be read is a problem, and the others are still read.
 */
export function readManifest(content: Uint8Array | string, file: string): Manifest {
  const text = decodeManifest(content);
  if (typeof text !== 'string')
    return { objects: [], problems: [faultProblem(text, { file, line: 1, text: '' })] };
  const read = splitDocuments(text, file).map(readDocument);
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/**
 * Cuts at lines that start with `---`, as Kubernetes does before any parsing, so that an error in
 * one document does not reach the next.
 */
function splitDocuments(text: string, file: string): readonly ObjectOrigin[] {
  const documents: ObjectOrigin[] = [];
  let line = 1;
  for (const [index, part] of text.split(/^---(?=\s|$)/m).entries()) {
    // Behind `---` stands the rest of its line: usually nothing, or a comment.
    const rest = index === 0 ? '' : (/^[ \t]*(?:#.*)?\r?\n/.exec(part)?.[0] ?? '');
    const blank = /^(?:[ \t]*\r?\n)*/.exec(part.slice(rest.length))?.[0] ?? '';
    const skipped = rest.length + blank.length;
    const body = part.slice(skipped).trimEnd();
    if (hasContent(body))
      documents.push({ file, line: line + countLines(part.slice(0, skipped)), text: `${body}\n` });
    line += countLines(part);
  }
  return documents;
}

/** Whether some line is more than a comment, a directive or an end mark. */
function hasContent(document: string): boolean {
  return /^(?!\s*#|%|\.\.\.\s*$)[ \t]*\S/m.test(document);
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function readDocument(origin: ObjectOrigin): Manifest {
  const parsed = parseDocument(origin.text);
  if (parsed === null) return { objects: [], problems: [] };
  if (!isFault(parsed)) return objectsIn(parsed.value, itemOrigins(parsed, origin), origin);
  const mended = indentQuoted(origin.text);
  return mended === origin.text
    ? { objects: [], problems: [faultProblem(parsed, origin)] }
    : readDocument({ ...origin, text: mended });
}

function parseDocument(text: string): ParsedDocument | Fault | null {
  const json = text.trimStart().startsWith('{') ? readJsonDocument(text) : null;
  return json ?? readYamlDocument(text);
}

/** An object, or those of a list; `items` says where the elements of a list are written. */
function objectsIn(
  value: Json | undefined,
  items: readonly ObjectOrigin[],
  origin: ObjectOrigin,
): Manifest {
  const problem = notAnObject(value, origin);
  if (problem !== null || !isJsonObject(value))
    return { objects: [], problems: problem === null ? [] : [problem] };
  const { kind, items: elements } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(elements))
    return { objects: [{ body: value, origin }], problems: [] };
  const read = elements.map((element: Json, index) =>
    objectsIn(withKind(element, value), [], items[index] ?? origin),
  );
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** The elements of a typed list, such as the API serves them, leave out what the list says. */
function withKind(element: Json, { apiVersion, kind }: JsonObject): Json {
  if (!isJsonObject(element) || kind === 'List' || typeof kind !== 'string') return element;
  return { apiVersion, kind: kind.slice(0, -'List'.length), ...element };
}

function notAnObject(value: Json | undefined, origin: ObjectOrigin): Problem | null {
  const missing = ['apiVersion', 'kind'].filter(
    (field) => !isJsonObject(value) || typeof value[field] !== 'string',
  );
  if (missing.length === 0) return null;
  return {
    code: 'not-an-object',
    severity: 'warning',
    message: `not a Kubernetes object: it has no ${missing.join(' and ')}`,
    hint: null,
    object: null,
    path: [],
    origin,
  };
}

/**
 * Each element's own text, so that its lines can be counted and shown without the list. Goes through
 * the list once: thousands of elements may stand in one line.
 */
function itemOrigins(
  { items }: ParsedDocument,
  { file, line, text }: ObjectOrigin,
): readonly ObjectOrigin[] {
  let [counted, at, lineStart] = [line, 0, 0];
  return items.map(([start, end]) => {
    const passed = text.slice(at, start);
    const lineEnd = passed.lastIndexOf('\n');
    if (lineEnd >= 0) lineStart = at + lineEnd + 1;
    counted += countLines(passed);
    at = start;
    return { file, line: counted, text: dedent(text.slice(start, end), start - lineStart) };
  });
}

/** A text moved left as a whole. Its first line, from `column` on, stands behind `- ` or spaces. */
function dedent(text: string, column: number): string {
  const [first = '', ...others] = text.trimEnd().split('\n');
  let shift = column;
  for (const line of others) {
    const indent = line.search(/\S/);
    if (indent >= 0 && indent < shift) shift = indent;
  }
  const lines = [' '.repeat(column - shift) + first, ...others.map((line) => line.slice(shift))];
  return `${lines.join('\n')}\n`;
}

/** Points at the line of the fault, not at the document's first. */
function faultProblem({ code, message, hint, offset }: Fault, document: ObjectOrigin): Problem {
  const { file, line, text } = document;
  // What is missing at the end is shown at the last line there is.
  const at = Math.min(offset, text.trimEnd().length);
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return {
    code,
    severity: 'error',
    message,
    hint,
    object: null,
    path: [],
    origin: {
      file,
      line: line + countLines(text.slice(0, start)),
      text: text.slice(start, end < 0 ? undefined : end),
    },
  };
}
