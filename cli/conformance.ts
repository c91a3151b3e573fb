import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Case, findCases } from './conformance/cases.ts';
import {
  isOutOfStep,
  markdownReport,
  textReport,
  totals,
  withReport,
} from './conformance/report.ts';
import { type Result, runCase } from './conformance/run-case.ts';
import { CommandFailed } from './exit-codes.ts';

/**
 * `node cli/conformance.ts FOLDER [--suite NAME] [--write FILE | --check FILE]`: answers every case of
 * the folder. `--write` puts the results into the document, `--check` fails when the document says
 * otherwise of as many cases.
 */

const USAGE = 'usage: node cli/conformance.ts FOLDER [--suite NAME] [--write FILE | --check FILE]';

/** A case that cannot be read has failed; the others are answered. */
async function resultOf(each: Case): Promise<Result> {
  try {
    return await runCase(each);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return { case: each, checks: 0, outcome: { kind: 'failed', differences: [error.message] } };
  }
}

function documentIn(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string' },
    write: { type: 'string' },
    check: { type: 'string' },
  },
});
const [folder, ...more] = positionals;
const { suite = null, write, check } = values;
if (folder === undefined || more.length > 0) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (!existsSync(folder)) {
  console.error(`${folder}: there is no such folder`);
  process.exitCode = 2;
} else {
  const results: Result[] = [];
  for (const each of findCases(folder, suite)) results.push(await resultOf(each));
  process.stdout.write(textReport(results));
  const report = markdownReport(results);
  // One suite is not all there is to report.
  if (write !== undefined && suite === null)
    writeFileSync(write, withReport(documentIn(write), report));
  const stale = check !== undefined && suite === null && isOutOfStep(documentIn(check), report);
  if (stale)
    console.log(`${check} says otherwise: npm run conformance -- ${folder} writes it anew`);
  const { passed, failed } = totals(results);
  // The closing line is read by the checks.
  console.log(`${passed} passed, ${failed + (stale ? 1 : 0)} failed`);
  if (failed > 0 || stale || results.length === 0) process.exitCode = 1;
}
