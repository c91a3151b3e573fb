import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALLOWED_IMPORTS, BROKEN_IMPORTS } from './imports.ts';

/**
 * Biome holds the borders between folders (biome.borders.json). A checker that checks nothing
 * would pass as well, so each border is broken here, in a folder of its own.
 */
const ROOT = join(import.meta.dirname, '../..');
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
const CONFIGURATION = ['biome.json', 'biome.borders.json', 'package.json', '.gitignore'];

type Sample = readonly [file: string, code: string, report: string];

/** The ways of loading a module, all from a folder that may not. */
const LOADING: readonly Sample[] = [
  ['lib/view/load-a.ts', "import '#lib/server/log.ts';\n", 'Views are built'],
  ['lib/view/load-b.ts', "export { log } from '#lib/server/log.ts';\n", 'Views are built'],
  ['lib/view/load-c.ts', "export * from '#lib/server/log.ts';\n", 'Views are built'],
  ['lib/view/load-d.ts', "export const log = import('#lib/server/log.ts');\n", 'Views are built'],
  ['lib/view/load-e.ts', "import type { Log } from '#lib/server/log.ts';\n", 'Views are built'],
  ['lib/view/load-f.ts', "export const log = require('#lib/server/log.ts');\n", 'noCommonJs'],
];

const ENVIRONMENT: readonly Sample[] = [
  ['lib/server/environment.ts', 'export const { PORT } = process.env;\n', 'noProcessEnv'],
  ['cli/environment.ts', 'export const { CI } = process.env;\n', 'noProcessEnv'],
  ['components/map/environment.ts', 'export const { CI } = process.env;\n', 'noProcessEnv'],
  ['app/environment.ts', 'export const { CI } = process.env;\n', 'noProcessEnv'],
];

const SHAPE: readonly Sample[] = [
  ['lib/model/x.ts', "import { y } from './y.ts';\nexport const x = () => y;\n", 'noImportCycles'],
  ['lib/model/y.ts', "import { x } from './x.ts';\nexport const y = () => x;\n", 'noImportCycles'],
  ['lib/model/barrel.ts', "export { x } from './x.ts';\n", 'noBarrelFile'],
];

const LONE_READER = [
  'lib/server/configuration.ts',
  'export const { PORT } = process.env;\n',
] as const;

const importing = (module: string) => `import { thing } from '${module}';\nexport { thing };\n`;

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string };
}

let folder: string;
let diagnostics: readonly Diagnostic[];

async function plant(file: string, code: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), code);
}

/** Biome exits with 1 when it reports anything, which is what it is asked to do here. */
function lint(): Promise<readonly Diagnostic[]> {
  const args = [BIOME, 'lint', '--max-diagnostics=none', '--reporter=json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      if (error !== null && error.code !== 1) reject(new Error(stderr));
      else resolve(JSON.parse(stdout).diagnostics);
    });
  });
}

function reported(file: string): readonly string[] {
  return diagnostics
    .filter(({ location }) => location.path === file)
    .map(({ category, message }) => `${category}: ${message}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-borders-'));
  for (const name of CONFIGURATION) await copyFile(join(ROOT, name), join(folder, name));
  for (const [file, module] of [...BROKEN_IMPORTS, ...ALLOWED_IMPORTS]) {
    await plant(file, importing(module));
  }
  for (const [file, code] of [...LOADING, ...ENVIRONMENT, ...SHAPE, LONE_READER]) {
    await plant(file, code);
  }
  diagnostics = await lint();
});

afterAll(() => rm(folder, { recursive: true }));

test.each(BROKEN_IMPORTS)('%s may not import %s', (file, _module, report) => {
  expect(reported(file)).toContainEqual(expect.stringContaining(report));
});

test.each(ALLOWED_IMPORTS)('%s may import %s', (file) => {
  expect(reported(file)).toEqual([]);
});

test.each(LOADING)('%s: every way of loading counts: %j', (file, _code, report) => {
  expect(reported(file)).toContainEqual(expect.stringContaining(report));
});

describe('the environment', () => {
  test.each(ENVIRONMENT)('%s may not read it', (file, _code, report) => {
    expect(reported(file)).toContainEqual(expect.stringContaining(report));
  });

  test('lib/server/configuration.ts may', () => {
    expect(reported(LONE_READER[0])).toEqual([]);
  });
});

test.each(SHAPE)('%s: %j', (file, _code, report) => {
  expect(reported(file)).toContainEqual(expect.stringContaining(report));
});
