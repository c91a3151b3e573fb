import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/** For a check that is one test: it passed when its command ended with 0. */
export function oneTest({ code }) {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * A runner's own counts, made honest by its exit code: one that failed without a failed test (a
 * file that does not load, a server that does not start), or that ran no test, counts as a failure.
 */
function honest({ passed, failed, skipped }, { code }) {
  const broken = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: broken ? 1 : failed, skipped };
}

const NOTHING = { passed: 0, failed: 0, skipped: 0 };

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** From the JSON report of Vitest. */
export function vitestTotals(file) {
  return (result) => {
    const report = readReport(file);
    if (report === undefined) return honest(NOTHING, result);
    const { numPassedTests: passed, numFailedTests: failed, numTotalTests: all } = report;
    return honest({ passed, failed, skipped: all - passed - failed }, result);
  };
}

/** From the JSON report of Playwright; what passed only on a second try has failed. */
export function playwrightTotals(file) {
  return (result) => {
    const report = readReport(file);
    if (report === undefined) return honest(NOTHING, result);
    const { expected, unexpected, flaky, skipped } = report.stats;
    return honest({ passed: expected, failed: unexpected + flaky, skipped }, result);
  };
}

/** From a closing line `N passed, N failed` (and perhaps `, N skipped`) among what a command printed. */
export function closingLineTotals(result) {
  const line = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;
  const found = result.output.split(/\r?\n/).findLast((text) => line.test(text));
  if (found === undefined) return honest(NOTHING, result);
  const [, passed, failed, skipped = '0'] = line.exec(found);
  return honest(
    { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) },
    result,
  );
}

/** `12 passed`, `12 passed, 2 skipped`, `FAILED: 1 of 13`; of a single test only how it ended. */
export function inWords({ passed, failed, skipped }) {
  if (passed + failed === 1 && skipped === 0) return failed === 0 ? 'passed' : 'FAILED';
  const result = failed === 0 ? `${passed} passed` : `FAILED: ${failed} of ${passed + failed}`;
  return skipped === 0 ? result : `${result}, ${skipped} skipped`;
}
