import { expect, test } from 'vitest';
import { atMost, type Measurement } from '#bench/measure/measurement.ts';
import { hasMissed, mergeResults, mergeRuns } from './merge-runs.ts';
import type { RunResult } from './run-result.ts';

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

test('a run of some cases replaces what they found before, and nothing else', () => {
  const result = (more: Partial<RunResult>): RunResult => ({
    seed: 1,
    quick: false,
    full: false,
    node: 'v24.0.0',
    cores: 2,
    date: '2026-03-02',
    whole: true,
    cases: [],
    measurements: [],
    skipped: [],
    profiles: {},
    ...more,
  });
  const [measurement] = run(2).measurements;
  if (measurement === undefined) throw new Error('nothing was measured');
  const named = (id: string, value: number) => ({ ...measurement, id, value });
  const late = { id: 'slow', what: 'slow', why: 'not finished', missed: true };
  const hot = [{ name: 'groupPods', place: 'lib/engine/pod-groups.ts:1', share: 1 }];
  const before = result({
    cases: ['build', 'slow', 'other'],
    measurements: [named('build', 1), named('other', 2)],
    skipped: [late],
    profiles: { slow: hot, other: hot },
  });
  const merged = mergeResults(
    before,
    result({
      date: '2026-03-03',
      cases: ['slow', 'build'],
      measurements: [named('slow', 5), named('build', 9)],
    }),
  );
  expect(merged.measurements.map(({ id, value }) => [id, value])).toEqual([
    ['build', 9],
    ['other', 2],
    ['slow', 5],
  ]);
  expect(merged.skipped).toEqual([]);
  expect(Object.keys(merged.profiles)).toEqual(['other']);
  expect([merged.date, merged.cases]).toEqual(['2026-03-03', ['build', 'slow', 'other']]);
});
