import { expect, test } from 'vitest';
import { csvCell } from './csv-cell.ts';

test.each([
  ['shop/web[Deployment]', 'shop/web[Deployment]'],
  ['TCP 80,443', '"TCP 80,443"'],
  ['a "b"', '"a ""b"""'],
  ['=HYPERLINK(1)', "'=HYPERLINK(1)"],
  ['-a', "'-a"],
  ['\rx', '"\'\rx"'],
])('%j is written %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});
