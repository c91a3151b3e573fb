import { connect, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ApiTestbed, type TestbedOptions } from '#lib/testing/api-testbed.ts';
import { createAuthority } from '#lib/testing/certificates.ts';
import type { ApiConnection } from './api-connection.ts';
import { Failure } from './failure.ts';

const PATH = '/api/v1/pods';
const limits = () => ({ signal: new AbortController().signal, timeoutMs: 30_000 });
const ask = (connection: ApiConnection) => connection.json(PATH, {}, limits());

async function problem(attempt: Promise<unknown>): Promise<Failure> {
  const error = await attempt.catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error('no failure');
  return error;
}

const authority = createAuthority('test-ca');
const tls = {
  ...authority.issue({ commonName: 'api', use: 'server', hosts: ['127.0.0.1', 'api.example'] }),
  clientCa: authority.cert,
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const trusting = { 'certificate-authority-data': base64(authority.cert) };

test('R1 requests share connections, and closing leaves none', async () => {
  await using bed = await ApiTestbed.start();
  const connection = bed.connection();
  for (let count = 0; count < 50; count += 1) await ask(connection);
  expect(bed.server.requests).toHaveLength(50);
  expect(bed.server.sockets).toBeLessThanOrEqual(2);
  await connection.close();
  await bed.server.until(() => bed.server.sockets === 0);
  expect((await problem(ask(connection))).message).toBe('the source was stopped');
});

test('R1 at most twenty lists are asked for at a time', async () => {
  await using bed = await ApiTestbed.start();
  const { server } = bed;
  server.intercept(() => ({ kind: 'hang' }));
  const connection = bed.connection();
  const stop = new AbortController();
  const asked = Array.from({ length: 30 }, () =>
    connection.json(PATH, {}, { signal: stop.signal, timeoutMs: 1000 }).catch(() => {}),
  );
  await server.until(() => server.requests.length === 20);
  stop.abort();
  await Promise.all(asked);
  expect(server.requests).toHaveLength(20);
});

test('large answers travel compressed', async () => {
  await using bed = await ApiTestbed.start();
  const body = JSON.stringify({ kind: 'PodList', note: 'x'.repeat(1000) });
  const headers = { 'content-encoding': 'gzip' };
  bed.server.intercept(() => ({ kind: 'raw', headers, body: gzipSync(body) }));
  expect(await ask(bed.connection())).toEqual(JSON.parse(body));
  expect(bed.server.requests[0]?.headers['accept-encoding']).toBe('gzip');
});

test.each([
  ['something that is not JSON', '<html>', {}, 'malformed'],
  ['JSON that is not an object', '[]', {}, 'malformed'],
  ['a broken gzip body', 'nonsense', { 'content-encoding': 'gzip' }, 'malformed'],
  ['an answer over 64 MiB', Buffer.alloc(65 * 1024 * 1024, 0x20), {}, 'too-large'],
  [
    'an answer over 64 MiB',
    gzipSync(Buffer.alloc(65 * 1024 * 1024)),
    { 'content-encoding': 'gzip' },
    'too-large',
  ],
] as const)('%s is a failure', async (what, body, headers, kind) => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => ({ kind: 'raw', headers, body }));
  const failure = await problem(ask(bed.connection()));
  expect(failure.cause.kind).toBe(kind);
  expect(failure.message).toContain(what);
});

test('A16 a redirect is not followed', async () => {
  await using bed = await ApiTestbed.start();
  const headers = { location: 'http://169.254.169.254/' };
  bed.server.intercept(() => ({ kind: 'raw', code: 302, headers, body: '' }));
  const failure = await problem(ask(bed.connection()));
  expect(failure.message).toBe(`${bed.server.url} answered 302: a redirect, which is not followed`);
  expect(bed.server.requests).toHaveLength(1);
});

test('A9 of a refusal only the message of a Status is shown, on one line', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.failOnce(() => true, { kind: 'raw', code: 502, body: '<h1>Bearer CANARY</h1>' });
  const message = `bad\u001b]0;title\u0007\nthing ${'x'.repeat(300)}`;
  bed.server.failOnce(() => true, { kind: 'status', code: 500, reason: 'InternalError', message });
  const connection = bed.connection();
  expect((await problem(ask(connection))).message).toBe(
    `${bed.server.url} answered 502: bad gateway`,
  );
  const status = await problem(ask(connection));
  expect(status.cause).toMatchObject({ status: 500, reason: 'InternalError' });
  expect(status.message).toMatch(/^bad \]0;title thing x+…$/);
  expect(status.message).toHaveLength(201);
});

