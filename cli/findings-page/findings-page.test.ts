import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from '#lib/findings/index.ts';
import { findingsPage } from './findings-page.ts';

const PAGE = join(import.meta.dirname, '../../docs/findings.md');

test('docs/findings.md says what the checks say: npm run docs:findings', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(findingsPage());
});

test('every id is there once, and is an anchor', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const page = findingsPage();
  for (const id of ids) expect(page).toContain(`\n### ${id}\n`);
});
