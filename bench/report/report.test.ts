import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { atMost, type Measurement } from '#bench/measure/measurement.ts';
import type { RunResult } from '#bench/results/run-result.ts';
import { seriesOf } from './growth.ts';
import { withMeasured } from './page.ts';
import { goalsPlot, growthPlot } from './plots.ts';

function measured(id: string, ms: number, more: Partial<Measurement> = {}): Measurement {
  return {
    id,
    what: `case ${id}`,
    value: ms,
    unit: 'ms',
    relative: { to: 'J', ratio: ms / 40 },
    goal: null,
    noise: 0.2,
    ...more,
  };
}

const RESULT: RunResult = {
  seed: 1,
  quick: false,
  full: false,
  node: 'v24.0.0',
  cores: 2,
  date: '2026-03-02',
  whole: true,
  cases: ['met', 'late'],
  measurements: [
    measured('met', 20, { goal: atMost(1, 'ratio') }),
    measured('late', 90, { goal: atMost(50) }),
    ...[1000, 10_000, 100_000].map((size) =>
      measured(`growth-${size}`, size / 50, { point: { series: 'plain <kinds>', size } }),
    ),
  ],
  skipped: [
    { id: 'peer-other-1k', what: 'against other', why: 'other: not on PATH', missed: false },
    { id: 'slow', what: 'a slow case', why: 'not finished within 60 s', missed: true },
  ],
  profiles: { late: [{ name: 'groupPods', place: 'lib/engine/pod-groups.ts:69', share: 0.4 }] },
};

const PAGE = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');

describe('the page', () => {
  const page = withMeasured(PAGE, RESULT);

  test('tells of each goal whether it is met, and of a missed one where the time went', () => {
    expect(page).toContain('| case met | ≤ 1 J | 20 ms | 0.5 J | met |');
    expect(page).toContain('| case late | ≤ 50 ms | 90 ms | 2.25 J | **missed** |');
    expect(page).toContain('| a slow case |  | not finished within 60 s |  | **missed** |');
    expect(page).toContain('| 40.0 % | `groupPods` | lib/engine/pod-groups.ts:69 |');
    expect(page).toContain('other: not on PATH');
    expect(page).toContain('plain <kinds>: 1.00; 1 is linear');
  });

  test('can be written again, and keeps what is written by hand', () => {
    expect(withMeasured(page, RESULT)).toBe(page);
    expect(page).toContain('## Why it can be fast');
    expect(() => withMeasured('# Performance', RESULT)).toThrow('no place for about');
  });
});

test('plots are whole documents that escape what they are told', () => {
  const growth = growthPlot(seriesOf(RESULT.measurements));
  expect(growth).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  expect(growth).toContain('plain &lt;kinds&gt;, slope 1.00');
  expect(growth).not.toContain('NaN');
  const goals = goalsPlot(RESULT.measurements);
  // one bar each, and no more
  expect(goals.match(/<rect /g)).toHaveLength(2);
  expect(goals).not.toContain('NaN');
});
