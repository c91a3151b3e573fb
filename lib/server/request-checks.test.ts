import { describe, expect, test } from 'vitest';
import { hostName, pathOf, type RequestRules, refuse } from './request-checks.ts';

const LOCAL: RequestRules = { allowedHosts: [], anyAddress: false };
const SHARED: RequestRules = { allowedHosts: ['sightline.example'], anyAddress: true };

interface Asked {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hosts?: readonly string[];
}

function check({ method = 'GET', url = '/', headers = {}, hosts }: Asked, rules = LOCAL) {
  const all = { host: hosts?.[0] ?? 'localhost:3000', ...headers };
  const names = hosts ?? ['localhost:3000'];
  return refuse(
    { method, url, headers: all, rawHeaders: names.flatMap((host) => ['Host', host]) },
    rules,
  );
}
const status = (asked: Asked, rules = LOCAL) => check(asked, rules)?.status ?? 200;

describe('hosts', () => {
  test.each([
    ['localhost:3000', 200],
    ['localhost', 200],
    ['LOCALHOST:3000', 200],
    ['localhost.:3000', 200],
    ['127.0.0.1:8080', 200],
    ['[::1]:3000', 200],
    ['evil.example:3000', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1.nip.example', 421],
    ['10.0.0.5:3000', 421],
    ['127.1', 421],
    ['', 400],
    ['local host', 400],
    ['localhost:port', 400],
    ['user@localhost', 400],
  ])('%s on a laptop: %i', (host, expected) => {
    expect(status({ hosts: [host] })).toBe(expected);
  });

  test.each([
    ['sightline.example', 200],
    ['Sightline.Example:443', 200],
    ['10.0.0.5:3000', 200],
    ['[fd00::5]:3000', 200],
    ['evil.example', 421],
    ['10.0.0.5.evil.example', 421],
    ['1.2.3.4.5', 421],
  ])('%s on a server for others: %i', (host, expected) => {
    expect(status({ hosts: [host] }, SHARED)).toBe(expected);
  });

  test('exactly one', () => {
    expect(status({ hosts: [] })).toBe(400);
    expect(status({ hosts: ['localhost', 'evil.example'] })).toBe(400);
    expect(hostName('[::1]:80')).toBe('[::1]');
  });

  test('a long name is not repeated in the answer', () => {
    expect(check({ hosts: [`${'a'.repeat(3000)}.example`] })?.detail.length).toBeLessThan(200);
  });
});

describe('targets', () => {
  test.each([
    ['/', 200],
    ['/c/demo/ns/shop?open=true', 200],
    ['/_next/static/chunks/%5Broot%5D.js', 200],
    ['/c/demo/explain?from=a%2Fb', 200],
    ['http://169.254.169.254/', 400],
    ['*', 400],
    ['/api/ns/..%2f..%2fetc', 400],
    ['/api/%2e%2e/etc', 400],
    ['/api/../etc', 400],
    ['/api/..%5cetc', 400],
    ['/api/..\\etc', 400],
    ['//evil.example/', 400],
    ['/api//clusters', 400],
    ['/a%00b', 400],
    ['/a%0d%0ab', 400],
    ['/%zz', 400],
    ['/%ff', 400],
    [`/${'a'.repeat(5000)}`, 414],
  ])('%s: %i', (url, expected) => {
    expect(status({ url })).toBe(expected);
  });

  test('the query is no part of the path', () => {
    expect(pathOf('/a?b=/c')).toBe('/a');
  });
});

describe('doors of Next that stay shut', () => {
  test.each([
    [{ method: 'POST', headers: { 'next-action': 'aaa' } }, 404],
    [{ headers: { 'x-middleware-subrequest': 'middleware' } }, 404],
    [{ url: '/api/clusters', headers: { 'x-nextjs-data': '1' } }, 404],
    [{ url: '/_next/image?url=http://169.254.169.254/&w=64&q=75' }, 404],
    [{ url: '/_next/image' }, 404],
    [{ url: '/_next/data/x/index.json' }, 404],
    [{ headers: { upgrade: 'websocket', connection: 'upgrade' } }, 400],
  ])('%j: %i', (asked, expected) => {
    expect(status(asked)).toBe(expected);
  });
});

describe('methods', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s /: 405', (method) => {
    expect(check({ method })).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
  });
  test('uploads are posted', () => {
    expect(check({ url: '/api/uploads' })).toMatchObject({
      status: 405,
      headers: { Allow: 'POST' },
    });
  });
});

const upload = { 'content-type': 'application/yaml', 'content-length': '10' };

describe('where a request comes from', () => {
  test.each([
    [{}, 201],
    [{ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, 201],
    [{ origin: 'https://localhost:3000' }, 201],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://localhost:4000' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
  ])('an upload with %j: %i', (headers, expected) => {
    const asked = { method: 'POST', url: '/api/uploads', headers: { ...upload, ...headers } };
    expect(status(asked)).toBe(expected === 201 ? 200 : expected);
  });

  test.each([
    ['/api/clusters', {}, 200],
    ['/api/clusters', { 'sec-fetch-site': 'same-origin' }, 200],
    ['/api/clusters', { 'sec-fetch-site': 'none' }, 200],
    ['/api/clusters', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
    ['/api/clusters', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    ['/api/events', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
    ['/api/events', { origin: 'http://localhost:4000' }, 403],
    ['/c/demo', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
  ])('GET %s with %j: %i', (url, headers, expected) => {
    expect(status({ url, headers })).toBe(expected);
  });
});

describe('bodies', () => {
  test.each([
    [{}, 200],
    [{ 'content-type': 'application/yaml; charset=utf-8' }, 200],
    [{ 'content-type': 'APPLICATION/JSON' }, 200],
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'content-type': 'text/x-component' }, 415],
    [{ 'content-type': 'multipart/form-data' }, 415],
    [{ 'content-encoding': 'gzip' }, 415],
    [{ 'content-length': '1048576' }, 200],
    [{ 'content-length': '1048577' }, 413],
    [{ 'transfer-encoding': 'chunked' }, 411],
  ])('an upload with %j: %i', (headers, expected) => {
    const asked = { method: 'POST', url: '/api/uploads', headers: { ...upload, ...headers } };
    expect(status(asked)).toBe(expected);
  });

  test('a GET has none', () => {
    expect(status({ headers: { 'content-length': '5' } })).toBe(400);
    expect(status({ headers: { 'transfer-encoding': 'chunked' } })).toBe(400);
    expect(status({ headers: { 'content-length': '0' } })).toBe(200);
  });
});
