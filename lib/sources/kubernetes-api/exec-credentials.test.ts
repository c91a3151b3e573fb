import type { RequestOptions } from 'node:https';
import { expect, test } from 'vitest';
import { ManualClock } from '#lib/testing/manual-clock.ts';
import { ExecCredentials } from './exec-credentials.ts';
import { Failure } from './failure.ts';

const apiVersion = 'client.authentication.k8s.io/v1';
const SECRET = 'CANARY-7f3a';

/** A plugin made of this Node.js program. */
function plugin(script: string, clock = new ManualClock(), signal = new AbortController().signal) {
  const args = ['-e', script, SECRET];
  const environment = { KUBERNETES_EXEC_INFO: '{}' };
  const spec = { apiVersion, command: process.execPath, args, environment };
  return new ExecCredentials(spec, clock, signal);
}

const credential = (status: Record<string, string>) =>
  `process.stdout.write(JSON.stringify(${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}))`;

async function apply(credentials: ExecCredentials): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await credentials.applyAuthentication(null, options);
  return options;
}

async function problem(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error('no failure');
  expect(error.cause).toEqual({ kind: 'credentials' });
  expect(error.message).not.toContain(SECRET);
  return error.message;
}

test('a token and a certificate are used', async () => {
  expect(await apply(plugin(credential({ token: 't' })))).toEqual({
    headers: { Authorization: 'Bearer t' },
  });
  const pair = { clientCertificateData: 'c', clientKeyData: 'k' };
  expect(await apply(plugin(credential(pair)))).toEqual({ cert: 'c', key: 'k' });
});

test('a credential is kept until it expires', async () => {
  const clock = new ManualClock();
  const expirationTimestamp = new Date(clock.now().getTime() + 60_000).toISOString();
  const script = `process.stdout.write(JSON.stringify({kind:'ExecCredential',apiVersion:'${apiVersion}',
    status:{token:String(process.pid),expirationTimestamp:'${expirationTimestamp}'}}))`;
  const credentials = plugin(script, clock);
  const [first, together] = await Promise.all([apply(credentials), apply(credentials)]);
  expect(together).toEqual(first);
  clock.advance(59_000);
  expect(await apply(credentials)).toEqual(first);
  clock.advance(2000);
  expect(await apply(credentials)).not.toEqual(first);
});

test.each([
  ['exits with an error', `console.error('${SECRET}'); process.exit(3)`, 'failed with exit code 3'],
  ['prints no JSON', `console.log('${SECRET}')`, 'printed something that is not JSON'],
  ['prints something else', `console.log('{"kind":"Secret"}')`, 'printed no ExecCredential'],
  ['prints nothing to use', credential({}), 'printed neither a token nor a certificate'],
  [
    'prints another version',
    credential({ token: SECRET }).replace(apiVersion, 'v9'),
    'did not print client.authentication',
  ],
  [
    'prints without end',
    `setInterval(() => process.stdout.write('${SECRET}'.repeat(10000)), 1)`,
    'printed more than 1 MiB',
  ],
])('input 58: a plugin that %s is named without what it said', async (_, script, message) => {
  expect(await problem(apply(plugin(script)))).toContain(message);
});

test('input 58: a plugin that is not there is named', async () => {
  const spec = { apiVersion, command: 'no-such-plugin', args: [SECRET], environment: {} };
  const credentials = new ExecCredentials(spec, new ManualClock(), new AbortController().signal);
  expect(await problem(apply(credentials))).toBe(
    'the credential plugin no-such-plugin was not found',
  );
});

test('B14 a plugin that hangs is ended after 30 s', async () => {
  const clock = new ManualClock();
  const applied = apply(plugin('setInterval(() => {}, 1000)', clock));
  clock.advance(30_000);
  expect(await problem(applied)).toContain('gave no answer in 30 s');
  expect(clock.pending).toBe(0);
});

test('a plugin that failed is left alone for a while', async () => {
  const clock = new ManualClock();
  const credentials = plugin('process.exit(1)', clock);
  await problem(apply(credentials));
  await problem(apply(credentials));
  clock.advance(10_000);
  const again = apply(credentials);
  expect(clock.pending).toBe(1);
  await problem(again);
});

test('R15 stopping ends a plugin that runs', async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const applied = apply(plugin('setInterval(() => {}, 1000)', clock, stop.signal));
  stop.abort();
  expect(await problem(applied)).toContain('was stopped');
  expect(clock.pending).toBe(0);
});
