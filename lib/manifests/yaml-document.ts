import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Tags,
  type YAMLMap,
} from 'yaml';
import type { Json } from '#lib/model/json.ts';
import {
  duplicateKey,
  type Fault,
  forbiddenKey,
  MAX_DEPTH,
  MAX_KEYS,
  type ParsedDocument,
  tooDeep,
  tooManyKeys,
} from './document-fault.ts';

const MAX_ALIASES = 100;

/** Kubernetes' YAML library keeps dates and `1:30` as text, and has none of YAML's other types. */
const NOT_IN_KUBERNETES = ['binary', 'omap', 'pairs', 'set', 'timestamp'];

/** Like every parse here: without the library's own check for unique keys, which is quadratic. */
const OPTIONS = {
  version: '1.1',
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
  customTags: (tags: Tags) =>
    tags.filter((tag) => {
      if (typeof tag === 'string') return !NOT_IN_KUBERNETES.includes(tag);
      const base60 = 'format' in tag && tag.format === 'TIME';
      return !base60 && !NOT_IN_KUBERNETES.some((name) => tag.tag === `tag:yaml.org,2002:${name}`);
    }),
} as const;

export function parseYaml(text: string): Document.Parsed {
  return parseDocument(text, OPTIONS);
}

/**
 * Reads one document as Kubernetes does: YAML 1.1 without its dates and base-60 numbers. The text
 * holds no `---` line. Null when it is empty or only comments.
 */
export function readYamlDocument(text: string): ParsedDocument | Fault | null {
  const document = parseYaml(text);
  const fault = syntaxFault(document) ?? nodeFault(document, text);
  if (fault !== null) return fault;
  if (document.contents === null) return null;
  try {
    const value: Json = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value === null ? null : { value, items: itemRanges(document) };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return tooManyAliases(0);
  }
}

/** Also when few aliases of aliases stand for many copies. */
function tooManyAliases(offset: number): Fault {
  return {
    code: 'yaml-aliases',
    message: `more than ${MAX_ALIASES} aliases`,
    hint: 'Write the values out.',
    offset,
  };
}

function syntax(message: string, hint: string | null, offset: number): Fault {
  return { code: 'yaml-syntax', message: `not valid YAML: ${message}`, hint, offset };
}

function syntaxFault(document: Document.Parsed): Fault | null {
  const [error] = document.errors;
  if (error !== undefined) {
    const [offset] = error.pos;
    switch (error.code) {
      case 'RESOURCE_EXHAUSTION':
        return tooDeep(offset);
      case 'TAB_AS_INDENT':
        return syntax(error.message, 'Indent with spaces.', offset);
      case 'MULTIPLE_DOCS':
        return syntax('a document ended before', 'Separate documents with a line `---`.', offset);
      default:
        return syntax(error.message, null, offset);
    }
  }
  const [warning] = document.warnings;
  if (warning?.code !== 'TAG_RESOLVE_FAILED') return null;
  return {
    code: 'yaml-tag',
    message: `${warning.message}: Kubernetes reads no such type`,
    hint: 'Remove the tag.',
    offset: warning.pos[0],
  };
}

/** Depth, keys and aliases; the first fault in reading order. Recursion is bounded by MAX_DEPTH. */
function nodeFault(document: Document.Parsed, text: string): Fault | null {
  let aliases = 0;
  const check = (node: unknown, anchors: readonly string[]): Fault | null => {
    if (isAlias(node)) {
      aliases++;
      if (aliases > MAX_ALIASES) return tooManyAliases(offsetOf(node));
      return cycleFault(node.source, anchors, offsetOf(node));
    }
    if (!isMap(node) && !isSeq(node)) return null;
    const offset = offsetOf(node);
    if (anchors.length >= MAX_DEPTH) return tooDeep(offset);
    const inside = [...anchors, node.anchor ?? ''];
    if (isSeq(node)) return firstFault(node.items, (item) => check(item, inside));
    return keyFault(node, text) ?? firstFault(node.items, ({ value }) => check(value, inside));
  };
  return check(document.contents, []);
}

function firstFault<T>(items: readonly T[], check: (item: T) => Fault | null): Fault | null {
  for (const item of items) {
    const fault = check(item);
    if (fault !== null) return fault;
  }
  return null;
}

function cycleFault(anchor: string, anchors: readonly string[], offset: number): Fault | null {
  if (!anchors.includes(anchor)) return null;
  return { code: 'yaml-cycle', message: `*${anchor} stands inside itself`, hint: null, offset };
}

function keyFault(map: YAMLMap, text: string): Fault | null {
  if (map.items.length > MAX_KEYS) return tooManyKeys(offsetOf(map));
  const seen = new Set<string>();
  return firstFault(map.items, ({ key }) => {
    const offset = offsetOf(key);
    if (!isScalar(key)) return notTextKey(offset, text);
    // Several merges in one map are one after the other, not the same field twice.
    if (isMergeKey(key)) return null;
    const name = String(key.value);
    if (name === '__proto__') return forbiddenKey(offset);
    if (seen.has(name)) return duplicateKey(name, offset);
    seen.add(name);
    return null;
  });
}

/** `<<` in quotes is a key like any other. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

function notTextKey(offset: number, text: string): Fault {
  const isTemplate = text.startsWith('{{', offset - 1);
  return {
    code: 'yaml-key',
    message: 'a key is not plain text',
    hint: isTemplate
      ? 'This looks like a Helm template: render it first, with `helm template`.'
      : null,
    offset,
  };
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** Where the elements of a list are written, in order; empty when it is not known of each. */
function itemRanges(document: Document.Parsed): readonly (readonly [number, number])[] {
  const items = isMap(document.contents) ? document.contents.get('items', true) : null;
  if (!isSeq(items)) return [];
  const ranges: [start: number, end: number][] = [];
  for (const item of items.items) {
    const range = (item as Node).range;
    if (range === null || range === undefined) return [];
    ranges.push([range[0], range[1]]);
  }
  return ranges;
}
