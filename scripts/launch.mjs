import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install.mjs';
import { environmentFor, findRuntime } from './runtime.mjs';
import { script } from './steps.mjs';
import { buildUserInterface } from './user-interface.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Ctrl+C in a terminal reaches the whole process group, the command included; a second SIGINT from
 * here would read as impatience. Everything else reaches only this process and is passed on.
 */
function forwardSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
}

/**
 * The shell between npm and this script dies of a SIGTERM without passing it on. The server would
 * serve on with nobody to stop it, so losing the parent counts as being told to stop.
 */
function stopWithParent(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500).unref();
}

/** Runs the command line from source and gives its exit code. */
function runCommandLine(runtime, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(runtime, [join(ROOT, 'cli/main.ts'), ...args], {
      stdio: 'inherit',
      env: environmentFor(runtime),
    });
    forwardSignals(child);
    stopWithParent(child);
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/**
 * Runs Sightline in a checkout with whatever is missing done first: packages, and for `serve` the
 * build. Says so on stderr, because stdout belongs to the command. Ends the process with the
 * command's exit code.
 */
export function launch(args) {
  return script(async () => {
    await installPackages(ROOT, process.stderr);
    const runtime = findRuntime(ROOT);
    if (args[0] === 'serve') await buildUserInterface(ROOT, runtime, process.stderr);
    process.exitCode = await runCommandLine(runtime, args);
  });
}
