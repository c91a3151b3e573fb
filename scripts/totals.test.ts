import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { closingLineTotals, inWords, oneTest, playwrightTotals, vitestTotals } from './totals.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sightline-totals-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ended = (code: number | null, output = '') => ({ code, output });

function report(content: unknown): string {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('a runner that ends badly or does nothing has failed, whatever it counted', () => {
  const passed = { numPassedTests: 3, numFailedTests: 0, numTotalTests: 3 };
  const none = { numPassedTests: 0, numFailedTests: 0, numTotalTests: 0 };
  test.each([
    ['all passed', passed, 0, { passed: 3, failed: 0, skipped: 0 }],
    ['a file did not load', passed, 1, { passed: 3, failed: 1, skipped: 0 }],
    ['ended by a signal', passed, null, { passed: 3, failed: 1, skipped: 0 }],
    ['no test ran', none, 0, { passed: 0, failed: 1, skipped: 0 }],
  ])('%s', (_case, counts, code, totals) => {
    expect(vitestTotals(report(counts))(ended(code))).toEqual(totals);
  });

  test('no report at all', () => {
    const totals = { passed: 0, failed: 1, skipped: 0 };
    expect(vitestTotals(join(folder, 'absent.json'))(ended(0))).toEqual(totals);
    expect(playwrightTotals(join(folder, 'absent.json'))(ended(0))).toEqual(totals);
    expect(closingLineTotals(ended(0, 'done\n'))).toEqual(totals);
  });
});

test('Vitest: what neither passed nor failed was skipped', () => {
  const file = report({ numPassedTests: 5, numFailedTests: 2, numTotalTests: 8 });
  expect(vitestTotals(file)(ended(1))).toEqual({ passed: 5, failed: 2, skipped: 1 });
});

test('Playwright: passing on a second try is a failure', () => {
  const file = report({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } });
  expect(playwrightTotals(file)(ended(1))).toEqual({ passed: 4, failed: 2, skipped: 2 });
});

test.each([
  ['12 passed, 0 failed\n', 0, { passed: 12, failed: 0, skipped: 0 }],
  [
    '1 passed, 0 failed\nmore\n7 passed, 2 failed, 1 skipped\n',
    1,
    { passed: 7, failed: 2, skipped: 1 },
  ],
  ['suite: 12 passed, 0 failed\n', 0, { passed: 0, failed: 1, skipped: 0 }],
  ['12 passed, 0 failed\n', 1, { passed: 12, failed: 1, skipped: 0 }],
])('the last closing line alone on its line: %j, ended with %i', (output, code, totals) => {
  expect(closingLineTotals(ended(code, output))).toEqual(totals);
});

test('one command is one test', () => {
  expect(oneTest(ended(0))).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(oneTest(ended(2))).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test.each([
  [{ passed: 12, failed: 0, skipped: 0 }, '12 passed'],
  [{ passed: 12, failed: 0, skipped: 2 }, '12 passed, 2 skipped'],
  [{ passed: 12, failed: 1, skipped: 0 }, 'FAILED: 1 of 13'],
  [{ passed: 1, failed: 0, skipped: 0 }, 'passed'],
  [{ passed: 0, failed: 1, skipped: 0 }, 'FAILED'],
])('%j is "%s"', (totals, words) => {
  expect(inWords(totals)).toBe(words);
});
