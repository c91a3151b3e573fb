import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * Runs what the Dockerfile puts into the image, outside of the project, with the command of the
 * Dockerfile: a module that was not gathered is missed here.
 */
const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let folder: string;
let origin: string;
let server: ChildProcess;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

const command = (...args: readonly string[]) => {
  const node = join(folder, 'bin/node');
  return [node, ['--disable-proto=throw', join(folder, 'dist/cli.js'), ...args]] as const;
};

/** What a container has: no home with a kubeconfig, nothing on the PATH. */
const surroundings = () => ({
  cwd: folder,
  env: { HOME: folder, NODE_ENV: 'production' as const },
});

async function ready(url: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok === true) return;
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The server did not become ready within 20 s.');
}

async function size(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (e) => (await stat(join(e.parentPath, e.name))).size),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sightline-image-'));
  await run(process.execPath, ['scripts/image.mjs', folder], { cwd: ROOT });
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  const [node, args] = command('serve');
  const { cwd, env } = surroundings();
  server = spawn(node, args, { cwd, env: { ...env, PORT: String(port) }, stdio: 'inherit' });
  await ready(`${origin}/api/ready`);
}, 180_000);

afterAll(async () => {
  server.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

test('a page arrives with its scripts and styles', async () => {
  const page = await fetch(origin);
  expect(page.status).toBe(200);
  const assets = (await page.text()).match(/\/_next\/static\/[^"\\]+\.(?:js|css)/g) ?? [];
  expect(assets.some((path) => path.endsWith('.js'))).toBe(true);
  expect(assets.some((path) => path.endsWith('.css'))).toBe(true);
  for (const path of new Set(assets)) {
    const asset = await fetch(origin + path);
    expect(asset.status).toBe(200);
    await asset.arrayBuffer();
  }
});

test('a cluster is read, in a thread that starts from a file of its own', async () => {
  const graph = `${origin}/api/clusters/demo/graph`;
  await ready(graph);
  const { nodes } = (await (await fetch(graph)).json()) as { readonly nodes: readonly unknown[] };
  expect(nodes.length).toBeGreaterThan(5);
});

test('it does not say what it is made with', async () => {
  const page = await fetch(origin);
  expect(page.headers.get('x-powered-by')).toBeNull();
  await page.text();
});

test('the rest of the command line runs as well', async () => {
  const [node, args] = command('--help');
  expect((await run(node, args, surroundings())).stdout).toContain('serve');
});

describe('what is in it', () => {
  test('is what runs, and the licence', async () => {
    const entries = await readdir(folder);
    expect(entries.sort()).toEqual([
      '.next',
      'LICENSE',
      'bin',
      'dist',
      'next.config.js',
      'node_modules',
      'package.json',
      'public',
    ]);
  });

  test('has no sources, no tests and no tools', async () => {
    const names = await readdir(folder, { recursive: true });
    expect(
      names.filter((name) =>
        /\.(?:tsx?|map)$|^node_modules\/(?:typescript|sharp|@img)\//.test(name),
      ),
    ).toEqual([]);
  });

  test('is small: 50 MB beside Node.js', async () => {
    const node = (await stat(join(folder, 'bin/node'))).size;
    expect((await size(folder)) - node).toBeLessThan(50e6);
  });
});

test('it ends on SIGTERM by itself', async () => {
  const ended = new Promise((resolve) => server.once('exit', (code) => resolve(code)));
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
});
