import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchCase } from './cases/bench-case.ts';
import { CASES } from './cases/registry.ts';
import { compareRuns } from './measure/compare-runs.ts';
import {
  formatGoal,
  formatNumber,
  formatRatio,
  formatTable,
  formatValue,
  formatVerdict,
} from './measure/format.ts';
import type { HotFunction } from './measure/hot-functions.ts';
import type { Measurement, Skipped } from './measure/measurement.ts';
import { seriesOf } from './report/growth.ts';
import { writeReport } from './report/write-report.ts';
import { hasMissed, mergeResults, mergeRuns } from './results/merge-runs.ts';
import { type RunResult, readResult, writeResult } from './results/run-result.ts';
import { startCase } from './start-case.ts';

/** Measures what performance.md promises, and says of each goal whether it is met. */

const USAGE = `Usage: npm run bench -- [options]

  --case NAME   only this case, or those whose names begin so; may be given several times
  --seed N      1; another seed is another cluster of the same shape
  --quick       fewer and smaller cases, once each: to see that all is well, not for figures
  --full        check far more against the reference; takes several minutes more
  --accept      keep what was found, to compare later runs with
  --report      write the accepted run into docs/performance.md, and measure nothing
  --strict      end with exit code 1 when a goal is missed or a ratio got worse
  --list        name the cases
`;

const OPTIONS = {
  case: { type: 'string', multiple: true, default: [] as string[] },
  seed: { type: 'string', default: '1' },
  quick: { type: 'boolean', default: false },
  full: { type: 'boolean', default: false },
  accept: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

interface Options {
  readonly seed: number;
  readonly quick: boolean;
  readonly full: boolean;
}

function chosen(names: readonly string[], quick: boolean): readonly BenchCase[] {
  const found = CASES.filter(({ name }) => names.some((each) => name.startsWith(each)));
  if (names.length > 0 && found.length === 0)
    throw new RangeError(`no case begins with ${names.join(' or ')}; --list names them`);
  if (names.length > 0) return found;
  return quick ? CASES.filter((each) => each.quick) : CASES;
}

function row(measurement: Measurement): readonly string[] {
  const { what, value, unit, goal, detail = '' } = measurement;
  const verdict = formatVerdict(measurement);
  return [
    what,
    formatGoal(goal, measurement),
    formatValue(value, unit),
    formatRatio(measurement),
    verdict,
    detail,
  ];
}

function skippedRow({ what, why, missed }: Skipped): readonly string[] {
  return [what, '', missed ? why : `skipped: ${why}`, '', missed ? 'MISSED' : '', ''];
}

function printProfile(hot: readonly HotFunction[]): void {
  for (const { name, place, share } of hot)
    console.log(`    ${(share * 100).toFixed(1).padStart(5)} %  ${name}  ${place}`);
}

async function measure(cases: readonly BenchCase[], options: Options): Promise<RunResult> {
  const measurements: Measurement[] = [];
  const skipped: Skipped[] = [];
  const profiles: Record<string, readonly HotFunction[]> = {};
  for (const each of cases) {
    const runs = [];
    for (let i = 0; i < (options.quick ? 1 : each.runs); i++) {
      const run = await startCase(each, { ...options, profile: false });
      runs.push(run);
      if (run.late) break;
    }
    const merged = mergeRuns(each, runs);
    measurements.push(...merged.measurements);
    skipped.push(...merged.skipped);
    console.log(`${each.name}: ${each.title}`);
    console.log(formatTable([...merged.measurements.map(row), ...merged.skipped.map(skippedRow)]));
    if (!hasMissed(merged)) continue;
    const { hot } = await startCase(each, { ...options, profile: true });
    profiles[each.name] = hot;
    printProfile(hot);
  }
  return {
    ...options,
    node: process.version,
    cores: availableParallelism(),
    date: new Date().toISOString().slice(0, 10),
    whole: cases.length === CASES.length,
    cases: cases.map(({ name }) => name),
    measurements,
    skipped,
    profiles,
  };
}

/** A run of some cases replaces what they found before, and nothing else. */
function accept(result: RunResult, isPart: boolean): void {
  const before = isPart ? readResult('accepted') : null;
  writeResult('accepted', before === null ? result : mergeResults(before, result));
}

function printGrowth({ measurements }: RunResult): void {
  for (const { name, slope, points } of seriesOf(measurements))
    console.log(`\ngrowth, ${name}: exponent ${slope.toFixed(2)} over ${points.length} sizes`);
}

/** Gives whether anything got worse. */
function compareWithAccepted(result: RunResult): boolean {
  const accepted = readResult('accepted');
  if (accepted === null) return false;
  const differences = compareRuns(accepted.measurements, result.measurements).filter(
    ({ change }) => change !== 'same',
  );
  if (differences.length === 0) console.log('\nNothing differs from the accepted run.');
  else {
    console.log(
      `\nDifferences from the run accepted on ${accepted.date}, as ratios within each run:`,
    );
    const rows = differences.map(({ what, before, now, change }) => [
      change.toUpperCase(),
      what,
      formatNumber(before),
      '→',
      formatNumber(now),
    ]);
    console.log(formatTable(rows));
  }
  return differences.some(({ change }) => change === 'worse');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (values.list) {
    console.log(formatTable(CASES.map(({ name, title }) => [name, title])));
    return;
  }
  if (values.report) {
    const accepted = readResult('accepted');
    if (accepted === null) throw new RangeError('no run was accepted yet');
    writeReport(accepted);
    return;
  }
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new RangeError('--seed is a whole number');
  if (values.quick && values.accept) throw new RangeError('a quick run is nothing to compare with');
  const cases = chosen(values.case, values.quick);
  if (values.quick)
    console.log('Quick: where a case speaks of 150,000 pods, 10,000 may stand in for them.\n');
  const result = await measure(cases, { seed, quick: values.quick, full: values.full });
  writeResult('latest', result);
  printGrowth(result);
  const isWorse = compareWithAccepted(result);
  if (values.accept) accept(result, values.case.length > 0);
  if (values.strict && (isWorse || hasMissed(result))) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
