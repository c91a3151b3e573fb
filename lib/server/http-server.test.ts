import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from '#lib/testing/raw-request.ts';
import { parseGraphQuery } from '#lib/view/query-schema.ts';
import { readConfiguration } from './configuration.ts';
import { followedView } from './graph-delta-schema.ts';
import { type Running, startServer } from './serve.ts';

/** The edge in front of pages that only say what reached them; the demo cluster behind it is real. */

let running: Running;
const reached: IncomingMessage[] = [];

beforeAll(async () => {
  const environment = { LOG_LEVEL: 'silent', HOME: '/nonexistent' };
  running = await startServer(readConfiguration({ port: 0 }, environment), () => ({
    pages: async (request, response) => {
      reached.push(request);
      if (request.url === '/fails') throw new Error('a secret reason');
      response.end(`page ${request.method}`);
    },
    close: async () => {},
  }));
});
afterAll(() => running.stop());

const url = (path: string) => new URL(path, running.url);

describe('headers of every answer', () => {
  test.each([
    ['/', 200],
    ['/c/demo', 200],
    ['/api/health', 200],
    ['/api/events?x=1', 400],
    ['/_next/image', 404],
    ['/fails', 500],
  ])('%s', async (path, status) => {
    const response = await fetch(url(path));
    expect(response.status).toBe(status);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'cache-control': 'private, no-store',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    await response.text();
  });

  test('hashed files may be cached: Next says how long', async () => {
    const response = await fetch(url('/_next/static/chunks/a.js'));
    expect(response.headers.get('cache-control')).toBeNull();
  });

  test('pages get a nonce of their own each time, which Next reads from the request', async () => {
    const policies = await Promise.all(
      ['/', '/'].map(async (path) => {
        const response = await fetch(url(path), {
          headers: { 'content-security-policy': "script-src 'nonce-guessed'" },
        });
        return response.headers.get('content-security-policy') ?? '';
      }),
    );
    expect(policies[0]).toMatch(/script-src 'self' 'nonce-[\w+/]{22}==' 'strict-dynamic'/);
    expect(policies[0]).not.toBe(policies[1]);
    const seen = reached.slice(-2).map((request) => request.headers['content-security-policy']);
    expect(new Set(seen)).toEqual(new Set(policies));
  });
});

describe('refusals are problem documents, before any page is asked', () => {
  test.each([
    ['/', 421, 'GET / HTTP/1.1\r\nHost: evil.example\r\n'],
    ['a file of Next', 421, 'GET /_next/static/a.js HTTP/1.1\r\nHost: evil.example\r\n'],
    ['the API', 421, 'GET /api/clusters HTTP/1.1\r\nHost: evil.example:3000\r\n'],
    ['no Host', 400, 'GET / HTTP/1.1\r\n'],
    ['two Hosts', 400, 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n'],
    ['a proxy request', 400, 'GET http://169.254.169.254/ HTTP/1.1\r\nHost: localhost\r\n'],
    ['a dot segment', 400, 'GET /api/../x HTTP/1.1\r\nHost: localhost\r\n'],
    ['TRACE', 405, 'TRACE / HTTP/1.1\r\nHost: localhost\r\n'],
    ['an unknown method', 405, 'FOO / HTTP/1.1\r\nHost: localhost\r\n'],
    ['a Server Action', 404, 'POST / HTTP/1.1\r\nHost: localhost\r\nNext-Action: aaa\r\n'],
    [
      'two lengths',
      400,
      'POST /api/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n',
    ],
    [
      'a header over 16 kB',
      431,
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(17000)}\r\n`,
    ],
    [
      'a cookie of 64 kB',
      431,
      `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'a'.repeat(65536)}\r\n`,
    ],
    ['a control character', 400, 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n'],
    ['an encoding error', 400, 'GET /%zz HTTP/1.1\r\nHost: localhost\r\n'],
    ['a long URL', 414, `GET /${'a'.repeat(5000)} HTTP/1.1\r\nHost: localhost\r\n`],
  ])('%s: %i', async (_what, status, head) => {
    const before = reached.length;
    const answer = await rawRequest(running.port, `${head}Connection: close\r\n\r\n`);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('application/problem+json');
    expect(answer.text).toMatch(
      /content-security-policy: default-src 'none'|frame-ancestors 'none'/i,
    );
    const body = JSON.parse(answer.text.slice(answer.text.indexOf('\r\n\r\n')));
    expect(body).toMatchObject({ type: 'about:blank', status, code: expect.stringMatching(/^E_/) });
    expect(reached).toHaveLength(before);
  });

  test('CONNECT is answered and closed', async () => {
    const head = 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n';
    expect((await rawRequest(running.port, head)).status).toBe(405);
  });

  test('an upgrade reaches nobody', async () => {
    let calls = 0;
    const listener = createServer(() => {
      calls++;
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n';
    for (const target of ['/', `http://127.0.0.1:${port}/`]) {
      const head = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${upgrade}`;
      expect((await rawRequest(running.port, head)).status).toBe(400);
    }
    expect(calls).toBe(0);
    await new Promise((resolve) => listener.close(resolve));
  });

  test('a failure tells nothing of itself', async () => {
    const response = await fetch(url('/fails'));
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'E_INTERNAL' });
    expect(text).not.toContain('secret');
  });
});

test('headers that drip in are cut off within ten seconds', { timeout: 15_000 }, async () => {
  const answer = await rawRequest(running.port, 'GET / HTTP/1.1\r\nHost: local');
  expect(answer.status).toBe(408);
  expect(answer.milliseconds).toBeLessThan(10_000);
});

describe('health', () => {
  test('is there with GET and HEAD', async () => {
    expect(await (await fetch(url('/api/health'))).json()).toEqual({ status: 'ok' });
    const head = await fetch(url('/api/ready'), { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('is not ready once the server stops, on connections that are still open', async () => {
    const environment = { LOG_LEVEL: 'silent', HOME: '/nonexistent' };
    const finish = Promise.withResolvers<void>();
    const stopping = Promise.withResolvers<string>();
    const other = await startServer(readConfiguration({ port: 0 }, environment), () => ({
      pages: async (_request, response) => {
        await finish.promise;
        response.end('at last');
      },
      close: async () => {},
    }));
    const request = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const answers = rawRequest(other.port, request, stopping.promise);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = other.stop();
    stopping.resolve('GET /api/ready HTTP/1.1\r\nHost: localhost\r\n\r\n');
    setTimeout(finish.resolve, 100);
    const { text } = await answers;
    expect(text).toContain('at last');
    expect(text).toContain('HTTP/1.1 503');
    await stopped;
  });
});

describe('a stream that follows a view', () => {
  test('says which it is, and an address that is none is refused', async () => {
    const { application } = running;
    while (application.cluster('demo').revision === 0) await pass(10);
    const aborter = new AbortController();
    const { signal } = aborter;
    const response = await fetch(url('/api/events?cluster=demo&view=demo/graph'), { signal });
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes).toString();
      if (text.includes('event: view')) break;
    }
    aborter.abort();
    const query = parseGraphQuery(new URLSearchParams());
    const answer = await application.ask('demo', { view: 'graph', query });
    const { data } = /event: view\ndata: (?<data>.*)\n\n/.exec(text)?.groups ?? {};
    const view = followedView.parse(JSON.parse(data ?? ''));
    expect(view).toEqual({ followed: true, tag: 'tag' in answer ? answer.tag : '' });
    expect((await fetch(url('/api/events?view=demo'))).status).toBe(400);
    expect((await fetch(url('/api/events?view=nope/graph'))).status).toBe(404);
  });
});
