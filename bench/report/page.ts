import type { RunResult } from '#bench/results/run-result.ts';
import { seriesOf } from './growth.ts';
import { aboutRun, goalsTable, growthTable, missedList, otherTable, peersTable } from './tables.ts';

/** The parts of docs/performance.md that a run writes; all between them is written by hand. */
function partsOf(result: RunResult): Readonly<Record<string, string>> {
  return {
    about: aboutRun(result),
    goals: goalsTable(result),
    others: otherTable(result),
    growth: growthTable(seriesOf(result.measurements)),
    missed: missedList(result),
    peers: peersTable(result),
  };
}

/** Replaces what stands between the marks of each part. Throws when a part has no place in the page. */
export function withMeasured(page: string, result: RunResult): string {
  let text = page;
  for (const [name, part] of Object.entries(partsOf(result))) {
    const [open, close] = [`<!-- measured: ${name} -->`, '<!-- end -->'];
    const start = text.indexOf(open);
    const end = text.indexOf(close, start);
    if (start < 0 || end < 0) throw new Error(`the page has no place for ${name}`);
    text = `${text.slice(0, start)}${open}\n${part}\n${text.slice(end)}`;
  }
  return text;
}
