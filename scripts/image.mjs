import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRuntime } from './runtime.mjs';
import { StepFailed, script, step } from './steps.mjs';
import { buildUserInterface } from './user-interface.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What our own files import is bundled, in pieces where they load something only when needed. Next
 * stays outside, because it finds its modules by path. Packages in the older module format ask for
 * `require`.
 */
async function bundleCommandLine(outdir) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    // A cluster's thread starts from a file of its own, beside the other.
    entryPoints: { cli: 'cli/main.ts', 'cluster-worker': 'lib/server/cluster-worker.ts' },
    outdir,
    bundle: true,
    splitting: true,
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

function copyFolder(from, to) {
  const filter = (source) => !source.endsWith('.map');
  cpSync(join(root, from), to, { recursive: true, filter });
}

/** Everything the image runs, and nothing else: see docs/adr/0003-image.md. */
async function gather(runtime, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'bin'), { recursive: true });
  copyFolder('.next/standalone', folder);
  rmSync(join(folder, 'server.js'));
  copyFolder('.next/static', join(folder, '.next/static'));
  copyFolder('public', join(folder, 'public'));
  for (const file of ['next.config.js', 'LICENSE'])
    copyFileSync(join(root, file), join(folder, file));
  copyFileSync(runtime, join(folder, 'bin/node'));
  await bundleCommandLine(join(folder, 'dist'));
}

await script(async () => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new StepFailed('Say where: node scripts/image.mjs FOLDER');
  const runtime = findRuntime(root);
  await buildUserInterface(root, runtime, process.stdout);
  await step('Gathering the image', () => gather(runtime, resolve(folder)), process.stdout);
});
