/**
 * Runs the tests against a real API server. It takes the programs from KUBEBUILDER_ASSETS, or builds
 * them when Go is there; without either it says so and ends with 0, unless SIGHTLINE_REQUIRE_CLUSTER
 * is set. Those about the kinds of other projects need the folder of their definitions in
 * SIGHTLINE_CRDS. Arguments go to Vitest. The last line is `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the programs, or why there is none. */
function findAssets() {
  const { KUBEBUILDER_ASSETS: given } = process.env;
  if (given) return { assets: given };
  const build = spawnSync(join(root, 'test/kube-apiserver/build'), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (build.error)
    return { problem: `test/kube-apiserver/build does not run: ${build.error.code}` };
  if (build.status !== 0) return { problem: build.stderr.trimEnd().split('\n').at(-1) };
  return { assets: build.stdout.trimEnd().split('\n').at(-1) };
}

function runTests(assets) {
  const folder = mkdtempSync(join(tmpdir(), 'sightline-cluster-'));
  const report = join(folder, 'report.json');
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--config=test/cluster/vitest.config.ts',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...process.argv.slice(2),
      ],
      { cwd: root, stdio: 'inherit', env: { ...process.env, KUBEBUILDER_ASSETS: assets } },
    );
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // a file that does not load fails without a failed test
    const failed = numFailedTests === 0 && status !== 0 ? 1 : numFailedTests;
    console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { assets, problem } = findAssets();
if (assets === undefined) {
  const required = Boolean(process.env.SIGHTLINE_REQUIRE_CLUSTER);
  console.log(`${required ? 'FAILED' : 'SKIPPED'}: no real API server to test with: ${problem}`);
  console.log(
    'Install Go, or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl.',
  );
  process.exitCode = required ? 1 : 0;
} else {
  if (!process.env.SIGHTLINE_CRDS)
    console.log('SKIPPED: the kinds of other projects: set SIGHTLINE_CRDS to their definitions');
  process.exitCode = runTests(assets);
}
