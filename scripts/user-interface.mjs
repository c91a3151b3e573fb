import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { environmentFor } from './runtime.mjs';
import { StepFailed, step } from './steps.mjs';

export const FOLDERS = ['app', 'components', 'lib', 'public'];
export const FILES = [
  'next.config.js',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'tsconfig.json',
];
/** Inside .next, which a build empties first: a build that was cut short leaves no record. */
const RECORD = '.next/inputs.sha256';

/** A hash of the names and contents of everything a build reads. Tests are not part of it. */
export function hashInputs(root) {
  const hash = createHash('sha256');
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test(-d)?\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  const inRoot = FILES.map((file) => join(root, file));
  for (const file of [...inFolders, ...inRoot].sort()) {
    const content = readFileSync(file);
    hash.update(`${file.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function isBuilt(root, inputs) {
  const record = join(root, RECORD);
  return existsSync(record) && readFileSync(record, 'utf8') === inputs;
}

async function build(root, runtime, inputs) {
  const next = join(root, 'node_modules/next/dist/bin/next');
  const env = environmentFor(runtime);
  const { code, output } = await run(runtime, [next, 'build'], { cwd: root, env });
  if (code !== 0) throw new StepFailed('next build failed', output);
  writeFileSync(join(root, RECORD), inputs);
}

/** Builds the user interface into .next, unless what it is made of has not changed since. */
export async function buildUserInterface(root, runtime, out) {
  const inputs = hashInputs(root);
  if (isBuilt(root, inputs)) return;
  await step('Building the user interface', () => build(root, runtime, inputs), out);
}
