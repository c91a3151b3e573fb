import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOlder } from './resource-version.ts';

test('versions compare as numbers of any size', () => {
  const number = fc.bigInt({ min: 0n, max: 2n ** 80n });
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(isOlder(String(a), String(b))).toBe(a < b);
    }),
  );
});

test.each([
  ['', '5'],
  ['5', ''],
  ['abc', '5'],
  ['04', '5'],
  ['-1', '5'],
])('%j says nothing about %j', (version, than) => {
  expect(isOlder(version, than)).toBe(false);
});
