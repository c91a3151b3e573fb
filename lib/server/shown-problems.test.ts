import { expect, test } from 'vitest';
import type { Problem } from '#lib/model/problem.ts';
import { shownProblems } from './shown-problems.ts';

function problem(code: string, severity: Problem['severity'], text = ''): Problem {
  const origin = { file: 'a.yaml', line: 1, text };
  return { code, severity, message: 'm', hint: null, object: null, path: [], origin };
}

test('a few are shown as they are', () => {
  const problems = [problem('a', 'error'), problem('b', 'warning')];
  expect(shownProblems(problems)).toEqual(problems);
});

test.each(['error', 'warning'] as const)('ten thousand with %ss fit into a summary', (severity) => {
  const problems = Array.from({ length: 10_000 }, (_, i) =>
    problem(`p${i}`, i === 9999 ? severity : 'warning', 'x'.repeat(100_000)),
  );
  const shown = shownProblems(problems);
  expect(JSON.stringify(shown).length).toBeLessThan(60_000);
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.at(-1)).toMatchObject({ code: 'more-problems', severity });
  expect(shown.at(-1)?.message).toBe(`${10_001 - shown.length} more problems are not listed here.`);
});

test('of short ones there are two hundred', () => {
  const problems = Array.from({ length: 300 }, (_, i) => problem(`p${i}`, 'warning'));
  expect(shownProblems(problems)).toHaveLength(201);
});
