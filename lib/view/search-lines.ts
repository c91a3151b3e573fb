import { compareText, refKey } from '#lib/model/object-ref.ts';
import type { SearchHit } from './search-view.ts';

/**
 * Objects of one kind as one text, a line each: searching it is what a processor does fastest, and no
 * object is looked at that does not answer.
 */
export interface SearchLines {
  readonly hits: readonly SearchHit[];
  /** Lower case. */
  readonly text: string;
  /** Where each line begins, and where the text ends. */
  readonly starts: Int32Array;
  /** Where in the text the name of each line's object begins and ends. */
  readonly names: Int32Array;
}

/** What people call some objects beside their names. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['default/kubernetes[Service]', 'api-server'],
]);

/** In the order of their keys. */
export function searchLines(hits: readonly SearchHit[]): SearchLines {
  const keyed = hits
    .map((hit) => ({ hit, key: refKey(hit.ref) }))
    .sort((a, b) => compareText(a.key, b.key));
  const starts = new Int32Array(keyed.length + 1);
  const names = new Int32Array(keyed.length * 2);
  let at = 0;
  const lines = keyed.map(({ hit: { ref }, key }, line) => {
    const called = ALIASES.get(key);
    const text = `${called === undefined ? key : `${key} ${called}`}\n`.toLowerCase();
    const name = at + (ref.namespace === null ? 0 : `${ref.namespace}/`.toLowerCase().length);
    names.set([name, name + ref.name.toLowerCase().length], line * 2);
    at += text.length;
    starts[line + 1] = at;
    return text;
  });
  return { hits: keyed.map(({ hit }) => hit), text: lines.join(''), starts, names };
}

/** Calls back for each line, ascending, that every word is in; words are lower case, without spaces, and not empty. */
export function eachMatch(
  { text, starts }: SearchLines,
  [first, ...others]: readonly [string, ...string[]],
  found: (line: number) => void,
): void {
  let line = 0;
  for (let at = text.indexOf(first); at !== -1; ) {
    while ((starts[line + 1] ?? text.length) <= at) line++;
    const end = starts[line + 1] ?? text.length;
    const own = others.length === 0 ? '' : text.slice(starts[line], end);
    if (others.every((word) => own.includes(word))) found(line);
    at = text.indexOf(first, end);
  }
}

/**
 * How well a line that is matched answers, lower is better: 0 where a word is the name, 1 where the
 * name begins so, 2 where it has it, else 3. Anything from `worst` on may be told as `worst`.
 */
export function rankOf(
  { text, names }: SearchLines,
  line: number,
  words: readonly string[],
  worst: number,
): number {
  const [begin = 0, end = 0] = [names[line * 2], names[line * 2 + 1]];
  let best = Math.min(worst, 3);
  for (const word of words) {
    // Once only names that are a word are wanted, the length refuses most.
    if (best === 0 || (best === 1 && word.length !== end - begin)) continue;
    if (text.startsWith(word, begin)) best = Math.min(best, word.length === end - begin ? 0 : 1);
    else if (best > 2 && text.slice(begin, end).includes(word)) best = 2;
  }
  return best;
}
