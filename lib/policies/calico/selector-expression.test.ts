import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Requirement } from '#lib/model/selector.ts';
import { printSelector, selectorExpression } from '#lib/testing/calico-selectors.ts';
import { parseSelector, type SelectorExpression } from './selector-expression.ts';

function expressionOf(text: string): SelectorExpression {
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.expression;
}

const label = (
  key: string,
  operator: Requirement['operator'],
  ...values: string[]
): SelectorExpression => ({ kind: 'label', requirement: { key, operator, values } });
const A = label('a', 'Exists');
const B = label('b', 'Exists');
const C = label('c', 'Exists');

test.each<[string, SelectorExpression]>([
  ['', { kind: 'all' }],
  [' \t', { kind: 'all' }],
  [' all( ) ', { kind: 'all' }],
  ['global()', { kind: 'global' }],
  ["a=='b'", label('a', 'In', 'b')],
  ['a == ""', label('a', 'In', '')],
  [`a != "'"`, label('a', 'NotIn', "'")],
  [`a == '"'`, label('a', 'In', '"')],
  ["a in{'y','x','y'}", label('a', 'In', 'x', 'y')],
  ["a in {'x',}", label('a', 'In', 'x')],
  ["a not  in {'x'}", label('a', 'NotIn', 'x')],
  ["a notin {'x'}", label('a', 'NotIn', 'x')],
  ['a in {}', label('a', 'In')],
  ["a contains 'x'", label('a', 'Contains', 'x')],
  ["a starts  with 'x'", label('a', 'StartsWith', 'x')],
  ["a startswith'x'", label('a', 'StartsWith', 'x')],
  ["a endswith 'x'", label('a', 'EndsWith', 'x')],
  ["contains contains 'contains'", label('contains', 'Contains', 'contains')],
  ["in in {'in'}", label('in', 'In', 'in')],
  ["not not in {'x'}", label('not', 'NotIn', 'x')],
  ["has == 'x'", label('has', 'In', 'x')],
  ["alliance == 'x'", label('alliance', 'In', 'x')],
  ['has( projectcalico.org/k8s_NS-.1/role )', label('projectcalico.org/k8s_NS-.1/role', 'Exists')],
  ["constructor == 'x'", label('constructor', 'In', 'x')],
  ['!has(a)', { kind: 'not', of: A }],
  ['!! has(a)', { kind: 'not', of: { kind: 'not', of: A } }],
  ["! a == 'x'", { kind: 'not', of: label('a', 'In', 'x') }],
  ['has(a)&&has(b)', { kind: 'and', of: [A, B] }],
  [
    'has(a) || has(b) && !has(c)',
    { kind: 'or', of: [A, { kind: 'and', of: [B, { kind: 'not', of: C }] }] },
  ],
  ['(has(a) || has(b)) && has(c)', { kind: 'and', of: [{ kind: 'or', of: [A, B] }, C] }],
  ['!(has(a) || has(b))', { kind: 'not', of: { kind: 'or', of: [A, B] } }],
])('CAL-16 %j is understood', (text, expected) => {
  expect(expressionOf(text)).toEqual(expected);
});

test.each([
  ['b == b', 'expected a text in quotes at character 6, found "b"'],
  ["'b1' == b", 'expected a label, has(, all(), ! or ( at character 1, found "\'b1\' == b"'],
  ['b', 'expected an operator after the label b at character 2, found the end'],
  ['a b', 'expected an operator after the label a at character 3, found "b"'],
  ["a = 'b'", `expected an operator after the label a at character 3, found "= 'b'"`],
  ['!', 'expected a label, has(, all(), ! or ( at character 2, found the end'],
  ["a == 'b' &", 'expected && or || at character 10, found "&"'],
  ["a == 'b' |", 'expected && or || at character 10, found "|"'],
  ["a == 'b' c == 'd'", `expected && or || at character 10, found "c == 'd'"`],
  ['a != ||', 'expected a text in quotes at character 6, found "||"'],
  ["a in {'', ||", 'expected a text in quotes at character 11, found "||"'],
  ["a in {'x' 'y'}", `expected , or } at character 11, found "'y'}"`],
  ["a in ''", `expected { at character 6, found "''"`],
  ["a in {'x'", 'expected , or } at character 10, found the end'],
  ["a starts 'x'", `expected an operator after the label a at character 3, found "starts 'x'"`],
  ['"FOO', 'expected a label, has(, all(), ! or ( at character 1, found "\\"FOO"'],
  ["a == 'b", `expected a text in quotes at character 6, found "'b"`],
  ["(a == 'x'", 'expected ) at character 10, found the end'],
  [')', 'expected a label, has(, all(), ! or ( at character 1, found ")"'],
  ['()', 'expected a label, has(, all(), ! or ( at character 2, found ")"'],
  ['has()', 'expected a label at character 5, found ")"'],
  ['has(a', 'expected ) at character 6, found the end'],
  ['has (a)', 'expected an operator after the label has at character 5, found "(a)"'],
  ['all', 'expected an operator after the label all at character 4, found the end'],
  ['%', 'expected a label, has(, all(), ! or ( at character 1, found "%"'],
  ['has(a) &&', 'expected a label, has(, all(), ! or ( at character 10, found the end'],
  ["a\n== 'b'", `expected an operator after the label a at character 2, found "\\n== 'b'"`],
])('CAL-16 %j is refused where it goes wrong', (text, message) => {
  expect(parseSelector(text)).toEqual({ ok: false, message });
});

test('CAL-16 depth has an end, and length has none', () => {
  const deep = `${'('.repeat(1000)}has(a)${')'.repeat(1000)}`;
  expect(parseSelector(deep)).toMatchObject({ ok: false });
  expect(parseSelector('!'.repeat(100_000)).ok).toBe(false);
  const long = Array.from({ length: 10_000 }, (_, i) => `has(a${i})`).join(' || ');
  expect(parseSelector(long)).toMatchObject({ ok: true, expression: { kind: 'or' } });
});

describe('whatever is printed', () => {
  test('is parsed to what it was', () => {
    fc.assert(
      fc.property(selectorExpression, (expression) => {
        expect(expressionOf(printSelector(expression))).toEqual(expression);
      }),
    );
  });

  test('is parsed the same without the spaces, and with more of them', () => {
    fc.assert(
      fc.property(selectorExpression, (expression) => {
        const text = printSelector(expression);
        expect(expressionOf(text.replace(/ (?=[&|=!{])|(?<=[&|=,]) /g, ''))).toEqual(expression);
        expect(expressionOf(text.replaceAll(' ', ' \t '))).toEqual(expression);
      }),
    );
  });
});

test('no text makes the parser throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...`ab'"(){}!&|=, inhas(global()`) }), (text) => {
      expect(parseSelector(text).ok).toBeTypeOf('boolean');
    }),
    { numRuns: 2000 },
  );
});
