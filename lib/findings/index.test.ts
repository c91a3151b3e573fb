import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from './index.ts';

/** What holds of every check. */

const ROOT = join(import.meta.dirname, '../..');
const TESTS = globSync(join(import.meta.dirname, '**/*.test.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const RULES = new Set(
  readFileSync(join(ROOT, 'docs/semantics.md'), 'utf8').match(/\b[A-Z]{2,4}-\d+[a-z]?\b/g),
);

test('ids are unique, and of one form', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^PIT-(CNI|SEL|DIR|PORT|WIDE|IP|REL|HYG)-[1-9]\d*$/);
});

test('no id goes away: annotations and links name them', () => {
  const counts = Object.groupBy(CHECKS, ({ id }) => id.split('-')[1] ?? '');
  const found = Object.entries(counts).map(([family, members]) => [family, members?.length]);
  expect(Object.fromEntries(found)).toEqual({
    CNI: 10,
    SEL: 14,
    DIR: 19,
    PORT: 13,
    WIDE: 4,
    IP: 8,
    REL: 22,
    HYG: 8,
  });
});

test.each(CHECKS)('$id cites rules that there are', ({ rules }) => {
  expect(rules.filter((rule) => !RULES.has(rule))).toEqual([]);
});

test.each(CHECKS.filter(({ find }) => find !== null))('$id has a test of its name', ({ id }) => {
  expect(TESTS).toMatch(new RegExp(`['\`]${id} `));
});

test.each(CHECKS.filter(({ find }) => find === null))(
  '$id is not run, and says what it lacks',
  ({ needs }) => {
    expect(needs).not.toEqual([]);
  },
);

test.each(CHECKS)('$id says what goes wrong, when it is reported, and what helps', (check) => {
  for (const text of [check.scenario, check.evidence, check.fix]) expect(text).toMatch(/[.…]$/);
});
