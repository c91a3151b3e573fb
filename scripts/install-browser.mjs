import { join } from 'node:path';
import { run } from './command.mjs';
import { findBrowser } from './find-browser.mjs';
import { environmentFor } from './runtime.mjs';
import { StepFailed } from './steps.mjs';

const ADVICE = `no browser for the browser tests. Do one of:
  npx playwright install chromium       (Playwright's own build)
  sudo apt-get install chromium         (Debian, Ubuntu)
  PW_CHROMIUM=/path/to/chrome npm test  (any Chrome, Chromium or Edge)`;

/** Each way as the commands to run in turn, with how many minutes each may take. */
function ways(root, runtime) {
  const playwright = join(root, 'node_modules/@playwright/test/cli.js');
  const download = [[runtime, [playwright, 'install', 'chromium'], 5]];
  const debian = [
    ['apt-get', ['update'], 5],
    ['apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], 10],
  ];
  return process.getuid?.() === 0 ? [download, debian] : [download];
}

/**
 * The path of a browser, installing one when there is none: Playwright's own, else, for root on
 * Debian, the distribution's package. Throws StepFailed with what to do when all of it fails.
 */
export async function findOrInstallBrowser(root, runtime) {
  const env = environmentFor(runtime, { ...process.env, DEBIAN_FRONTEND: 'noninteractive' });
  const said = [];
  for (const way of [[], ...ways(root, runtime)]) {
    for (const [command, args, minutes] of way) {
      const { code, output } = await run(command, args, { cwd: root, env, minutes });
      if (code !== 0) said.push(output);
    }
    const browser = await findBrowser();
    if (browser !== undefined) return browser;
  }
  throw new StepFailed(ADVICE, said.join('\n'));
}
