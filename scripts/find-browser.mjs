import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The variables that name a browser; the first one that is set counts. */
const VARIABLES = ['PW_CHROMIUM', 'CHROME_PATH'];

const COMMANDS = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser Playwright downloaded; undefined without a download or before packages are there. */
async function downloadedBrowser() {
  try {
    const { chromium } = await import('@playwright/test');
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

/**
 * The path of a Chrome, Chromium or Edge: the one that PW_CHROMIUM or CHROME_PATH names, else one
 * that is installed, else the one Playwright downloaded; undefined when there is none. Throws when
 * a variable names a file that does not run, because another browser would hide the mistake.
 *
 * @param {Record<string, string | undefined>} env
 */
export async function findBrowser(env = process.env) {
  for (const variable of VARIABLES) {
    const file = env[variable];
    if (!file) continue;
    if (isExecutable(file)) return file;
    throw new Error(`${variable} names ${file}, which is not a file that can be run.`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  const installed = [...onPath, ...APPLICATIONS].find(isExecutable);
  if (installed !== undefined) return installed;
  const downloaded = await downloadedBrowser();
  return downloaded !== undefined && isExecutable(downloaded) ? downloaded : undefined;
}

/**
 * How the tests start it: nothing that asks the internet, and no sandbox for root, where Chromium
 * refuses to have one.
 */
export function browserArguments(root = process.getuid?.() === 0) {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const plain = ['--headless', '--disable-gpu', '--disable-quic', '--no-first-run'];
  return [...plain, ...quiet, ...(root ? ['--no-sandbox'] : [])];
}
