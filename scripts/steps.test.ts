import { expect, test } from 'vitest';
import { duration, StepFailed, step } from './steps.mjs';

function paper(isTTY = false) {
  const written: string[] = [];
  return { isTTY, write: (text: string) => written.push(text), text: () => written.join('') };
}

test.each([
  [40, '0.0 s'],
  [940, '0.9 s'],
  [26_600, '27 s'],
  [59_400, '59 s'],
  [60_000, '1 min 0 s'],
  [192_300, '3 min 12 s'],
])('%i ms is %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test('a step is one line: what, how it ended, how long', async () => {
  const out = paper();
  await step('Counting', async () => '3 passed', out);
  await step('Waiting', async () => undefined, out);
  expect(out.text()).toMatch(/^Counting … 3 passed, \d\.\d s\nWaiting … \d\.\d s\n$/);
});

test('on a terminal the line is written over', async () => {
  const out = paper(true);
  await step('Counting', async () => '3 passed', out);
  const [first, second] = out.text().split('\r\u001b[K');
  expect(first).toBe('Counting … ');
  expect(second).toMatch(/^Counting … 3 passed, \d\.\d s\n$/);
});

test('a failed step shows everything its command printed, and fails', async () => {
  const out = paper();
  const failure = new StepFailed('FAILED: 1 of 2', 'first\nsecond\n');
  await expect(step('Testing', () => Promise.reject(failure), out)).rejects.toBe(failure);
  expect(out.text()).toMatch(/^Testing … FAILED: 1 of 2, \d\.\d s\nfirst\nsecond\n$/);
  expect(failure.shown).toBe(true);
});
