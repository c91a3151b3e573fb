import { expect, test } from 'vitest';
import { atMost, type Measurement } from '#bench/measure/measurement.ts';
import { hasMissed, mergeRuns } from './merge-runs.ts';

const CASE = { name: 'build', title: 'full analysis', seconds: 20 };

function run(ratio: number, late = false) {
  const measurement: Measurement = {
    id: 'build',
    what: 'full analysis',
    value: ratio * 40,
    unit: 'ms',
    relative: { to: 'J', ratio },
    goal: atMost(1, 'ratio'),
    noise: 0.2,
  };
  return { measurements: late ? [] : [measurement], skipped: [], late };
}

test('of several runs the one in the middle counts', () => {
  const merged = mergeRuns(CASE, [run(0.9), run(4), run(0.8)]);
  expect(merged.measurements.map(({ relative }) => relative?.ratio)).toEqual([0.9]);
  expect(hasMissed(merged)).toBe(false);
  expect(hasMissed(mergeRuns(CASE, [run(1.2)]))).toBe(true);
});

test('a case that was ended has missed its goals, and says so', () => {
  const merged = mergeRuns(CASE, [run(0, true)]);
  const why = 'not finished within 20 s';
  expect(merged.skipped).toEqual([{ id: 'build', what: 'full analysis', why, missed: true }]);
  expect(hasMissed(merged)).toBe(true);
});

test('what was skipped for a reason is no missed goal', () => {
  const skipped = { id: 'peer', what: 'another tool', why: 'not on PATH', missed: false };
  const merged = mergeRuns(CASE, [{ ...run(0.5), skipped: [skipped] }]);
  expect(merged.skipped).toEqual([skipped]);
  expect(hasMissed(merged)).toBe(false);
});
