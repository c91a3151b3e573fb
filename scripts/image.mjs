import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRuntime } from './runtime.mjs';
import { StepFailed, script, step } from './steps.mjs';
import { buildUserInterface } from './user-interface.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What our own files import is bundled; Next stays outside, because it finds its modules by path.
 * Packages in the older module format ask for `require`.
 */
async function bundleCommandLine(outfile) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ['cli/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['next'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

/** Everything the image runs, and nothing else: see docs/adr/0003-image.md. */
async function gather(runtime, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'bin'), { recursive: true });
  cpSync(join(root, '.next/standalone'), folder, { recursive: true });
  rmSync(join(folder, 'server.js'));
  cpSync(join(root, '.next/static'), join(folder, '.next/static'), { recursive: true });
  cpSync(join(root, 'public'), join(folder, 'public'), { recursive: true });
  for (const file of ['next.config.js', 'LICENSE'])
    copyFileSync(join(root, file), join(folder, file));
  copyFileSync(runtime, join(folder, 'bin/node'));
  // As deep as lib/server, which finds the project from where it stands.
  await bundleCommandLine(join(folder, 'dist/cli/main.js'));
}

await script(async () => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new StepFailed('Say where: node scripts/image.mjs FOLDER');
  const runtime = findRuntime(root);
  await buildUserInterface(root, runtime, process.stdout);
  await step('Gathering the image', () => gather(runtime, resolve(folder)), process.stdout);
});
