import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { browserArguments, findBrowser } from './scripts/find-browser.mjs';

const executablePath = await findBrowser();
if (executablePath === undefined) throw new Error('No browser: npm test installs one.');

const PORT = '3111';
const baseURL = `http://127.0.0.1:${PORT}`;

/** Drives what `npm run build` made, started as a person would, with the demo cluster. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: '.sightline/browser-tests',
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  use: {
    baseURL,
    trace: 'retain-on-failure',
    launchOptions: { executablePath, args: browserArguments() },
  },
  webServer: {
    command: 'node cli/main.ts serve',
    // Nothing that leads to a cluster, so that the demo is shown.
    env: {
      BROWSER: 'none',
      HOME: join(import.meta.dirname, '.sightline/nobody'),
      HOST: '127.0.0.1',
      KUBECONFIG: '',
      KUBERNETES_SERVICE_HOST: '',
      PORT,
    },
    url: `${baseURL}/api/ready`,
    stdout: 'ignore',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
});
