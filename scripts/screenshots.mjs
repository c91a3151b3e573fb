import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { browserArguments, findBrowser } from './find-browser.mjs';

/**
 * Takes the pictures of the documentation from the built dashboard with the demo cluster:
 * node scripts/screenshots.mjs [folder]
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = process.argv[2] ?? `${ROOT}docs/images`;

const PICTURES = [
  { name: 'map', path: '/c/demo' },
  { name: 'namespace', path: '/c/demo/ns/payments?sel=payments%2Fledger%5BDeployment%5D' },
  { name: 'workload', path: '/c/demo/ns/orders/deployment/inventory' },
  { name: 'explanation', path: '/c/demo/explain?from=shop/catalog&to=orders/inventory&port=8080' },
];

/** Starts the dashboard on a free port, in a home without a kubeconfig; answers its address. */
async function startDashboard(home) {
  const { KUBECONFIG: _, ...surroundings } = process.env;
  const server = spawn(process.execPath, ['cli/main.ts', 'serve', '--port', '0', '--no-open'], {
    cwd: ROOT,
    env: { ...surroundings, HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return { server, url };
  }
  throw new Error('The dashboard did not start.');
}

const executablePath = await findBrowser();
if (executablePath === undefined) throw new Error('No browser: npm test installs one.');
const { chromium } = await import('@playwright/test');
await mkdir(FOLDER, { recursive: true });
const home = await mkdtemp(join(tmpdir(), 'sightline-'));
const { server, url } = await startDashboard(home);
const browser = await chromium.launch({ executablePath, args: browserArguments() });
try {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      deviceScaleFactor: 1.5,
      colorScheme,
      reducedMotion: 'reduce',
    });
    for (const { name, path } of PICTURES) {
      await page.goto(new URL(path, url).href, { waitUntil: 'networkidle' }).catch(() => {});
      await page.waitForTimeout(2500);
      await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` });
    }
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
  await once(server, 'exit');
  await rm(home, { recursive: true });
}
