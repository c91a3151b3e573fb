import { join } from 'node:path';
import { closingLineTotals, oneTest, playwrightTotals, vitestTotals } from './totals.mjs';

/**
 * Every check of `npm test`, in order: what is quick and often wrong comes first. Each is a label,
 * the commands for the runtime (all must end with 0), and how to count the tests in
 * `{ code, output }`. `needs` names what it cannot go without, of `conformance`, `cluster`, `browser`.
 */
export function checks({ root, conformance }) {
  const tool = (path) => join(root, 'node_modules', path);
  const report = (name) => join(root, '.sightline/reports', name);
  const vitest = (project) => {
    const file = report(`vitest-${project}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    return {
      commands: [[tool('vitest/vitest.mjs'), 'run', '--project', project, ...reporters]],
      totals: vitestTotals(file),
    };
  };
  return [
    {
      label: 'Formatting and lint',
      commands: [[tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
      totals: oneTest,
    },
    {
      label: 'Types',
      commands: [
        [tool('next/dist/bin/next'), 'typegen'],
        [tool('typescript/bin/tsc'), '--noEmit'],
      ],
      totals: oneTest,
    },
    {
      label: 'Unused files, exports and packages',
      commands: [[tool('knip/bin/knip.js')]],
      totals: oneTest,
    },
    {
      label: 'Rules that tests name',
      commands: [['scripts/rule-coverage.mjs']],
      totals: oneTest,
    },
    { label: 'Unit and contract tests', ...vitest('unit') },
    {
      label: 'Conformance with other tools',
      needs: ['conformance'],
      commands: [['cli/conformance.ts', conformance, '--check', 'docs/conformance.md']],
      totals: closingLineTotals,
    },
    {
      label: 'Production build',
      commands: [['scripts/build.mjs']],
      totals: oneTest,
    },
    {
      label: 'A server under load',
      ...vitest('load'),
    },
    {
      label: 'Container image',
      ...vitest('image'),
    },
    {
      label: 'Real API server',
      // One of its tests is a journey in a browser.
      needs: ['cluster', 'browser'],
      commands: [['test/cluster/run.mjs']],
      totals: closingLineTotals,
    },
    {
      label: 'Browser tests',
      needs: ['browser'],
      commands: [[tool('@playwright/test/cli.js'), 'test', '--reporter=list,json']],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report('playwright.json') },
      totals: playwrightTotals(report('playwright.json')),
    },
  ];
}
