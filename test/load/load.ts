/**
 * Loads a whole server on this machine's loopback, and prints what it did beside the goals.
 * usage: npm run load -- [small|large] [--seed NUMBER]
 * It ends by itself: `small` in about half a minute, `large` in about three. Ends with 1 when anything
 * was lost or wrong; a goal that was missed is told, and is no mistake.
 */
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findRuntime } from '#scripts/runtime.mjs';
import { script } from '#scripts/steps.mjs';
import { buildUserInterface } from '#scripts/user-interface.mjs';
import { PROFILES, type Profile } from './profiles.ts';
import { runLoad } from './run-load.ts';
import { rowsOf, tableOf } from './table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function load(profile: Profile): Promise<void> {
  await buildUserInterface(ROOT, findRuntime(ROOT), process.stderr);
  const [load = 0] = loadavg();
  console.error(
    `${availableParallelism()} processors, ${load.toFixed(1)} programs running on them`,
  );
  const start = performance.now();
  const outcome = await runLoad(profile, (line) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.error(`${seconds.padStart(6)} s  ${line}`);
  });
  console.log(tableOf(rowsOf(outcome)));
  for (const mistake of outcome.mistakes) console.log(`MISTAKE: ${mistake}`);
  if (outcome.mistakes.length > 0) process.exitCode = 1;
}

// Ending by exit() ends what was started.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const profile = PROFILES[positionals[0] ?? 'small'];
if (profile === undefined || positionals.length > 1 || !/^\d{1,9}$/.test(values.seed)) {
  console.error(`usage: npm run load -- [${Object.keys(PROFILES).join('|')}] [--seed NUMBER]`);
  process.exitCode = 2;
} else {
  const cluster = { ...profile.cluster, seed: Number(values.seed) };
  await script(() => load({ ...profile, cluster }));
}
