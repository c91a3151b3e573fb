import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildApiServer } from './api-server.mjs';
import { checks } from './checks.mjs';
import { run } from './command.mjs';
import { installPackages } from './install.mjs';
import { findOrInstallBrowser } from './install-browser.mjs';
import { environmentFor, findRuntime } from './runtime.mjs';
import { StepFailed, script, step } from './steps.mjs';
import { inWords } from './totals.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const { values: options } = parseArgs({
  options: {
    conformance: { type: 'string', default: process.env.SIGHTLINE_CONFORMANCE },
    'without-browser': { type: 'boolean', default: false },
    'without-cluster': { type: 'boolean', default: false },
  },
});
const conformance = options.conformance && resolve(options.conformance);
const clusterRequired = Boolean(process.env.SIGHTLINE_REQUIRE_CLUSTER);

/** What a check needs beyond the packages: how to get it, as environment, or why it is left out. */
function findResources(runtime) {
  const apiServer = options['without-cluster'] ? undefined : buildApiServer(root, runtime);
  return {
    conformance: () =>
      conformance
        ? { env: {} }
        : { skipped: 'no suites: set SIGHTLINE_CONFORMANCE to their folder' },
    cluster: async () => {
      if (apiServer === undefined) return { skipped: 'as asked' };
      const { assets, output } = await apiServer;
      if (assets !== undefined) return { env: { KUBEBUILDER_ASSETS: assets } };
      if (clusterRequired) throw new StepFailed('FAILED: the API server does not build', output);
      return { skipped: output.trimEnd().split('\n').at(-1) };
    },
    browser: async () => {
      if (options['without-browser']) return { skipped: 'as asked' };
      return { env: { PW_CHROMIUM: await findOrInstallBrowser(root, runtime) } };
    },
  };
}

async function runCommands(runtime, check, env) {
  const outputs = [];
  for (const args of check.commands) {
    const { code, output } = await run(runtime, args, { cwd: root, env });
    outputs.push(output);
    if (code !== 0) return { code, output: outputs.join('') };
  }
  return { code: 0, output: outputs.join('') };
}

/** Runs one check with a line about it and gives its totals. */
async function runCheck(runtime, check, resources) {
  let totals = { passed: 0, failed: 1, skipped: 0 };
  try {
    await step(check.label, async () => {
      const needed = {};
      for (const need of check.needs ?? []) {
        const { env, skipped } = await resources[need]();
        if (skipped !== undefined) {
          totals = { passed: 0, failed: 0, skipped: 0 };
          return `SKIPPED (${skipped})`;
        }
        Object.assign(needed, env);
      }
      const surroundings = { ...environmentFor(runtime), NO_COLOR: '1', ...needed, ...check.env };
      const result = await runCommands(runtime, check, surroundings);
      totals = check.totals(result);
      if (totals.failed > 0) throw new StepFailed(inWords(totals), result.output);
      return inWords(totals);
    });
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
  }
  return totals;
}

// Ending by exit() runs the exit handlers, which end what goes on in the background.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

await script(async () => {
  await installPackages(root, process.stdout);
  const runtime = findRuntime(root);
  rmSync(join(root, '.sightline/reports'), { recursive: true, force: true });
  const resources = findResources(runtime);
  const sum = { passed: 0, failed: 0 };
  for (const check of checks({ root, conformance })) {
    const { passed, failed } = await runCheck(runtime, check, resources);
    sum.passed += passed;
    sum.failed += failed;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
});
