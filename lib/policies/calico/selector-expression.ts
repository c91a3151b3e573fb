import type { Requirement } from '#lib/model/selector.ts';

/** Calico's selector expressions, and their parser (CAL-16). */

export type SelectorExpression =
  /** all(): everything. global(): what is in no namespace. */
  | { readonly kind: 'all' | 'global' }
  /** `==` and `in`, `!=` and `not in`, `has()`, `contains`, `starts with`, `ends with`. */
  | { readonly kind: 'label'; readonly requirement: Requirement }
  | { readonly kind: 'and' | 'or'; readonly of: readonly SelectorExpression[] }
  | { readonly kind: 'not'; readonly of: SelectorExpression };

type ParsedSelector =
  | { readonly ok: true; readonly expression: SelectorExpression }
  | { readonly ok: false; readonly message: string };

/** Thrown and caught in here alone. */
class SyntaxProblem extends Error {}

const LABEL = /[A-Za-z0-9_./-]{1,512}/y;
const SPACE = /[ \t]*/y;
/** Deeper than any person nests, and far from the end of the stack. */
const MAX_DEPTH = 200;

/** Operators that take one text, as they may be written; the words of one may stand together. */
const COMPARISONS: readonly (readonly [RegExp, Requirement['operator']])[] = [
  [/==/y, 'In'],
  [/!=/y, 'NotIn'],
  [/contains/y, 'Contains'],
  [/starts[ \t]*with/y, 'StartsWith'],
  [/ends[ \t]*with/y, 'EndsWith'],
];
const SETS: readonly (readonly [RegExp, Requirement['operator']])[] = [
  [/not[ \t]*in/y, 'NotIn'],
  [/in/y, 'In'],
];

function createParser(text: string) {
  let position = 0;
  let depth = 0;

  /** Takes what the sticky expression matches here, with the space behind it; null when nothing does. */
  function take(pattern: RegExp): string | null {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return null;
    position += found.length;
    skipSpace();
    return found;
  }

  function skipSpace(): void {
    SPACE.lastIndex = position;
    position += SPACE.exec(text)?.[0].length ?? 0;
  }

  function refuse(expected: string): never {
    const rest = text.slice(position, position + 12);
    const found = rest === '' ? 'the end' : JSON.stringify(rest);
    throw new SyntaxProblem(`expected ${expected} at character ${position + 1}, found ${found}`);
  }

  function need(pattern: RegExp, name: string): void {
    if (take(pattern) === null) refuse(name);
  }

  /** Quotes have no escapes: a text in one kind may hold the other. */
  function quoted(): string {
    const found = take(/'[^']*'|"[^"]*"/y);
    if (found === null) refuse('a text in quotes');
    return found.slice(1, -1);
  }

  /** A comma may stand before the end. */
  function set(): readonly string[] {
    need(/\{/y, '{');
    const values = new Set<string>();
    while (take(/\}/y) === null) {
      values.add(quoted());
      if (take(/,/y) === null && text[position] !== '}') refuse(', or }');
    }
    return [...values].sort();
  }

  function comparison(key: string): SelectorExpression {
    const requirement = (operator: Requirement['operator'], values: readonly string[]) =>
      ({ kind: 'label', requirement: { key, operator, values } }) as const;
    for (const [pattern, operator] of COMPARISONS)
      if (take(pattern) !== null) return requirement(operator, [quoted()]);
    for (const [pattern, operator] of SETS)
      if (take(pattern) !== null) return requirement(operator, set());
    return refuse(`an operator after the label ${key}`);
  }

  function nested(): SelectorExpression {
    const inner = or();
    need(/\)/y, ')');
    return inner;
  }

  function primary(): SelectorExpression {
    if (take(/\(/y) !== null) return nested();
    for (const kind of ['all', 'global'] as const) {
      if (take(kind === 'all' ? /all\(/y : /global\(/y) === null) continue;
      need(/\)/y, ')');
      return { kind };
    }
    const isHas = take(/has\(/y) !== null;
    const key = take(LABEL);
    if (key === null) refuse(isHas ? 'a label' : 'a label, has(, all(), ! or (');
    if (!isHas) return comparison(key);
    need(/\)/y, ')');
    return { kind: 'label', requirement: { key, operator: 'Exists', values: [] } };
  }

  function unary(): SelectorExpression {
    if (++depth > MAX_DEPTH) refuse(`at most ${MAX_DEPTH} levels`);
    const negated = take(/!/y) !== null;
    const of = negated ? unary() : primary();
    depth--;
    return negated ? { kind: 'not', of } : of;
  }

  function list(kind: 'and' | 'or', operator: RegExp, member: () => SelectorExpression) {
    const first = member();
    const of = [first];
    while (take(operator) !== null) of.push(member());
    return of.length === 1 ? first : { kind, of };
  }

  function and(): SelectorExpression {
    return list('and', /&&/y, unary);
  }

  function or(): SelectorExpression {
    return list('or', /\|\|/y, and);
  }

  return (): SelectorExpression => {
    skipSpace();
    if (position === text.length) return { kind: 'all' };
    const whole = or();
    if (position < text.length) refuse('&& or ||');
    return whole;
  };
}

/** What a selector says; of one that is wrong, what was expected where. Empty text is all(). */
export function parseSelector(text: string): ParsedSelector {
  try {
    return { ok: true, expression: createParser(text)() };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return { ok: false, message: error.message };
  }
}
