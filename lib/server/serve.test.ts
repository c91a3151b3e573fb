import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readConfiguration } from './configuration.ts';
import { type Running, startServer } from './serve.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const noPages = () => ({ pages: async () => {}, close: async () => {} });

async function start(port: number, host = '127.0.0.1'): Promise<Running> {
  const environment = { LOG_LEVEL: 'silent', HOME: '/nonexistent', HOST: host };
  const configuration = readConfiguration({ port, noAuth: true }, environment);
  const running = await startServer(configuration, noPages);
  cleanUps.push(() => running.stop());
  return running;
}

test('a taken port is said, and the next free one used', async () => {
  const first = await start(0);
  const second = await start(first.port);
  expect(second.port).toBeGreaterThan(first.port);
  expect(second.announcement[0]).toBe(
    `Port ${first.port} is taken; listening on ${second.port} instead.`,
  );
  expect((await fetch(`${second.url}api/health`)).status).toBe(200);
});

test('where others look for the server the port does not move', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '0.0.0.0', resolve));
  cleanUps.push(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await expect(start(port, '0.0.0.0')).rejects.toMatchObject({
    exitCode: 69,
    message: `port ${port} is taken by another program; choose one with --port or PORT`,
  });
});

test('it says where it is and what it shows', async () => {
  const { announcement, url } = await start(0);
  expect(announcement).toEqual([
    'No kubeconfig found: showing the embedded demo cluster.',
    `Sightline is at ${url}`,
  ]);
});

test('it answers before any cluster was read', async () => {
  const { url, application } = await start(0);
  expect(application.clusters()[0]?.revision).toBe(0);
  expect((await fetch(`${url}api/ready`)).status).toBe(200);
});

test('somebody who connected and says nothing does not keep it', async () => {
  const running = await start(0);
  const silent = connect(running.port, '127.0.0.1');
  silent.on('error', () => {});
  await once(silent, 'connect');
  const before = performance.now();
  await running.stop();
  expect(performance.now() - before).toBeLessThan(3000);
});

/** The whole process, as `sightline serve` runs it, but for Next's pages. */
async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  // Not as a module: the threads would inherit what says so, and it is no good to them.
  const program = `import('#lib/server/serve.ts').then(({ serve }) =>
    serve({ port: 0 }, () => ({ pages: async () => {}, close: async () => {} })));`;
  const child = spawn(process.execPath, ['--eval', program], {
    cwd: new URL('../..', import.meta.url),
    env: { NODE_ENV: 'test', HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUps.push(() => void child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (said) => resolve(/http:\S+/.exec(`${said}`)?.[0] ?? '')),
  );
  return { child, url };
}

function openStream(url: string, opened: () => void): { text: string } {
  const stream = { text: '' };
  const request = get(`${url}api/events`, { agent: false }, (response) => {
    response.setEncoding('utf8');
    response.once('data', opened);
    response.on('data', (data: string) => {
      stream.text += data;
    });
  });
  request.on('error', () => {});
  return stream;
}

test('SIGTERM ends it within ten seconds, whatever is open', { timeout: 30_000 }, async () => {
  const { child, url } = await startProcess();
  const streams: { text: string }[] = [];
  await new Promise<void>((resolve) => {
    let open = 0;
    for (let i = 0; i < 50; i++) {
      streams.push(
        openStream(url, () => {
          open++;
          if (open === 50) resolve();
        }),
      );
    }
  });
  const start = performance.now();
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
  for (const { text } of streams) expect(text).toContain('event: bye');
});
