import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { browserArguments, findBrowser } from './find-browser.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sightline-browser-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, mode = 0o755): string {
  const file = join(folder, name);
  writeFileSync(file, '');
  chmodSync(file, mode);
  return file;
}

test('a browser that is named wins over one that is installed', async () => {
  const named = program('my-chrome');
  program('chromium');
  expect(await findBrowser({ CHROME_PATH: named, PATH: folder })).toBe(named);
  expect(await findBrowser({ PW_CHROMIUM: named, CHROME_PATH: '/absent', PATH: folder })).toBe(
    named,
  );
});

test('a name that does not run is a mistake, not a reason to take another', async () => {
  program('chromium');
  const named = join(folder, 'absent');
  await expect(findBrowser({ PW_CHROMIUM: named, PATH: folder })).rejects.toThrow(
    `PW_CHROMIUM names ${named}`,
  );
});

test('of those installed, Chrome comes before Chromium; what cannot be run is passed over', async () => {
  const chromium = program('chromium');
  program('google-chrome', 0o644);
  expect(await findBrowser({ PATH: ['/absent', folder].join(delimiter) })).toBe(chromium);
  const chrome = program('google-chrome-stable');
  expect(await findBrowser({ PATH: folder })).toBe(chrome);
});

test('only root goes without a sandbox', () => {
  expect(browserArguments(true)).toContain('--no-sandbox');
  expect(browserArguments(false)).not.toContain('--no-sandbox');
});
