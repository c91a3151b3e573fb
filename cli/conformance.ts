import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findCases } from './conformance/cases.ts';
import { markdownReport, textReport, totals } from './conformance/report.ts';
import { runCase } from './conformance/run-case.ts';

/** `node cli/conformance.ts FOLDER [--suite NAME] [--write FILE]`: answers every case of the folder. */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: 'string' }, write: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined || positionals.length > 1) {
  console.error('usage: node cli/conformance.ts FOLDER [--suite NAME] [--write FILE]');
  process.exitCode = 2;
} else {
  const results = [];
  for (const each of findCases(folder, values.suite ?? null)) results.push(await runCase(each));
  process.stdout.write(textReport(results));
  if (values.write !== undefined) writeFileSync(values.write, markdownReport(results));
  const { passed, failed } = totals(results);
  // The closing line is read by the checks.
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || results.length === 0) process.exitCode = 1;
}
