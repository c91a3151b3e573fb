import {
  formatGoal,
  formatNumber,
  formatRatio,
  formatValue,
  formatVerdict,
} from '#bench/measure/format.ts';
import { isMet, type Measurement, type Skipped } from '#bench/measure/measurement.ts';
import type { RunResult } from '#bench/results/run-result.ts';
import type { Series } from './growth.ts';

/** What a run found, as Markdown. */

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');
}

function isPeer({ id }: Pick<Measurement, 'id'>): boolean {
  return id.startsWith('peer-');
}

function goalRow(each: Measurement): readonly string[] {
  const { what, goal, value, unit } = each;
  const verdict = formatVerdict(each);
  return [
    what,
    formatGoal(goal, each),
    formatValue(value, unit),
    formatRatio(each),
    verdict === 'MISSED' ? '**missed**' : verdict,
  ];
}

export function aboutRun({ node, cores, date, seed, whole, cases }: RunResult): string {
  const part = whole ? '' : ` Only some cases were run: ${cases.join(', ')}.`;
  return `Node.js ${node}, ${cores} cores, ${date}, seed ${seed}.${part}`;
}

/** Everything with a goal, and what could not be measured. */
export function goalsTable({ measurements, skipped }: RunResult): string {
  const rows = measurements.filter((each) => each.goal !== null && !isPeer(each)).map(goalRow);
  const late = skipped
    .filter(({ missed }) => missed)
    .map(({ what, why }) => [what, '', why, '', '**missed**']);
  return table(['what', 'goal', 'measured', 'relative', ''], [...rows, ...late]);
}

/** What was measured without a goal, apart from growth and other tools. */
export function otherTable({ measurements }: RunResult): string {
  const rows = measurements
    .filter((each) => each.goal === null && each.point === undefined && !isPeer(each))
    .map(({ what, value, unit, ...more }) => [
      what,
      formatValue(value, unit),
      formatRatio({ what, value, unit, ...more }),
    ]);
  return table(['what', 'measured', 'relative'], rows);
}

export function growthTable(all: readonly Series[]): string {
  const rows = all.flatMap(({ name, points }) =>
    points.map(({ size, ms, j }) => [
      name,
      size.toLocaleString('en-US'),
      `${formatNumber(ms)} ms`,
      `${formatNumber(ms / j)} J`,
    ]),
  );
  const slopes = all.map(({ name, slope }) => `${name}: ${slope.toFixed(2)}`).join('; ');
  return `Exponent of the size — ${slopes}; 1 is linear.\n\n${table(['policies', 'pods', 'CPU time', ''], rows)}`;
}

function skippedPeers(skipped: readonly Skipped[]): readonly Skipped[] {
  return skipped.filter(isPeer);
}

export function peersTable({ measurements, skipped }: RunResult): string {
  const rows = measurements
    .filter(isPeer)
    .map((each) => [...goalRow(each).slice(0, 4), each.detail ?? '']);
  const absent = skippedPeers(skipped).map(({ what, why }) => [what, '', 'not measured', '', why]);
  return table(['what', 'goal', 'Sightline', 'relative', ''], [...rows, ...absent]);
}

/** Each case that missed a goal, and the functions in which its time went. */
export function missedList({ measurements, skipped, profiles }: RunResult): string {
  const missed = [
    ...measurements.filter((each) => isMet(each) === false).map(({ what }) => what),
    ...skipped.filter((each) => each.missed).map(({ what }) => what),
  ];
  if (missed.length === 0) return 'No goal is missed.';
  const blocks = Object.entries(profiles).map(([name, hot]) => {
    const rows = hot.map(({ name: called, place, share }) => [
      `${(share * 100).toFixed(1)} %`,
      `\`${called}\``,
      place,
    ]);
    return `\`${name}\`\n\n${table(['own time', 'function', 'where'], rows)}`;
  });
  return [`Missed: ${missed.join('; ')}.`, ...blocks].join('\n\n');
}