test('an unreachable server is named with the reason', async () => {
  await using bed = await ApiTestbed.start();
  const { url } = bed.server;
  await bed.server.close();
  const failure = await problem(ask(bed.connection()));
  expect(failure.cause).toEqual({ kind: 'unreachable' });
  expect(failure.message).toBe(`cannot reach ${url}: ECONNREFUSED`);
});

test('B5 a reset connection is a failure like any other', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => ({ kind: 'reset' }));
  expect((await problem(ask(bed.connection()))).message).toContain('cannot reach');
});

test('R1 an answer that does not come in time is given up', async () => {
  await using bed = await ApiTestbed.start();
  bed.server.intercept(() => ({ kind: 'hang' }));
  const asked = problem(ask(bed.connection()));
  await bed.server.until(() => bed.server.requests.length === 1);
  bed.clock.advance(30_000);
  const failure = await asked;
  expect(failure.cause).toEqual({ kind: 'timeout' });
  expect(failure.message).toBe(`${bed.server.url} gave no answer in 30 s`);
});

async function secured(options: TestbedOptions): Promise<ApiTestbed> {
  return ApiTestbed.start({ tls, ...options });
}

test('a server whose authority is known is trusted, and no other', async () => {
  await using good = await secured({ cluster: trusting });
  await expect(ask(good.connection())).resolves.toMatchObject({ kind: 'PodList' });
  const stranger = createAuthority('somebody else').cert;
  await using bad = await secured({ cluster: { 'certificate-authority-data': base64(stranger) } });
  expect((await problem(ask(bad.connection()))).message).toContain(
    'its certificate comes from an authority',
  );
  await using bare = await secured({});
  expect((await problem(ask(bare.connection()))).message).toContain('its certificate');
});

test('insecure-skip-tls-verify is honoured, and tls-server-name too', async () => {
  await using bed = await secured({ cluster: { 'insecure-skip-tls-verify': true } });
  await expect(ask(bed.connection())).resolves.toBeDefined();
  await using named = await secured({
    cluster: { ...trusting, 'tls-server-name': 'other.example' },
  });
  expect((await problem(ask(named.connection()))).message).toContain(
    'its certificate is for another name',
  );
});

test('http, once chosen, works with every way of writing the TLS settings', async () => {
  await using bed = await ApiTestbed.start({ cluster: { 'insecure-skip-tls-verify': false } });
  await expect(ask(bed.connection())).resolves.toBeDefined();
});

test('a client certificate is presented', async () => {
  const client = authority.issue({ commonName: 'jane', use: 'client' });
  const user = {
    'client-certificate-data': base64(client.cert),
    'client-key-data': base64(client.key),
  };
  await using bed = await secured({ cluster: trusting, user });
  await expect(ask(bed.connection())).resolves.toBeDefined();
});

const other = authority.issue({ commonName: 'other', use: 'client' });
const expired = authority.issue({
  commonName: 'old',
  use: 'client',
  notAfter: new Date('2025-12-31T00:00:00Z'),
});
const client = authority.issue({
  commonName: 'jane',
  use: 'client',
  notBefore: new Date('2025-06-01T00:00:00Z'),
});

test.each([
  [
    'missing CA file',
    { 'certificate-authority': '/nowhere/ca.crt' },
    {},
    'cannot read /nowhere/ca.crt: ENOENT',
  ],
  [
    'CA that is not PEM',
    { 'certificate-authority-data': base64('nonsense') },
    {},
    'the certificate-authority is not a PEM certificate',
  ],
  [
    'expired certificate',
    trusting,
    { 'client-certificate-data': base64(expired.cert), 'client-key-data': base64(expired.key) },
    'the client-certificate expired on Dec 31',
  ],
  [
    'wrong key',
    trusting,
    { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(other.key) },
    'the client-key does not belong to the client-certificate',
  ],
  [
    'key that is not PEM',
    trusting,
    { 'client-certificate-data': base64(client.cert), 'client-key-data': base64('s3cret') },
    'the client-key is not a PEM private key',
  ],
  [
    'key without a certificate',
    trusting,
    { 'client-key-data': base64(client.key) },
    'given without a client-certificate',
  ],
  [
    'certificate without a key',
    trusting,
    { 'client-certificate-data': base64(client.cert) },
    'given without a client-key',
  ],
  [
    'missing token file',
    trusting,
    { tokenFile: '/nowhere/token' },
    'cannot read /nowhere/token: ENOENT',
  ],
])('input 57: %s', async (_, cluster, user, message) => {
  await using bed = await secured({ cluster, user });
  const failure = await problem(ask(bed.connection()));
  expect(failure.cause).toEqual({ kind: 'credentials' });
  expect(failure.message).toContain(message);
  expect(failure.message).not.toMatch(/s3cret|PRIVATE/);
});

