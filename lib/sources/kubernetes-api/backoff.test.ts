import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelay } from './backoff.ts';

test('R8 the wait is between half a second and ten seconds, and grows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const delay = backoffDelay(attempt, random);
        expect(delay).toBeGreaterThanOrEqual(500);
        expect(delay).toBeLessThanOrEqual(10_000);
        expect(backoffDelay(attempt + 1, random)).toBeGreaterThanOrEqual(delay);
      },
    ),
  );
});

test('B5 after a first failure it is a second at most', () => {
  expect(backoffDelay(1, 0.999)).toBeLessThanOrEqual(1000);
});

test('B12 ten minutes of failures are at most one try in five seconds', () => {
  let elapsed = 0;
  let tries = 0;
  // a fixed sequence over the whole range stands for chance
  for (let attempt = 1; elapsed < 600_000; attempt += 1) {
    elapsed += backoffDelay(attempt, (attempt * 0.618) % 1);
    tries += 1;
  }
  expect(tries).toBeLessThanOrEqual(120);
});
