import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '#bench/results/run-result.ts';
import { seriesOf } from './growth.ts';
import { withMeasured } from './page.ts';
import { goalsPlot, growthPlot } from './plots.ts';

function documentation(file: string): string {
  return fileURLToPath(new URL(`../../docs/${file}`, import.meta.url));
}

/** Writes the figures of a run into docs/performance.md, and its plots beside it. */
export function writeReport(result: RunResult): void {
  const page = documentation('performance.md');
  writeFileSync(page, withMeasured(readFileSync(page, 'utf8'), result));
  const series = seriesOf(result.measurements);
  if (series.length > 0)
    writeFileSync(documentation('images/performance-growth.svg'), growthPlot(series));
  writeFileSync(documentation('images/performance-goals.svg'), goalsPlot(result.measurements));
}
