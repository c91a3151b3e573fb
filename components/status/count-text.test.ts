import { expect, test } from 'vitest';
import { countText, shareText } from './count-text.ts';

test.each`
  part    | whole   | text
  ${0}    | ${0}    | ${'–'}
  ${0}    | ${40}   | ${'0 %'}
  ${1}    | ${1000} | ${'< 1 %'}
  ${999}  | ${1000} | ${'> 99 %'}
  ${1000} | ${1000} | ${'100 %'}
  ${31}   | ${42}   | ${'74 %'}
`('$part of $whole is $text', ({ part, whole, text }) => {
  expect(shareText(part, whole)).toBe(text);
});

test('counts agree with their nouns', () => {
  expect(countText(1, 'pod')).toBe('1 pod');
  expect(countText(0, 'policy', 'policies')).toBe('0 policies');
  expect(countText(1204, 'pod')).toBe('1,204 pods');
});
