/**
 * Light colouring of one line of YAML, or of JSON: enough to read by, and never a judge of what
 * the line means. The tokens' texts joined are the line again.
 */
export interface YamlToken {
  readonly kind: 'space' | 'mark' | 'key' | 'string' | 'literal' | 'plain' | 'comment';
  readonly text: string;
}

/** In the order they are tried; each is anchored by the sticky flag. */
const PATTERNS: readonly (readonly [YamlToken['kind'], RegExp])[] = [
  ['space', /\s+/y],
  ['key', /"(?:[^"\\]|\\.)*"(?=\s*:(?:\s|$))|'(?:[^']|'')*'(?=\s*:(?:\s|$))/y],
  ['string', /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/y],
  ['mark', /(?:-(?=\s|$)|---$|[[\]{},]|:(?=\s|$)|[|>][+-]?\d?(?=\s*$))/y],
  ['key', /[^\s#"'[\]{},:-][^\s#[\]{},:]*(?::[^\s:[\]{},][^\s[\]{},:]*)*(?=\s*:(?:\s|$))/y],
  ['literal', /(?:-?\d[\d.]*|true|false|null|~)(?=\s*(?:$|[\]},]|\s#))/y],
  ['plain', /(?:[^\s[\]{},]+)/y],
];

export function yamlTokens(line: string): readonly YamlToken[] {
  const tokens: YamlToken[] = [];
  let at = 0;
  while (at < line.length) {
    const token = commentAt(line, at) ?? tokenAt(line, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

/** A `#` opens a comment at the start of a line and after a space only: `a#b` is a value. */
function commentAt(line: string, at: number): YamlToken | null {
  if (line[at] !== '#' || (at > 0 && !/\s/.test(line[at - 1] ?? ''))) return null;
  return { kind: 'comment', text: line.slice(at) };
}

function tokenAt(line: string, at: number): YamlToken {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(line)?.[0];
    if (found !== undefined) return { kind, text: found };
  }
  return { kind: 'plain', text: line.charAt(at) };
}
