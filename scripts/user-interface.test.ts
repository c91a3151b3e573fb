import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FILES, FOLDERS, hashInputs } from './user-interface.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sightline-inputs-'));
  for (const folder of FOLDERS) mkdirSync(join(root, folder, 'deep'), { recursive: true });
  for (const file of FILES) writeFileSync(join(root, file), file);
  writeFileSync(join(root, 'app/page.tsx'), 'page');
});
afterEach(() => rmSync(root, { recursive: true }));

test('the hash depends on what is read, not on where it stands or when it was written', () => {
  const copy = mkdtempSync(join(tmpdir(), 'sightline-inputs-'));
  cpSync(root, copy, { recursive: true });
  expect(hashInputs(copy)).toBe(hashInputs(root));
  rmSync(copy, { recursive: true });
});

test.each([
  ['a file changes', () => writeFileSync(join(root, 'app/page.tsx'), 'other')],
  ['a file is added', () => writeFileSync(join(root, 'lib/deep/new.ts'), '')],
  ['a file moves', () => renameSync(join(root, 'app/page.tsx'), join(root, 'app/deep/page.tsx'))],
  ['the lock changes', () => writeFileSync(join(root, 'package-lock.json'), 'other')],
])('it changes when %s', (_case, change) => {
  const before = hashInputs(root);
  change();
  expect(hashInputs(root)).not.toBe(before);
});

test('a test is no reason to build again', () => {
  const before = hashInputs(root);
  writeFileSync(join(root, 'lib/deep/new.test.ts'), '');
  expect(hashInputs(root)).toBe(before);
});
