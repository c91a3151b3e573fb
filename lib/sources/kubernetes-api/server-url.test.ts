import { expect, test } from 'vitest';
import { proxyUrl, serverUrl } from './server-url.ts';

test.each([
  ['https://10.0.0.1:6443', 'https://10.0.0.1:6443'],
  ['https://api.example/', 'https://api.example'],
  ['https://rancher.example/k8s/clusters/c-1/', 'https://rancher.example/k8s/clusters/c-1'],
  ['https://[::1]:6443', 'https://[::1]:6443'],
])('%s is a server', (value, url) => {
  expect(serverUrl(value, { allowHttp: false })).toEqual({ url });
});

test.each([
  ['not a url', 'not a URL'],
  ['file:///etc/passwd', 'must be an https URL, not file:'],
  ['http://127.0.0.1:8001', 'credentials would travel in the open'],
  ['https://user:secret@api.example', 'user name or password'],
  ['https://169.254.169.254', 'link-local'],
  ['https://2852039166', 'link-local'],
  ['https://[::ffff:169.254.169.254]', 'link-local'],
  ['https://[fe80::1]', 'link-local'],
  ['https://[fd00:ec2::254]', 'link-local'],
  ['https://api.example/?a=b', 'query'],
])('A16 %s is refused', (value, problem) => {
  const answer = serverUrl(value, { allowHttp: false });
  expect(answer).toEqual({ problem: expect.stringContaining(problem) });
  expect(JSON.stringify(answer)).not.toContain('secret');
});

test('http is a choice', () => {
  expect(serverUrl('http://127.0.0.1:8001', { allowHttp: true })).toEqual({
    url: 'http://127.0.0.1:8001',
  });
});

test.each([
  ['http://proxy:3128', true],
  ['https://user:pw@proxy:3128', true],
  ['socks5://proxy:1080', true],
  ['ftp://proxy', false],
  ['proxy:3128', false],
])('proxy-url %s: %s', (value, known) => {
  expect(proxyUrl(value) !== null).toBe(known);
});
