import { expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';
import { createLintReports } from './lint-reports.ts';

const picture = (revision: number) => ({
  connectivity: scenario({}).connectivity,
  revision,
  readAt: '2026-01-01T00:00:00.000Z',
});

test('an earlier report serves for ten times as long as it took', async () => {
  let now = 0;
  const step = () => {
    now += 1;
    return now;
  };
  const reports = createLintReports(step);
  const [first, second] = [picture(1), picture(2)];
  // Started at 1, ended at 2: good until 12.
  expect((await reports(first)).picture).toBe(first);
  expect((await reports(second)).picture).toBe(first);
  expect((await createLintReports()(second)).picture).toBe(second);
  now = 20;
  expect((await reports(second)).picture).toBe(second);
});

test('the same picture is linted once, however many ask', () => {
  const reports = createLintReports();
  const only = picture(1);
  expect(reports(only)).toBe(reports(only));
});

test('while a report is being made, nobody starts another', () => {
  const reports = createLintReports();
  expect(reports(picture(1))).toBe(reports(picture(2)));
});
