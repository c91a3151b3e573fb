import { expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';
import { createLintReports } from './lint-reports.ts';

const picture = (revision: number) => ({
  connectivity: scenario({}).connectivity,
  revision,
  readAt: '2026-01-01T00:00:00.000Z',
});

test('an earlier report serves for ten times as long as it took', () => {
  let now = 0;
  const step = () => {
    now += 1;
    return now;
  };
  const reports = createLintReports(step);
  const [first, second] = [picture(1), picture(2)];
  // Started at 1, ended at 2: good until 12.
  expect(reports('a', first).picture).toBe(first);
  expect(reports('a', second).picture).toBe(first);
  expect(reports('b', second).picture).toBe(second);
  now = 20;
  expect(reports('a', second).picture).toBe(second);
});

test('the same picture is linted once', () => {
  const reports = createLintReports();
  const only = picture(1);
  expect(reports('a', only)).toBe(reports('a', only));
});
