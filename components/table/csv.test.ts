import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test.each`
  value                       | written
  ${'shop/web'}               | ${'shop/web'}
  ${'TCP 80,443'}             | ${'"TCP 80,443"'}
  ${'say "hi"'}               | ${'"say ""hi"""'}
  ${'=HYPERLINK("http://x")'} | ${'"\'=HYPERLINK(""http://x"")"'}
  ${'-2+3'}                   | ${"'-2+3"}
  ${'@a'}                     | ${"'@a"}
  ${'\tx'}                    | ${"'\tx"}
  ${-3}                       | ${'-3'}
`('$value is written $written', ({ value, written }) => {
  expect(toCsv([[value]])).toBe(`${written}\r\n`);
});

test('rows end as the standard says', () => {
  expect(
    toCsv([
      ['a', 'b'],
      ['c', 1],
    ]),
  ).toBe('a,b\r\nc,1\r\n');
});
