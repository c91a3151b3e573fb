import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { StepFailed, step } from './steps.mjs';

function packagesOf(lockfile) {
  try {
    const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'));
    return new Map(Object.entries(packages).filter(([path]) => path !== ''));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whether node_modules holds what the lock asks for. npm writes what it installed into
 * node_modules/.package-lock.json, so an installation made by hand counts as well, and one that
 * was cut short does not. Optional packages may be missing: they are for other platforms.
 */
export function packagesMatchLock(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new StepFailed('package-lock.json is missing.');
  const installed = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  for (const [path, { integrity, optional, devOptional }] of wanted) {
    const found = installed.get(path);
    if (found === undefined ? !(optional || devOptional) : found.integrity !== integrity)
      return false;
  }
  return [...installed.keys()].every((path) => wanted.has(path));
}

/** npm as it was started, which is not always the one on the PATH; else the one on the PATH. */
function npmCommand({ npm_execpath: script, npm_node_execpath: node }) {
  if (script?.endsWith('npm-cli.js'))
    return { command: node ?? process.execPath, before: [script] };
  return { command: 'npm', before: [], shell: process.platform === 'win32' };
}

/** Installs the packages of the lock, unless they are there. */
export async function installPackages(root, out) {
  if (packagesMatchLock(root)) return;
  await step(
    'Installing packages',
    async () => {
      const { command, before, shell } = npmCommand(process.env);
      const args = [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
      const { code, output } = await run(command, args, { cwd: root, shell });
      if (code !== 0) throw new StepFailed('npm ci failed', output);
    },
    out,
  );
}
