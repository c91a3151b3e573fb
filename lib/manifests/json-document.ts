import type { Json } from '#lib/model/json.ts';
import {
  duplicateKey,
  type Fault,
  forbiddenKey,
  isFault,
  MAX_DEPTH,
  MAX_KEYS,
  type ParsedDocument,
  tooDeep,
  tooManyKeys,
} from './document-fault.ts';

/**
 * Reads a document written as JSON. The YAML reader could, at a fiftieth of the speed; what
 * `kubectl get -o json` writes is large. Null when the text is not JSON: then it is YAML.
 */
export function readJsonDocument(text: string): ParsedDocument | Fault | null {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const scanned = scan(text);
  if (isFault(scanned)) return scanned;
  const items = typeof value === 'object' && value !== null && 'items' in value ? value.items : [];
  // Elements that are no objects are not found by the scan: then no place is better than a wrong one.
  const complete = Array.isArray(items) && items.length === scanned.items.length;
  return { value, items: complete ? scanned.items : [] };
}

interface Frame {
  /** Null in a list. */
  readonly keys: Set<string> | null;
  keyExpected: boolean;
}

/** JSON.parse found the text well-formed; this finds what it does not tell: places and repeated keys. */
function scan(text: string): { readonly items: readonly (readonly [number, number])[] } | Fault {
  const token = /"(?:[^"\\]+|\\.)*"|[{}[\],]/g;
  const scanner = new Scanner();
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const fault = scanner.next(match[0], match.index);
    if (fault !== null) return fault;
  }
  return { items: scanner.items };
}

class Scanner {
  readonly items: [start: number, end: number][] = [];
  readonly #frames: Frame[] = [];
  #topLevelKey = '';

  next(token: string, offset: number): Fault | null {
    switch (token) {
      case '{':
      case '[':
        return this.#open(token === '{', offset);
      case '}':
      case ']':
        return this.#close(offset + 1);
      case ',':
        return this.#comma();
      default:
        return this.#text(token, offset);
    }
  }

  /** Directly in the list at the top-level key `items`. */
  #inItems(): boolean {
    return (
      this.#frames.length === 2 && this.#frames[1]?.keys === null && this.#topLevelKey === 'items'
    );
  }

  #open(isMap: boolean, offset: number): Fault | null {
    if (this.#frames.length >= MAX_DEPTH) return tooDeep(offset);
    if (isMap && this.#inItems()) this.items.push([offset, offset]);
    this.#frames.push({ keys: isMap ? new Set() : null, keyExpected: isMap });
    return null;
  }

  #close(end: number): null {
    this.#frames.pop();
    const item = this.items.at(-1);
    if (item !== undefined && this.#inItems()) item[1] = end;
    return null;
  }

  #comma(): null {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.keyExpected = frame.keys !== null;
    return null;
  }

  #text(token: string, offset: number): Fault | null {
    const frame = this.#frames.at(-1);
    if (!frame?.keyExpected || frame.keys === null) return null;
    const key: string = JSON.parse(token);
    if (key === '__proto__') return forbiddenKey(offset);
    if (frame.keys.has(key)) return duplicateKey(key, offset);
    if (frame.keys.size >= MAX_KEYS) return tooManyKeys(offset);
    frame.keys.add(key);
    frame.keyExpected = false;
    if (this.#frames.length === 1) this.#topLevelKey = key;
    return null;
  }
}
