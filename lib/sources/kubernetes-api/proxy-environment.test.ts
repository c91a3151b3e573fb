import { expect, test } from 'vitest';
import { proxyFromEnvironment } from './proxy-environment.ts';

const HTTPS_PROXY = 'http://proxy.example:3128';

test.each([
  ['https://api.example:6443', { HTTPS_PROXY }, HTTPS_PROXY],
  ['https://api.example', { https_proxy: 'proxy.example:3128' }, 'http://proxy.example:3128'],
  ['https://api.example', { HTTP_PROXY: HTTPS_PROXY }, null],
  ['http://api.example', { HTTP_PROXY: HTTPS_PROXY }, HTTPS_PROXY],
  ['https://api.example', {}, null],
  ['https://127.0.0.1:6443', { HTTPS_PROXY }, null],
  ['https://[::1]:6443', { HTTPS_PROXY }, null],
  ['https://localhost:6443', { HTTPS_PROXY }, null],
])('%s with %j goes through %s', (server, environment, proxy) => {
  expect(proxyFromEnvironment(server, environment)).toBe(proxy);
});

test.each([
  ['*', 'https://api.example', true],
  ['example', 'https://api.example', true],
  ['.example', 'https://api.example', true],
  ['*.example', 'https://api.example', true],
  ['api.example', 'https://api.example', true],
  ['API.Example', 'https://api.example', true],
  ['.api.example', 'https://api.example', false],
  ['pi.example', 'https://api.example', false],
  ['other, example', 'https://api.example', true],
  ['api.example:6443', 'https://api.example:6443', true],
  ['api.example:443', 'https://api.example', true],
  ['api.example:443', 'https://api.example:6443', false],
  ['10.96.0.1', 'https://10.96.0.1', true],
  ['10.96.0.1:6443', 'https://10.96.0.1:6443', true],
  ['10.0.0.0/8', 'https://10.96.0.1', true],
  ['10.0.0.0/8', 'https://11.96.0.1', false],
  ['10.0.0.0/8', 'https://api.example', false],
  ['10.0.0.0/99', 'https://10.96.0.1', false],
  ['fd00::/8', 'https://[fd00::1]:6443', true],
  ['fd00::1', 'https://[fd00::1]:6443', true],
  ['', 'https://api.example', false],
])('NO_PROXY=%s for %s: %s', (NO_PROXY, server, direct) => {
  const proxy = proxyFromEnvironment(server, { HTTPS_PROXY, NO_PROXY });
  expect(proxy === null).toBe(direct);
});