test('R2 B36 a certificate authority that changes is read again', async () => {
  await using bed = await secured({});
  const file = bed.directory.write('ca.crt', createAuthority('former').cert);
  bed.writeKubeConfig({ cluster: { 'certificate-authority': file } });
  const connection = bed.connection();
  await problem(ask(connection));
  bed.directory.write('ca.crt', authority.cert);
  await expect(ask(connection)).resolves.toBeDefined();
});

test('R2 B13 a refused token is read again from its file, once', async () => {
  await using bed = await ApiTestbed.start();
  const tokenFile = bed.directory.write('token', 'old\n');
  bed.writeKubeConfig({ user: { tokenFile } });
  bed.server.token = 'old';
  const connection = bed.connection();
  await ask(connection);
  bed.server.token = 'new';
  bed.directory.write('token', 'new\n');
  await ask(connection);
  expect(bed.server.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer old',
    'Bearer old',
    'Bearer new',
  ]);
});

test('R2 credentials that stay refused are not renewed for every request', async () => {
  await using bed = await ApiTestbed.start({ user: { token: 'wrong' } });
  bed.server.token = 'right';
  const connection = bed.connection();
  const failure = await problem(ask(connection));
  expect(failure.status).toBe(401);
  expect(failure.message).toBe(`${bed.server.url} does not accept the credentials`);
  expect(bed.server.requests).toHaveLength(2);
  await problem(ask(connection));
  expect(bed.server.requests).toHaveLength(3);
});

test('R2 a credential plugin runs again after a refusal', async () => {
  const script = `const fs = require('node:fs');
    const file = process.argv[1];
    const token = fs.existsSync(file) ? 'second' : 'first';
    fs.writeFileSync(file, '');
    console.log(JSON.stringify({ kind: 'ExecCredential',
      apiVersion: JSON.parse(process.env.KUBERNETES_EXEC_INFO).apiVersion, status: { token } }));`;
  await using bed = await ApiTestbed.start();
  const args = ['-e', script, bed.directory.file('ran')];
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args };
  bed.writeKubeConfig({ user: { exec } });
  bed.server.token = 'second';
  await ask(bed.connection());
  expect(bed.server.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer first',
    'Bearer second',
  ]);
});

test('R2 a kubeconfig that is written again counts at once; a broken one does not', async () => {
  await using bed = await ApiTestbed.start({ user: { token: 'one' } });
  const connection = bed.connection();
  await ask(connection);
  bed.directory.write('config', '{"half": ');
  await ask(connection);
  bed.writeKubeConfig({ user: { token: 'three' } });
  await ask(connection);
  expect(bed.server.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer one',
    'Bearer one',
    'Bearer three',
  ]);
});

test('input 59: impersonation and basic credentials travel as headers', async () => {
  const user = { username: 'jane', password: 'pw', as: 'joe', 'as-groups': ['a', 'b'] };
  await using bed = await ApiTestbed.start({ user });
  await ask(bed.connection());
  expect(bed.server.requests[0]?.headers).toMatchObject({
    authorization: `Basic ${base64('jane:pw')}`,
    'impersonate-user': 'joe',
    'impersonate-group': 'a, b',
    accept: 'application/json',
    'user-agent': 'sightline',
  });
});

/** An HTTP proxy that knows CONNECT, counts, and finds every name on this machine. */
async function startProxy() {
  let tunnels = 0;
  const proxy = createServer((client) => {
    client.once('data', (head) => {
      const [, port] = /^CONNECT [^:]+:(\d+)/.exec(head.toString()) ?? [];
      const upstream = connect(Number(port), '127.0.0.1', () => {
        tunnels += 1;
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels: () => tunnels,
    close: () => new Promise<void>((resolve) => proxy.close(() => resolve())),
  };
}

test('the proxy of the kubeconfig is used', async () => {
  const proxy = await startProxy();
  await using bed = await secured({ cluster: { ...trusting, 'proxy-url': proxy.url } });
  bed.defer(proxy.close);
  await ask(bed.connection());
  expect(proxy.tunnels()).toBe(1);
});

test('the proxy of the environment is used', async () => {
  const proxy = await startProxy();
  await using bed = await secured({ environment: { HTTPS_PROXY: proxy.url } });
  bed.defer(proxy.close);
  const server = bed.server.url.replace('127.0.0.1', 'api.example');
  bed.writeKubeConfig({ server, cluster: trusting });
  await ask(bed.connection());
  expect(proxy.tunnels()).toBe(1);
});
